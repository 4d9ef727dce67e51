/** @file The task `calibrate`: fits the confidence of masks and points to footage without labels. */
import { counted } from "../core/counted.ts";
import { join } from "node:path";
import { z } from "zod";
import { writeChart } from "../charts/lineChart.ts";
import { writeFileAtomic } from "../core/files.ts";
import { calibrateObjects } from "../evaluation/confidence/calibrateObjects.ts";
import { calibratePoints, judgedPoints } from "../evaluation/confidence/calibratePoints.ts";
import { confidenceChart, type ConfidenceScore, confidenceScore } from "../evaluation/confidence/confidenceReport.ts";
import { observeObjects, type ObjectObservation } from "../evaluation/confidence/objectObservations.ts";
import { followedThings } from "../evaluation/confidence/followedThings.ts";
import { readFootage } from "../evaluation/confidence/footage.ts";
import { madeClips } from "../evaluation/confidence/madeClips.ts";
import { observePoints, type PointObservation } from "../evaluation/confidence/pointObservations.ts";
import { observeReturns, type ReturnObservation } from "../evaluation/confidence/returnObservations.ts";
import { type Reliability, reliability } from "../metrics/reliability.ts";
import { frameList } from "../video/frameList.ts";
import { encoderKeys, openChosenEncoder } from "./settings/encoder.ts";
import { modeKey, modeOf, protocolKeys, protocolOf } from "./settings/protocol.ts";
import { defineTask, type RunContext, taskObject } from "./task.ts";

const calibrateSchema = taskObject("calibrate", {
  footage: z.array(z.string()).min(1, "no footage").describe("Videos, image folders, or folders of both."),
  out: z.string().describe("Folder for calibration.json, the observations and the curve."),
  clips: z
    .int()
    .min(1)
    .max(1000)
    .default(40)
    .describe(
      "Clips to make of each kind: with moving patches, and with a thing that is out of sight for a while; and clips of the footage in which things are followed.",
    ),
  frames: z.int().min(10).max(1000).default(30).describe("Frames of each clip."),
  ...encoderKeys,
  ...protocolKeys,
  mode: modeKey,
});

type CalibrateSettings = z.output<typeof calibrateSchema>;

/** How well the present coefficients do on the made clips, and the file of the new ones. */
export interface CalibrationOutcome {
  readonly masks: ConfidenceScore;
  readonly points: Reliability;
  readonly path: string;
}

/** The size of the made clips' shorter side, pixels. */
const SHORT_SIDE = 240;

/** Points are followed in every so many clips: each has many, and they take longer. */
const POINTS_EVERY = 3;

/** Fits confidence to how often masks and points are right. */
export const calibrateTask = defineTask(
  "calibrate",
  calibrateSchema,
  async (task, context): Promise<CalibrationOutcome> => {
    const { out } = task;
    const { objects, returns, points } = await observe(task, context);
    const path = join(out, "calibration.json");
    const calibration = { objects: calibrateObjects(objects, returns), points: calibratePoints(points) };
    await writeFileAtomic(path, `${JSON.stringify(calibration, undefined, 1)}\n`);
    await writeFileAtomic(join(out, "observations.json"), `${JSON.stringify({ objects, returns, points })}\n`);
    const masks = confidenceScore(objects);
    await writeChart(join(out, "reliability"), confidenceChart({ "made clips": masks }));
    return { masks, points: reliability(judgedPoints(points)), path };
  },
);

interface Observations {
  readonly objects: readonly ObjectObservation[];
  readonly returns: readonly ReturnObservation[];
  readonly points: readonly PointObservation[];
}

/** Tracks made clips, whose truth is known. */
async function observe(task: CalibrateSettings, { logger, machine, signal }: RunContext): Promise<Observations> {
  const { footage, clips: count, frames } = task;
  const { encoder } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const setup = { encoder, protocol: protocolOf(task), mode: modeOf(task), threads: machine.threads };
  const objects: ObjectObservation[] = [];
  const returns: ReturnObservation[] = [];
  const points: PointObservation[] = [];
  const read = await readFootage({ footage, frames, shortSide: SHORT_SIDE, logger });
  let made = 0;
  for (const { pasted, absent } of madeClips(read, count)) {
    const name = `clip ${++made} of ${count}`;
    for (const clip of [pasted, absent]) {
      const pictures = clip.map(({ frame }) => frame);
      const truthOf = async (frame: number) => clip[frame].labels;
      const annotated = { name, source: frameList(pictures, name), first: clip[0].labels, truthOf };
      objects.push(...(await observeObjects(setup, annotated, signal)));
    }
    returns.push(...(await observeReturns(setup, absent, signal)));
    if (made % POINTS_EVERY === 1) points.push(...(await observePoints(setup, pasted, signal)));
    const counts = [
      counted(objects.length, "mask"),
      counted(returns.length, "return"),
      counted(points.length, "point"),
    ];
    logger.progress(`${name}: ${counts.join(", ")} observed`);
  }
  for (let clip = 0; clip < Math.min(count, read.length); clip++) {
    for (const followed of await followedThings(read, clip, setup, signal))
      returns.push(...(await observeReturns(setup, followed, signal)));
    logger.progress(`things in clip ${clip + 1} of ${read.length}: ${counted(returns.length, "return")} observed`);
  }
  return { objects, returns, points };
}
