/** @file `tsumugi evaluate camvid`: semantic labels of a street. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { CAMVID_CLASSES, evaluateCamVid } from "../../../evaluation/benchmarks/camVid.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { iouTable } from "../../../evaluation/benchmarks/pointTables.ts";
import { type EncoderFlags, encoderOptions, machineOptions } from "../../encoderChoice.ts";
import { openMaskMethod } from "../../maskMethod.ts";
import { untilInterrupted } from "../../options.ts";
import { type ModeFlags, maskOptions, type ProtocolFlags, protocolOptions } from "../../protocolOptions.ts";
import { print, speedLine, terminalLogger } from "../../terminal.ts";

interface CamVidFlags extends ProtocolFlags, ModeFlags, EncoderFlags {
  readonly data: string;
  readonly split?: string;
  readonly out: string;
  readonly json?: string;
}

const EXAMPLES = `
ROOT holds segmentation/CamVid, laid out as DAVIS (360p, labels 1 to 11, 255 = void). The labels of the first frame are given;
mean IoU over the classes and all pixels of the other frames, as VIP is scored (tsumugi score miou --help).

Examples:
  $ tsumugi evaluate camvid --data DATA --out results/camvid
  $ tsumugi evaluate camvid --data DATA --out results/floor --baseline copy-first
`;

/** The command. */
export function camVidCommand(): Command {
  const command = new Command("camvid")
    .description("mean IoU of semantic labels of CamVid, from those of the first frame")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "gets DIR/SEQUENCE/00000.png and so on")
    .option("--split <file>", "the sequences, a name a line (default: ImageSets/360p/dev.txt of the data)");
  return machineOptions(maskOptions(protocolOptions(encoderOptions(command))))
    .option("--json <file>", "write all values")
    .addHelpText("after", EXAMPLES)
    .action((flags: CamVidFlags) => untilInterrupted((signal) => evaluate(flags, signal)));
}

async function evaluate(flags: CamVidFlags, signal: AbortSignal): Promise<void> {
  const root = join(flags.data, "segmentation/CamVid");
  const { out, json, split = join(root, "ImageSets/360p/dev.txt") } = flags;
  const sequences = await readSplit(split);
  await using chosen = await openMaskMethod(flags);
  const identity = { ...chosen.identity, data: resolve(root) };
  const options = { root, sequences, out, identity, logger: terminalLogger(), signal };
  const { score, frames, seconds, kept } = await evaluateCamVid(chosen.method, options);
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  print(`${iouTable(score, CAMVID_CLASSES)}\n${speedLine(frames, seconds, kept)}`);
}
