/** @file The cue "motion": when there is one, and that its planes are the motion images of the frames. */
import { describe, expect, test } from "vitest";
import { openCues } from "../../src/method/cues.ts";
import { type EncoderWeights, untrainedWeights } from "../../src/method/encoderWeights.ts";
import { MotionCue, openMotionCue } from "../../src/method/motionCue.ts";
import { MOTION_ESTIMATORS, type MotionMap } from "../../src/motion/motionEstimator.ts";
import { motionImage } from "../../src/motion/motionImage.ts";
import { MotionSequence } from "../../src/motion/motionSequence.ts";
import { makeFootage } from "../motion/pictures.ts";

const plain = untrainedWeights("nano");
const withAlpha = (alpha: readonly number[], metadata = {}): EncoderWeights => ({
  ...plain,
  values: new Map([...plain.values, ["motion.alpha", { shape: [3], data: Float32Array.from(alpha) }]]),
  metadata: { ...plain.metadata, ...metadata },
});
const frames = makeFootage({
  width: 90,
  height: 70,
  frames: 4,
  noise: 1,
  mover: { x: 40, y: 36, size: 24, velocity: [3, 1] },
});

describe("no motion", () => {
  test.each([
    ["weights learned without", plain, {}],
    ["weights that ended with α = 0", withAlpha([0, 0, 0]), {}],
    ["a user who wants none", withAlpha([1, 0, 0]), { motion: false }],
  ])("%s", (_, weights, options) => {
    expect(openMotionCue(weights, options)).toBeUndefined();
    expect(openCues(weights, options)).toEqual([]);
  });
});

test("an α that is not zero in one channel is enough", async () => {
  const [cue, ...others] = openCues(withAlpha([0, 0, -0.01]));
  expect(others).toEqual([]);
  expect(cue).toMatchObject({ name: "motion", channels: 3, lookBack: 1 });
  await cue[Symbol.asyncDispose]();
});

test("estimator and encoding are those of the notes, the camera is too unless the user knows better", async () => {
  const weights = withAlpha([1, 1, 1], {
    motionEstimator: "difference",
    motionEncoding: "magnitude",
    motionCamera: "still",
  });
  const panned = makeFootage({ width: 90, height: 70, frames: 3, pan: [4, 1] });
  const last = async (options = {}): Promise<Float32Array> => {
    await using cue = openMotionCue(weights, { threads: 1, ...options })!;
    expect(cue.lookBack).toBe(2);
    cue.restart(panned.slice(0, 2));
    return await cue.next(panned[2]);
  };
  const [noted, told] = [await last(), await last({ camera: "estimate" })];
  const area = 90 * 70;
  expect(noted.some((value) => value > 0)).toBe(true);
  expect(noted.subarray(area, 2 * area)).toEqual(noted.subarray(0, area));
  expect(told.every((value) => value === 0)).toBe(true);
});

test("whoever asks is told of the motion behind the planes, frame by frame", async () => {
  const told: MotionMap[] = [];
  await using cue = openMotionCue(withAlpha([1, 1, 1]), { threads: 1, onMotion: (map) => told.push(map) })!;
  await using sequence = new MotionSequence({ estimator: "flow", threads: 1 });
  const expected: MotionMap[] = [];
  for (const frame of frames) {
    await cue.next(frame);
    expected.push(await sequence.next(frame));
  }
  expect(told).toEqual(expected);
  expect(told.map(({ kind }) => kind)).toEqual(["start", "motion", "motion", "motion"]);
});

describe.each(MOTION_ESTIMATORS)("%s", (estimator) => {
  test.each(["field", "magnitude"] as const)("%s: planes of the frame's size, zero at the start", async (encoding) => {
    await using cue = new MotionCue({ estimator, camera: "estimate", encoding }, 1);
    await using sequence = new MotionSequence({ estimator, threads: 1 });
    for (const [t, frame] of frames.entries()) {
      const planes = await cue.next(frame);
      expect(planes).toEqual(motionImage(await sequence.next(frame), encoding, 90, 70));
      expect(planes).toHaveLength(3 * 90 * 70);
      expect(planes.some((value) => value !== 0)).toBe(t >= cue.lookBack);
    }
    cue.restart();
    expect((await cue.next(frames[3])).every((value) => value === 0)).toBe(true);
  });
});
