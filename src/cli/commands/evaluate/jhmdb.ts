/** @file `tsumugi evaluate jhmdb`: joints of people. */
import { resolve } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { JHMDB_INPUT, jhmdbBenchmark, jhmdbScores } from "../../../evaluation/benchmarks/jhmdb.ts";
import { type PointBenchmarkResult, runPointBenchmark } from "../../../evaluation/benchmarks/pointBenchmark.ts";
import { jointTable, pckTable } from "../../../evaluation/benchmarks/pointTables.ts";
import { type EncoderFlags, encoderOptions, machineOptions } from "../../encoderChoice.ts";
import { untilInterrupted } from "../../options.ts";
import { openPointMethod, type PointMethodFlags, pointMethodOption } from "../../pointMethod.ts";
import { type ModeFlags, modeOption, type ProtocolFlags, protocolOptions } from "../../protocolOptions.ts";
import { print, speedLine, terminalLogger } from "../../terminal.ts";

interface JhmdbFlags extends ProtocolFlags, ModeFlags, EncoderFlags, PointMethodFlags {
  readonly data: string;
  readonly split?: string;
  readonly out: string;
  readonly json?: string;
}

const EXAMPLES = `
ROOT holds keypoints/JHMDB/SEQUENCE.json (15 joints a frame) and segmentation/JHMDB/JPEGImages/240p/SEQUENCE/00000.jpg. The joints of
the first frame are given; all other frames are scored (tsumugi score pck --help has the rule). Frames are squashed to 320 x 320
for the encoder, as published; --short-side keeps their proportions instead.
DIR gets SEQUENCE.csv and SEQUENCE.png, a strip of frames with the joints.

Examples:
  $ tsumugi evaluate jhmdb --data DATA --out results/jhmdb
  $ tsumugi evaluate jhmdb --data DATA --out results/direct --method direct --json scores.json
  $ tsumugi evaluate jhmdb --data DATA --out results/floor --baseline copy-first
`;

/** The command. */
export function jhmdbCommand(): Command {
  const command = new Command("jhmdb")
    .description("PCK of the 15 joints of JHMDB, from those of the first frame")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "gets the tracks")
    .option("--split <file>", "only these sequences, a name a line (default: all that have joints)");
  return machineOptions(protocolOptions(pointMethodOption(encoderOptions(command))).addOption(modeOption()))
    .option("--json <file>", "write all values, of every joint too")
    .addHelpText("after", EXAMPLES)
    .action((flags: JhmdbFlags) => untilInterrupted((signal) => evaluate(flags, signal)));
}

async function evaluate(flags: JhmdbFlags, signal: AbortSignal): Promise<void> {
  const { data, out, split, json } = flags;
  const benchmark = jhmdbBenchmark(data, split === undefined ? undefined : await readSplit(split));
  await using chosen = await openPointMethod(flags, JHMDB_INPUT);
  const result: PointBenchmarkResult = await runPointBenchmark(benchmark, chosen.method, {
    out,
    identity: { ...chosen.identity, data: resolve(data) },
    logger: terminalLogger(),
    signal,
  });
  const scores = jhmdbScores(result.sequences);
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(scores, undefined, 1)}\n`);
  print(pckTable(scores));
  print(
    jointTable(
      scores.all,
      result.sequences[0].annotation.objects.map(({ name }) => name),
    ),
  );
  print(speedLine(result.frames, result.seconds, result.kept.length));
}
