/** @file Motion of frames in order is what the estimator says of the same frames. */
import { describe, expect, test } from "vitest";
import { lookBackOf, MOTION_ESTIMATORS, openMotionEstimator } from "../../src/motion/motionEstimator.ts";
import { MotionSequence } from "../../src/motion/motionSequence.ts";
import { makeFootage } from "./pictures.ts";

const size = { width: 96, height: 72 };
const frames = makeFootage({ ...size, frames: 4, noise: 1, mover: { x: 40, y: 36, size: 24, velocity: [3, 1] } });

test("an unused sequence is closed without an estimator; closing twice is no error", async () => {
  const sequence = new MotionSequence({ estimator: "flow", threads: 1 });
  await sequence[Symbol.asyncDispose]();
  await sequence[Symbol.asyncDispose]();
  expect(sequence.lookBack).toBe(1);
});

describe.each(MOTION_ESTIMATORS)("%s", (estimator) => {
  const lookBack = lookBackOf(estimator);

  test("every frame as the estimator sees it with those before", async () => {
    await using sequence = new MotionSequence({ estimator, threads: 1 });
    await using alone = await openMotionEstimator({ estimator, threads: 1 });
    expect([sequence.lookBack, alone.lookBack, alone.name]).toEqual([lookBack, lookBack, estimator]);
    for (const [t, frame] of frames.entries()) {
      const map = await sequence.next(frame);
      expect(map).toEqual(await alone.estimate(frames.slice(0, t + 1)));
      expect(map.kind).toBe(t < lookBack ? "start" : "motion");
    }
  });

  test("begun in the middle with the frames before it, it is as if it had seen them", async () => {
    await using straight = new MotionSequence({ estimator, threads: 1 });
    await using jumped = new MotionSequence({ estimator, threads: 1 });
    for (const frame of frames.slice(0, 3)) await straight.next(frame);
    const wanted = await straight.next(frames[3]);
    jumped.restart(frames.slice(3 - lookBack, 3));
    expect(await jumped.next(frames[3])).toEqual(wanted);
    jumped.restart(frames.slice(0, 3));
    expect(await jumped.next(frames[3])).toEqual(wanted);
    jumped.restart(frames.slice(4 - lookBack, 3));
    expect((await jumped.next(frames[3])).kind).toBe("start");
  });

  test("after a restart, and after a frame of another size, no earlier frame is used", async () => {
    await using sequence = new MotionSequence({ estimator, threads: 1 });
    for (const frame of frames) await sequence.next(frame);
    sequence.restart();
    expect((await sequence.next(frames[0])).kind).toBe("start");
    const [other] = makeFootage({ width: 64, height: 48, frames: 1 });
    for (const frame of frames.slice(1)) await sequence.next(frame);
    const small = await sequence.next(other);
    expect([small.kind, small.width, small.height]).toEqual(["start", 32, 24]);
    expect((await sequence.next(frames[3])).kind).toBe("start");
  });
});
