/** @file `tsumugi evaluate confidence`: does the tracker know when it is wrong? */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeChart } from "../../../charts/lineChart.ts";
import { writeFileAtomic } from "../../../core/files.ts";
import { observeBenchmark } from "../../../evaluation/confidence/confidenceBenchmark.ts";
import {
  confidenceChart,
  confidenceScore,
  confidenceTable,
  reliabilityTable,
} from "../../../evaluation/confidence/confidenceReport.ts";
import { observeJoints } from "../../../evaluation/confidence/jointObservations.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { annotatedSequences } from "../../../evaluation/benchmarks/pointBenchmark.ts";
import { reliability } from "../../../metrics/reliability.ts";
import { type EncoderFlags, encoderOptions, machineOptions, openChosenEncoder } from "../../encoderChoice.ts";
import { pointConfidence } from "../../../tracking/confidence/pointCalibration.ts";
import { untilInterrupted } from "../../options.ts";
import { followerOf, type PointMethodFlags, pointMethodOption } from "../../pointMethod.ts";
import {
  type ModeFlags,
  modeOf,
  modeOption,
  type ProtocolFlags,
  protocolOf,
  protocolOptions,
} from "../../protocolOptions.ts";
import { print, terminalLogger } from "../../terminal.ts";

interface ConfidenceFlags extends ProtocolFlags, ModeFlags, EncoderFlags, PointMethodFlags {
  readonly data: string;
  readonly out: string;
  readonly points: boolean;
  readonly split?: string;
}

/** Sets of masks in DAVIS's layout, under ROOT/segmentation. */
const SETS = [
  { name: "DAVIS", resolution: "480p" },
  { name: "CDnet", resolution: "240p" },
] as const;

const EXAMPLES = `
ROOT holds segmentation/DAVIS and segmentation/CDnet. Their dev sequences (ImageSets/RESOLUTION/dev.txt) are tracked from the first mask; in every frame
the confidence of each object is compared with whether its mask's IoU is 0.5 or more. DIR gets reliability.svg|png and .json, and the observations
of each sequence, which the same command uses again.
With --points: the joints of keypoints/JHMDB instead, as in tsumugi evaluate jhmdb; a joint is right within 0.2 of the box (PCK@0.2).

Examples:
  $ tsumugi evaluate confidence --data DATA --out results/confidence --short-side 240 --mode fast
  $ tsumugi evaluate confidence --data DATA --out results/always --short-side 240 --mode fast --visibility always
  $ tsumugi evaluate confidence --points --data DATA --split third.txt --out results/points
`;

/** The command. */
export function confidenceCommand(): Command {
  const command = new Command("confidence")
    .description("how well the confidence of masks tells the wrong ones, on DAVIS and CDnet")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "gets the curve, the numbers and the observations")
    .option("--points", "the joints of JHMDB instead of masks", false)
    .option("--split <file>", "with --points: only these sequences, a name a line");
  return machineOptions(protocolOptions(pointMethodOption(encoderOptions(command))).addOption(modeOption()))
    .addHelpText("after", EXAMPLES)
    .action((flags: ConfidenceFlags) =>
      untilInterrupted((signal) => (flags.points ? evaluatePoints(flags, signal) : evaluateMasks(flags, signal))),
    );
}

/** Joints are right within so many boxes of PCK. */
const RIGHT = 0.2;
/** The published size of the encoder's input for JHMDB. */
const INPUT = { width: 320, height: 320 };

async function evaluatePoints(flags: ConfidenceFlags, signal: AbortSignal): Promise<void> {
  const { data, out, split } = flags;
  const annotations = join(data, "keypoints/JHMDB");
  const sequences = split === undefined ? await annotatedSequences(annotations) : await readSplit(split);
  const { encoder, identity } = await openChosenEncoder(flags);
  await using _ = encoder;
  const { follower, identity: how } = followerOf(flags);
  const inputSize = flags.shortSide ?? INPUT;
  const observations = await observeJoints(
    { annotations, frames: join(data, "segmentation/JHMDB/JPEGImages/240p"), sequences },
    { encoder, inputSize, follower },
    {
      out: join(out, "JHMDB"),
      identity: { ...identity, ...how, inputSize, data: resolve(data) },
      logger: terminalLogger(),
      signal,
    },
  );
  const judged = observations.map(({ signals, distance }) => ({
    confidence: pointConfidence(signals),
    right: distance <= RIGHT,
  }));
  const score = reliability(judged);
  await writeChart(join(out, "reliability"), confidenceChart({ JHMDB: score }, "share within 0.2 of the box"));
  await writeFileAtomic(join(out, "reliability.json"), `${JSON.stringify(score, undefined, 1)}\n`);
  print(reliabilityTable({ JHMDB: score }));
  print(`curve: ${join(out, "reliability.svg")}`);
}

async function evaluateMasks(flags: ConfidenceFlags, signal: AbortSignal): Promise<void> {
  const { data, out, threads } = flags;
  const { encoder, identity } = await openChosenEncoder(flags);
  await using _ = encoder;
  const setup = {
    encoder,
    protocol: protocolOf(flags),
    mode: modeOf(flags),
    ...(threads !== undefined && { threads }),
  };
  const scores: Record<string, ReturnType<typeof confidenceScore>> = {};
  const all = [];
  for (const { name, resolution } of SETS) {
    const root = join(data, "segmentation", name);
    const sequences = await readSplit(join(root, "ImageSets", resolution, "dev.txt"));
    const made = { ...identity, protocol: setup.protocol, mode: setup.mode, data: resolve(root), resolution };
    const options = { out: join(out, name), identity: made, logger: terminalLogger(), signal };
    const observations = await observeBenchmark({ root, sequences, resolution }, setup, options);
    scores[name] = confidenceScore(observations);
    all.push(...observations);
  }
  scores["both"] = confidenceScore(all);
  await writeChart(join(out, "reliability"), confidenceChart(scores));
  await writeFileAtomic(join(out, "reliability.json"), `${JSON.stringify(scores, undefined, 1)}\n`);
  print(confidenceTable(scores));
  print(`curve: ${join(out, "reliability.svg")}`);
}
