/** @file The point tracker's own verdict on the joints of JHMDB next to the truth; an interrupted run resumes. */
import { join } from "node:path";
import { visiblePoints } from "../../annotations/annotations.ts";
import { clampToFrame } from "../../annotations/point.ts";
import { type JointAnnotations, joints } from "../../formats/joints.ts";
import type { PointSignals } from "../../tracking/points/pointAgreement.ts";
import type { TrackedPoint } from "../../tracking/points/trackedPoint.ts";
import { trackPoints } from "../../tracking/points/trackPoints.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { Point } from "../../video/point.ts";
import type { TrackedPointsOptions } from "../benchmarks/pointMethods.ts";
import { jointDistances } from "../../metrics/pck.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "./confidenceBenchmark.ts";

/** One joint in one frame. */
export interface JointObservation {
  readonly sequence: string;
  readonly frame: number;
  readonly joint: string;
  /** Null without evidence for the place. */
  readonly signals: PointSignals | null;
  /** Distance from the truth, in boxes of PCK. */
  readonly distance: number;
}

/** Where JHMDB lies, see `PointBenchmark`. */
export interface JointBenchmark {
  readonly annotations: string;
  readonly frames: string;
  readonly sequences: readonly string[];
}

/** Observations of all sequences; existing ones with the same identity are kept. */
export function observeJoints(
  benchmark: JointBenchmark,
  setup: TrackedPointsOptions,
  options: ConfidenceBenchmarkOptions,
): Promise<JointObservation[]> {
  return observeAll(benchmark.sequences, (name) => observeClip(benchmark, name, setup, options.signal), options);
}

async function observeClip(
  { annotations, frames }: JointBenchmark,
  name: string,
  setup: TrackedPointsOptions,
  signal: AbortSignal | undefined,
): Promise<JointObservation[]> {
  const annotation = await joints.read(join(annotations, `${name}.json`));
  await using source = await openFrameSource(join(frames, name));
  // Some joints are annotated a little outside the picture; a tracker is given the nearest place in it.
  const points = visiblePoints(annotation.frames[0]).flatMap((joint) =>
    joint === null ? [] : [{ name: joint.name, ...clampToFrame(joint, source) }],
  );
  const truthAt = new Map(annotation.frames.map((frame) => [frame.image, visiblePoints(frame)]));
  const out: JointObservation[] = [];
  const tracks = trackPoints({ ...setup, follower: setup.follower?.(), source, points, signal });
  for await (const { frame, points: found } of tracks) {
    const truth = truthAt.get(frame.name);
    if (frame.index > 0 && truth !== undefined) out.push(...compare(annotation, truth, found, frame.index));
  }
  return out;
}

function compare(
  { sequence, objects }: JointAnnotations,
  truth: readonly (Point | null)[],
  found: readonly TrackedPoint[],
  frame: number,
): JointObservation[] {
  const byName = new Map(found.map((point) => [point.name, point]));
  const predicted = objects.map(({ name }) => byName.get(name) ?? null);
  const distances = jointDistances(truth, predicted);
  return predicted.flatMap((point, j) => {
    const distance = distances[j];
    if (point === null || distance === null) return [];
    return [{ sequence, frame, joint: objects[j].name, signals: point.signals ?? null, distance }];
  });
}
