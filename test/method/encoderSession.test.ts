/** @file What a session adds to the encoder: cues in the order of the frames, ranges of a clip, resuming both. */
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Cue, CueFrame } from "../../src/method/cue.ts";
import { EncoderSession } from "../../src/method/encoderSession.ts";
import { type EncoderWeights, untrainedWeights } from "../../src/method/encoderWeights.ts";
import { type EncoderRuntime, FrameEncoder } from "../../src/method/frameEncoder.ts";
import { compile } from "../../src/tensor/index.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { resizeRgb } from "../../src/video/resize.ts";
import { makeFootage } from "../motion/pictures.ts";

const plain = untrainedWeights("nano");
const runtime: EncoderRuntime = { device: "cpu", compile: (outputs) => compile(outputs, { threads: 1 }) };
const withFactors = (cue: string, factors: readonly number[]): EncoderWeights => ({
  ...plain,
  values: new Map([...plain.values, [`${cue}.alpha`, { shape: [3], data: Float32Array.from(factors) }]]),
});
const size = { width: 50, height: 36 };
const frames = makeFootage({ ...size, frames: 6, noise: 2, mover: { x: 20, y: 18, size: 16, velocity: [3, 1] } });

/** One plane, all of it the frame's recorded depth; it notes what it is asked. */
class RecordedDepth implements Cue {
  readonly name = "depth";
  readonly channels = 1;
  readonly lookBack = 0;
  readonly asked: (number | "restart" | "closed")[] = [];

  restart(): void {
    this.asked.push("restart");
  }

  async next({ width, height, index = Number.NaN }: CueFrame): Promise<Float32Array> {
    // Later frames answer sooner.
    await setTimeout(10 - index);
    if (Number.isNaN(index)) throw new Error("no depth for a frame without an index");
    this.asked.push(index);
    return new Float32Array(width * height).fill(index / 10);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.asked.push("closed");
  }
}

const open = (cue: Cue, factors = [0.5, 0.2, -0.3]): EncoderSession =>
  new EncoderSession(new FrameEncoder(withFactors(cue.name, factors), [cue], runtime), [cue]);

describe("a cue of another kind", () => {
  it("that fails is an error of its frame, and of no other", async () => {
    await using session = open(new RecordedDepth());
    const [lost, found] = [session.encode(frames[0]), session.encode({ ...frames[0], index: 1 })];
    await expect(lost).rejects.toThrow("no depth for a frame without an index");
    expect((await found).data.every(Number.isFinite)).toBe(true);
  });

  it("is asked frame by frame in their order, restarted between them, closed at the end", async () => {
    const cue = new RecordedDepth();
    {
      await using session = open(cue);
      const encodes = [1, 2].map((index) => session.encode({ ...frames[index], index }));
      session.restart({ count: 5, reached: null });
      encodes.push(session.encodeResized({ ...frames[3], index: 3 }, { width: 25, height: 18 }, "int8"));
      await Promise.all(encodes);
    }
    expect(cue.asked).toEqual([1, 2, "restart", 3, "closed"]);
  });

  it("is added to the frame by its factors: the features of the plane times α", async () => {
    await using session = open(new RecordedDepth(), [0.5, 0, 0]);
    await using none = open(new RecordedDepth(), [0, 0, 0]);
    await using bare = new FrameEncoder(plain, [], runtime);
    const [picture] = frames;
    const unchanged = await bare.encode(bare.planes(picture));
    expect((await none.encode({ ...picture, index: 4 })).data).toEqual(unchanged.data);
    // The depth 0.4 raises the lightness of the picture, and not what is added to make whole cells, by 0.5 · 0.4.
    const lighter = bare.planes(picture);
    const lab = Float32Array.from(lighter.feeds["lab"]);
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) lab[y * lighter.size.width + x] += Math.fround(0.5) * Math.fround(0.4);
    const wanted = await bare.encode({ ...lighter, feeds: { lab } });
    const { data } = await session.encode({ ...picture, index: 4 });
    expect(data).not.toEqual(unchanged.data);
    data.forEach((value, i) => expect(value).toBeCloseTo(wanted.data[i], 4));
  });
});

describe("a session with motion", () => {
  const weights: EncoderWeights = {
    ...withFactors("motion", [0.4, -0.3, 0.35]),
    metadata: { variant: "nano", motionEstimator: "difference" },
  };

  it.each(["float32", "int8"] as const)(
    "%s: resumed after two frames looked back on, the features are those of the straight run",
    async (precision) => {
      const input = { width: 40, height: 30 };
      await using straight = await openEncoder({ weights, threads: 1 });
      const features = [];
      for (const frame of frames) features.push(await straight.encodeResized(frame, input, precision));
      await using still = await openEncoder({ weights, threads: 1, motion: false });
      expect(await still.encodeResized(frames[5], input, precision)).not.toMatchObject({ data: features[5].data });

      await using resumed = await openEncoder({ weights, threads: 1 });
      await resumed.encodeResized(frames[0], input, precision);
      resumed.restart({ count: 2, reached: features[4].reached ?? null });
      for (const t of [2, 3]) await resumed.encodeResized(frames[t], input, precision);
      for (const t of [4, 5]) expect(await resumed.encodeResized(frames[t], input, precision)).toEqual(features[t]);
    },
  );

  it("a frame of another size has no motion, and neither has the first after a restart", async () => {
    await using moving = await openEncoder({ weights, threads: 1 });
    await using still = await openEncoder({ weights, threads: 1, motion: false });
    for (const frame of frames.slice(0, 3)) await moving.encode(frame);
    const [other] = makeFootage({ width: 40, height: 40, frames: 1 });
    expect(await moving.encode(other)).toEqual(await still.encode(other));
    for (const frame of frames.slice(0, 3)) await moving.encode(frame);
    moving.restart();
    expect(await moving.encode(frames[3])).toEqual(await still.encode(frames[3]));
  });
});

describe("a frame that is encoded apart", () => {
  const weights: EncoderWeights = {
    ...withFactors("motion", [0.4, -0.3, 0.35]),
    metadata: { variant: "nano", motionEstimator: "difference" },
  };
  const small = { width: 24, height: 17 };

  it("has no cues and is in float32: the features of the resized picture alone", async () => {
    await using session = await openEncoder({ weights, threads: 1 });
    await using still = await openEncoder({ weights, threads: 1, motion: false });
    for (const frame of frames.slice(0, 2)) await session.encodeResized(frame, { width: 40, height: 30 }, "int8");
    const data = resizeRgb(frames[2], small.width, small.height);
    expect(await session.encodeApart(frames[2], small)).toEqual(await still.encode({ ...small, data }));
  });

  it.each(["float32", "int8"] as const)(
    "%s: leaves cues and ranges alone, the frames before and after have the same bits without it",
    async (precision) => {
      const input = { width: 40, height: 30 };
      await using plain = await openEncoder({ weights, threads: 1 });
      await using mixed = await openEncoder({ weights, threads: 1 });
      for (const frame of frames) {
        const wanted = await plain.encodeResized(frame, input, precision);
        // Asked for side by side, as tracking does.
        const [features, apart] = await Promise.all([
          mixed.encodeResized(frame, input, precision),
          mixed.encodeApart(frame, small),
        ]);
        expect(features).toEqual(wanted);
        expect(apart).not.toHaveProperty("reached");
      }
    },
  );

  it("asks no cue, not even in the size of the frame", async () => {
    const cue = new RecordedDepth();
    await using session = open(cue);
    await session.encodeApart(frames[0], size);
    await session.encode({ ...frames[1], index: 1 });
    expect(cue.asked).toEqual([1]);
  });
});
