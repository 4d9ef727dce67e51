/** @file `tsumugi evaluate badja`: joints of animals. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { badjaScores } from "../../../evaluation/benchmarks/badja.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { runPointBenchmark } from "../../../evaluation/benchmarks/pointBenchmark.ts";
import { badjaTable } from "../../../evaluation/benchmarks/pointTables.ts";
import { type EncoderFlags, encoderOptions, machineOptions } from "../../encoderChoice.ts";
import { untilInterrupted } from "../../options.ts";
import { openPointMethod, type PointMethodFlags, pointMethodOption } from "../../pointMethod.ts";
import { type ModeFlags, modeOption, type ProtocolFlags, protocolOptions } from "../../protocolOptions.ts";
import { print, speedLine, terminalLogger } from "../../terminal.ts";

interface BadjaFlags extends ProtocolFlags, ModeFlags, EncoderFlags, PointMethodFlags {
  readonly data: string;
  readonly split?: string;
  readonly out: string;
  readonly json?: string;
}

/** Shorter side of the encoder's input, the published 320 x 512 within a few pixels. */
const INPUT = 320;

const EXAMPLES = `
ROOT holds keypoints/BADJA/SEQUENCE.json and, as the frames are those of DAVIS, segmentation/DAVIS/JPEGImages/480p/SEQUENCE and
segmentation/DAVIS/Annotations/480p/SEQUENCE. Each joint is given where it is first annotated and scored in the annotated frames
after that: PCK is the share of visible joints within 0.2 x the square root of the animal's area, the rest is as in TAP-Vid.
Frames are resized to 320 rows for the encoder; --short-side changes that.

Examples:
  $ tsumugi evaluate badja --data DATA --out results/badja
  $ tsumugi evaluate badja --data DATA --out results/direct --method direct --json scores.json
`;

/** The command. */
export function badjaCommand(): Command {
  const command = new Command("badja")
    .description("joints of animals on DAVIS clips: PCK and the scores of TAP-Vid")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "gets the tracks")
    .option("--split <file>", "only these sequences, a name a line (default: all that have joints)");
  return machineOptions(protocolOptions(pointMethodOption(encoderOptions(command))).addOption(modeOption()))
    .option("--json <file>", "write all values")
    .addHelpText("after", EXAMPLES)
    .action((flags: BadjaFlags) => untilInterrupted((signal) => evaluate(flags, signal)));
}

async function evaluate(flags: BadjaFlags, signal: AbortSignal): Promise<void> {
  const { data, out, split, json } = flags;
  const davis = join(data, "segmentation/DAVIS");
  const sequences = split === undefined ? {} : { sequences: await readSplit(split) };
  await using chosen = await openPointMethod(flags, INPUT);
  const result = await runPointBenchmark(
    {
      annotations: join(data, "keypoints/BADJA"),
      frames: join(davis, "JPEGImages/480p"),
      given: "appearance",
      ...sequences,
    },
    chosen.method,
    { out, identity: { ...chosen.identity, data: resolve(data) }, logger: terminalLogger(), signal },
  );
  const scores = await badjaScores(result.sequences, join(davis, "Annotations/480p"));
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(scores, undefined, 1)}\n`);
  print(`${badjaTable(scores)}\n${speedLine(result.frames, result.seconds, result.kept.length)}`);
}
