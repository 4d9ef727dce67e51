/** @file `tsumugi evaluate davis`: tracks and scores DAVIS 2016 or 2017. */
import { resolve } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import type { VoidHandling } from "../../../metrics/davis.ts";
import { evaluateDavis } from "../../../evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { davisTable } from "../../../evaluation/benchmarks/davisTable.ts";
import { type EncoderFlags, encoderOptions, machineOptions } from "../../encoderChoice.ts";
import { openMaskMethod } from "../../maskMethod.ts";
import { untilInterrupted, voidOption } from "../../options.ts";
import { type ModeFlags, maskOptions, type ProtocolFlags, protocolOptions } from "../../protocolOptions.ts";
import { print, speedLine, terminalLogger } from "../../terminal.ts";

/** What is evaluated, from where, and where it goes. */
export interface DavisFlags extends ProtocolFlags, ModeFlags, EncoderFlags {
  readonly data: string;
  readonly split: string;
  readonly out: string;
  readonly res: string;
  readonly annotations: string;
  readonly void: VoidHandling;
  readonly json?: string;
}

const EXAMPLES = `
ROOT is laid out as DAVIS: JPEGImages/480p/SEQUENCE/00000.jpg and Annotations/480p/SEQUENCE/00000.png. The first mask
of each sequence is given to the tracker; the masks of DIR/SEQUENCE are scored without the first and the last frame.
Beside them lie SEQUENCE.png, a strip of frames with their masks, and SEQUENCE.svg, J and F over the frames.
Interrupted, the same command goes on: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/crw --protocol crw
  $ tsumugi evaluate davis --data DAVIS --split val.txt --weights run/weights.safetensors --out results/mine --json mine.json
  $ tsumugi evaluate davis --data DAVIS --split val.txt --out results/floor --baseline copy-first
`;

/** The command. */
export function davisCommand(): Command {
  const command = new Command("davis")
    .description("J and F of the DAVIS benchmark, 2016 or 2017, from the first frame's masks")
    .requiredOption("--data <root>", "the data set")
    .requiredOption("--split <file>", "the sequences, a name a line")
    .requiredOption("--out <dir>", "gets DIR/SEQUENCE/00000.png and so on");
  return machineOptions(maskOptions(protocolOptions(encoderOptions(command))))
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .addOption(voidOption())
    .option("--json <file>", "write all values, of every scored frame too")
    .addHelpText("after", EXAMPLES)
    .action((flags: DavisFlags) => untilInterrupted((signal) => evaluateMasks(flags, signal)));
}

/** Tracks and scores masks by J and F, and prints the table. */
export async function evaluateMasks(flags: DavisFlags, signal: AbortSignal): Promise<void> {
  const { data, out, split, res: resolution, annotations, json, void: voidHandling } = flags;
  const sequences = await readSplit(split);
  await using chosen = await openMaskMethod(flags);
  const masks = { ...chosen.identity, data: resolve(data), resolution, annotations };
  const { score, frames, seconds, kept } = await evaluateDavis(
    { root: data, sequences, resolution, annotations },
    chosen.method,
    {
      out,
      identity: masks,
      settings: { ...masks, ...chosen.notes, split: resolve(split), void: voidHandling },
      voidHandling,
      logger: terminalLogger(),
      signal,
    },
  );
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  print(`${davisTable(score)}\n${speedLine(frames, seconds, kept.length)}`);
}
