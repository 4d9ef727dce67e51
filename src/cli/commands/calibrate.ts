/** @file `tsumugi calibrate`: fits the confidence of masks and points to footage without labels. */
import { join } from "node:path";
import { Command } from "commander";
import { writeChart } from "../../charts/lineChart.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { calibrateObjects } from "../../evaluation/confidence/calibrateObjects.ts";
import { calibratePoints, judgedPoints } from "../../evaluation/confidence/calibratePoints.ts";
import {
  confidenceChart,
  confidenceScore,
  confidenceTable,
  reliabilityTable,
} from "../../evaluation/confidence/confidenceReport.ts";
import { observeObjects, type ObjectObservation } from "../../evaluation/confidence/objectObservations.ts";
import { observePoints, type PointObservation } from "../../evaluation/confidence/pointObservations.ts";
import { pastedClips } from "../../evaluation/confidence/pastedClips.ts";
import { reliability } from "../../metrics/reliability.ts";
import { frameList } from "../../video/frameList.ts";
import { type EncoderFlags, encoderOptions, machineOptions, openChosenEncoder } from "../encoderChoice.ts";
import { untilInterrupted, wholeNumber } from "../options.ts";
import {
  type ModeFlags,
  modeOf,
  modeOption,
  type ProtocolFlags,
  protocolOf,
  protocolOptions,
} from "../protocolOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

interface CalibrateFlags extends ProtocolFlags, ModeFlags, EncoderFlags {
  readonly out: string;
  readonly clips: number;
  readonly frames: number;
}

const EXAMPLES = `
Patches cut out of some of the footage are laid over the rest: they move, turn, grow, change their outline, pass behind one another and leave the picture,
so where they are is known exactly. They are tracked, and how often masks and points were right is fitted to what can be seen while tracking.
DIR gets calibration.json, the observations and the curve of the present coefficients. The package's own coefficients (src/tracking/confidence) were made by this command.

Examples:
  $ tsumugi calibrate footage/ --out calibration --visibility always --mode fast
`;

/** The command. */
export function calibrateCommand(): Command {
  const command = new Command("calibrate")
    .description("Fits how sure the tracker says it is to how often it is right, without labels.")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .requiredOption("--out <dir>", "gets calibration.json")
    .option("--clips <n>", "clips to make", wholeNumber(1, 1000), 40)
    .option("--frames <n>", "frames of each", wholeNumber(10, 1000), 30);
  return machineOptions(protocolOptions(encoderOptions(command)).addOption(modeOption()))
    .addHelpText("after", EXAMPLES)
    .action((footage: string[], flags: CalibrateFlags) => untilInterrupted((signal) => run(footage, flags, signal)));
}

/** The size of the made clips' shorter side, pixels. */
const SHORT_SIDE = 240;

/** Points are followed in every so many clips: each has many, and they take longer. */
const POINTS_EVERY = 3;

async function run(footage: readonly string[], flags: CalibrateFlags, signal: AbortSignal): Promise<void> {
  const { out, clips: count, frames, threads } = flags;
  const logger = terminalLogger();
  const { encoder } = await openChosenEncoder(flags);
  await using _ = encoder;
  const protocol = protocolOf(flags);
  const setup = { encoder, protocol, mode: modeOf(flags), ...(threads !== undefined && { threads }) };
  const objects: ObjectObservation[] = [];
  const points: PointObservation[] = [];
  let made = 0;
  for await (const clip of pastedClips({ footage, count, frames, shortSide: SHORT_SIDE, logger })) {
    const name = `clip ${++made} of ${count}`;
    const source = frameList(
      clip.map(({ frame }) => frame),
      name,
    );
    const truthOf = async (frame: number) => clip[frame].labels;
    objects.push(...(await observeObjects(setup, { name, source, first: clip[0].labels, truthOf }, signal)));
    if (made % POINTS_EVERY === 1) points.push(...(await observePoints(setup, clip, signal)));
    logger.progress(`${name}: ${objects.length} masks and ${points.length} points observed`);
  }
  const calibration = { objects: calibrateObjects(objects), points: calibratePoints(points) };
  await writeFileAtomic(join(out, "calibration.json"), `${JSON.stringify(calibration, undefined, 1)}\n`);
  await writeFileAtomic(join(out, "observations.json"), `${JSON.stringify({ objects, points })}\n`);
  const score = confidenceScore(objects);
  await writeChart(join(out, "reliability"), confidenceChart({ "made clips": score }));
  print("with the present coefficients:");
  print(confidenceTable({ masks: score }));
  print(reliabilityTable({ points: reliability(judgedPoints(points)) }));
  print(`coefficients: ${join(out, "calibration.json")}`);
}
