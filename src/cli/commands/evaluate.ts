/** @file `tsumugi evaluate`: runs a benchmark, tracking and scoring. */
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import type { VoidHandling } from "../../evaluation/davis.ts";
import { copyFirstMask, type DavisBenchmark, evaluateDavis, type MaskMethod } from "../../evaluation/davisBenchmark.ts";
import { readSplit } from "../../evaluation/davisSplit.ts";
import { davisTable } from "../../evaluation/davisTable.ts";
import { terminalLogger } from "../terminal.ts";
import { voidOption } from "./score.ts";

interface DavisOptions {
  readonly data: string;
  readonly split: string;
  readonly out: string;
  readonly baseline?: "copy-first";
  readonly res: string;
  readonly annotations: string;
  readonly void: VoidHandling;
  readonly json?: string;
}

/** `tsumugi evaluate BENCHMARK`. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("run a benchmark: track its sequences and score them")
    .addCommand(davisCommand());
}

const EXAMPLES = `
ROOT is laid out as DAVIS: JPEGImages/480p/SEQUENCE/00000.jpg and Annotations/480p/SEQUENCE/00000.png. The first mask
of each sequence is given to the tracker; the masks of DIR/SEQUENCE are scored without the first and the last frame.
Beside them lie SEQUENCE.png, a strip of frames with their masks, and SEQUENCE.svg, J and F over the frames.
Interrupted, the same command goes on: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/floor --baseline copy-first
`;

function davisCommand(): Command {
  return new Command("davis")
    .description("J and F of the DAVIS benchmark, 2016 or 2017, from the first frame's masks")
    .requiredOption("--data <root>", "the data set")
    .requiredOption("--split <file>", "the sequences, a name a line")
    .requiredOption("--out <dir>", "gets DIR/SEQUENCE/00000.png and so on")
    .addOption(
      new Option(
        "--baseline <name>",
        "instead of tracking: copy-first repeats the first mask, an honest floor",
      ).choices(["copy-first"]),
    )
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .addOption(voidOption())
    .option("--json <file>", "write all values, of every scored frame too")
    .addHelpText("after", EXAMPLES)
    .action(evaluateDavisBenchmark);
}

async function evaluateDavisBenchmark(options: DavisOptions): Promise<void> {
  const { data, out, split, json, void: voidHandling } = options;
  const benchmark: DavisBenchmark = {
    root: data,
    sequences: await readSplit(split),
    resolution: options.res,
    annotations: options.annotations,
  };
  const { method, identity } = chosenMethod(options);
  const masks = { ...identity, data: resolve(data), resolution: options.res, annotations: options.annotations };
  const { score, frames, seconds, kept } = await evaluateDavis(benchmark, method, {
    out,
    identity: masks,
    settings: { ...masks, split: resolve(split), void: voidHandling },
    voidHandling,
    logger: terminalLogger(),
  });
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  process.stdout.write(`${davisTable(score)}\n${speedLine(frames, seconds, kept.length)}\n`);
}

function speedLine(frames: number, seconds: number, kept: number): string {
  const speed =
    frames === 0 ? "nothing was left to track" : `${frames} frames, ${(frames / seconds).toFixed(2)} frames/s`;
  return kept === 0 ? speed : `${speed}; masks of ${kept} ${kept === 1 ? "sequence" : "sequences"} kept from before`;
}

function chosenMethod({ baseline }: DavisOptions): { method: MaskMethod; identity: Readonly<Record<string, unknown>> } {
  if (baseline === "copy-first") return { method: copyFirstMask, identity: { method: baseline } };
  throw new UserError("evaluate/method", { what: "nothing to evaluate", expected: "--baseline copy-first" });
}
