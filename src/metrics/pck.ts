/**
 * @file PCK, the percentage of correct key points, by the rule used for label propagation on JHMDB (UVC, TimeCycle, CRW
 * and their successors): a joint is correct if it lies within t × box of its truth, box = 0.6 × the diagonal of the
 * bounding box of the true joints in that frame.
 */
import { internal } from "../core/errors.ts";
import type { Point } from "../video/point.ts";

/** The thresholds t that are reported. */
export const PCK_THRESHOLDS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5];

/** Box = this × the diagonal of the joints' bounding box. */
const BOX = 0.6;

/** One clip; both in the same coordinates, `[frame][joint]`, frame 0 is the given one. */
export interface JointClip {
  /** Null: not annotated, left out. */
  readonly truth: readonly (readonly (Point | null)[])[];
  /** Null: not found, which counts as wrong. */
  readonly predicted: readonly (readonly (Point | null)[])[];
}

/** All values 0..1; NaN where no joint was scored. */
export interface PckScore {
  readonly thresholds: readonly number[];
  /** `[threshold][joint]`: the share of the frames in which the joint is correct. */
  readonly perJoint: readonly (readonly number[])[];
  /** `[threshold]`: mean over the joints. */
  readonly mean: readonly number[];
  /** Joints in frames that were scored. */
  readonly count: number;
}

/**
 * Scores all clips together: a joint's share is taken over all frames of all clips, then the joints are averaged. Frame
 * 0 of each clip is not scored. A frame whose true joints all coincide has a box of 0, in which only an exact hit is
 * correct.
 */
export function pckScore(clips: readonly JointClip[], thresholds = PCK_THRESHOLDS): PckScore {
  const joints = clips[0]?.truth[0]?.length ?? 0;
  const distances: number[][] = Array.from({ length: joints }, () => []);
  for (const { truth, predicted } of clips) {
    if (truth.length !== predicted.length) throw internal(`${predicted.length} predicted of ${truth.length} frames`);
    for (let frame = 1; frame < truth.length; frame++) addFrame(distances, truth[frame], predicted[frame]);
  }
  const perJoint = thresholds.map((t) => distances.map((d) => d.filter((one) => one <= t).length / d.length));
  const count = distances.reduce((sum, { length }) => sum + length, 0);
  return { thresholds, perJoint, mean: perJoint.map(meanOfNumbers), count };
}

/** Adds each joint's distance in boxes. */
function addFrame(
  distances: readonly number[][],
  truth: readonly (Point | null)[],
  predicted: readonly (Point | null)[],
): void {
  if (truth.length !== distances.length || predicted.length !== distances.length)
    throw internal(`a frame of ${truth.length} and ${predicted.length} joints, expected ${distances.length}`);
  jointDistances(truth, predicted).forEach((distance, j) => {
    if (distance !== null) distances[j].push(distance);
  });
}

/**
 * Distance of each joint of one frame from its truth, in boxes; infinite where none was found, null where none is
 * annotated.
 */
export function jointDistances(
  truth: readonly (Point | null)[],
  predicted: readonly (Point | null)[],
): (number | null)[] {
  const box = BOX * diagonal(truth.filter((joint) => joint !== null));
  return truth.map((joint, j) => {
    const found = predicted[j];
    if (joint === null) return null;
    const away = found === null ? Infinity : Math.hypot(found.x - joint.x, found.y - joint.y);
    return away === 0 ? 0 : away / box;
  });
}

/** The diagonal of the bounding box. */
function diagonal(points: readonly Point[]): number {
  return points.length === 0 ? 0 : Math.hypot(span(points.map(({ x }) => x)), span(points.map(({ y }) => y)));
}

const span = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** The mean of the values that are numbers; NaN if there are none. */
function meanOfNumbers(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
