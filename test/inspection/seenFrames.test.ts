/** @file Frames with features and motion: where the motion comes from. */
import { expect, it } from "vitest";
import { encoderSession } from "../../src/method/encoderSession.ts";
import { type EncoderWeights, untrainedWeights } from "../../src/method/encoderWeights.ts";
import { type SeenFrame, seenFrames } from "../../src/inspection/seenFrames.ts";
import type { MotionMap } from "../../src/motion/motionEstimator.ts";
import { MotionSequence } from "../../src/motion/motionSequence.ts";
import { compilerWith } from "../../src/tensor/index.ts";
import { makeFootage } from "../motion/pictures.ts";
import { sourceOf } from "../tracking/blocks.ts";

const plain = untrainedWeights("nano");
const weights: EncoderWeights = {
  ...plain,
  values: new Map([...plain.values, ["motion.alpha", { shape: [3], data: Float32Array.of(1, 1, 1) }]]),
};
const size = { width: 90, height: 70 };
const mover = { x: 30, y: 36, size: 24, velocity: [3, 1] as const };
const pictures = makeFootage({ ...size, frames: 6, noise: 1, mover });
const source = sourceOf(pictures.map((one, index) => ({ ...one, index, timeSec: index / 25, name: `${index}` })));

/** Counts how often it was asked. */
class Counted extends MotionSequence {
  asked = 0;

  override next(...given: Parameters<MotionSequence["next"]>): Promise<MotionMap> {
    this.asked++;
    return super.next(...given);
  }
}

/** What is seen of frames 0 to 2 and 4, 5, and how often motion was computed for it beside the encoder's. */
async function seen(shared: boolean): Promise<{ frames: SeenFrame[]; asked: number }> {
  let latest: MotionMap | undefined;
  const runtime = { compile: compilerWith({ threads: 1 }), device: "cpu" as const };
  await using encoder = encoderSession(weights, runtime, { threads: 1, onMotion: (map) => (latest = map) });
  await using motion = new Counted({ estimator: "flow", threads: 1 });
  const encoderMotion = shared ? () => latest : undefined;
  const frames: SeenFrame[] = [];
  for await (const frame of seenFrames({ source, encoder, motion, encoderMotion, size }, [0, 1, 2, 4, 5]))
    frames.push(frame);
  return { frames, asked: motion.asked };
}

it("the encoder's motion is what would be computed, also at the start of each stretch, and is not computed again", async () => {
  const [own, computed] = [await seen(true), await seen(false)];
  expect([own.asked, computed.asked]).toEqual([0, 5]);
  expect(own.frames.map(({ index, motion }) => [index, motion.kind])).toEqual([
    [0, "start"],
    [1, "motion"],
    [2, "motion"],
    [4, "start"],
    [5, "motion"],
  ]);
  expect(own.frames).toEqual(computed.frames);
});
