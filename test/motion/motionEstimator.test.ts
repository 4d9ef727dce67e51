import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { noisePattern } from "../../bench/flowScenes.ts";
import { type CameraChoice, type MotionMap, openMotionEstimator } from "../../src/motion/motionEstimator.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { type Footage, insideAndOutside, makeFootage } from "./pictures.ts";

const size = { width: 192, height: 144, frames: 3 };
const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;

async function mapOf(
  estimator: "flow" | "difference",
  frames: readonly RgbPicture[],
  camera?: CameraChoice,
): Promise<MotionMap> {
  await using opened = await openMotionEstimator({ estimator, threads: 2, ...(camera !== undefined && { camera }) });
  return await opened.estimate(frames);
}

describe.each(["flow", "difference"] as const)("%s", (estimator) => {
  const nothing: [string, Omit<Footage, keyof typeof size>][] = [
    ["equal frames", {}],
    ["almost equal frames", { noise: 0.5 }],
    ["a still camera with sensor noise", { noise: 5 }],
    ["a lighting flicker", { light: (t) => [1 + 0.1 * (t % 2), 6 * (t % 2)] }],
    ["a lighting flicker with sensor noise", { noise: 3, light: (t) => [1 - 0.1 * (t % 2), 6 * (t % 2)] }],
    ["a camera cut", { background: (t) => noisePattern(t === 2 ? 40 : 30) }],
    ["a panning camera", { pan: [5.3, -1.6] }],
    ["a panning camera with sensor noise", { pan: [-7.5, 2.2], noise: 4 }],
  ];
  it.each(nothing)("%s: nothing moves", async (name, footage) => {
    const map = await mapOf(estimator, makeFootage({ ...size, ...footage }));
    expect(mean(map.strength)).toBeLessThan(0.002);
    if (name === "a camera cut") expect(map.kind).toBe("cut");
  });

  it("on a panned background only what moves by itself lights up", async () => {
    const footage: Footage = {
      ...size,
      pan: [4.4, 1.3],
      noise: 2,
      mover: { x: 90, y: 70, size: 36, velocity: [-3, 2] },
    };
    const map = await mapOf(estimator, makeFootage(footage));
    const { inside, outside } = insideAndOutside(map, footage, 2, 10);
    expect(map.kind).toBe("motion");
    expect(outside).toBeLessThan(0.01);
    // Differences follow the contrast of the texture, so on average they are far from full strength.
    expect(inside).toBeGreaterThan(estimator === "flow" ? 0.7 : 0.15);
  });

  it("a mover of a third of a percent of the picture lights up", async () => {
    const footage: Footage = { ...size, noise: 1, mover: { x: 60, y: 50, size: 10, velocity: [3, 1] } };
    const map = await mapOf(estimator, makeFootage(footage));
    const { inside, outside } = insideAndOutside(map, footage, 2, 8);
    expect(outside).toBeLessThan(0.001);
    expect(inside).toBeGreaterThan(estimator === "flow" ? 0.5 : 0.25);
  });

  it("a belt that fills the picture is what moves when the camera is known to stand still, and not the rest", async () => {
    const footage: Footage = { ...size, noise: 1, mover: { x: 10, y: 72, size: 300, velocity: [4, 0] } };
    const still = await mapOf(estimator, makeFootage(footage), "still");
    const { inside, outside } = insideAndOutside(still, footage, 2, 10);
    expect(inside).toBeGreaterThan(estimator === "flow" ? 0.8 : 0.15);
    expect(outside).toBeLessThan(0.01);
    const guessed = insideAndOutside(await mapOf(estimator, makeFootage(footage)), footage, 2, 10);
    expect(guessed.inside).toBeLessThan(0.05);
    expect(guessed.outside).toBeGreaterThan(estimator === "flow" ? 0.8 : 0.15);
  });

  it("auto: a belt that fills the picture is found out", async () => {
    const footage: Footage = { ...size, noise: 1, mover: { x: 10, y: 72, size: 300, velocity: [4, 0] } };
    const frames = makeFootage(footage);
    expect(await mapOf(estimator, frames, "auto")).toEqual(await mapOf(estimator, frames, "still"));
  });

  it.each([
    ...nothing,
    ["a mover on a pan", { pan: [4.4, 1.3], mover: { x: 90, y: 70, size: 36, velocity: [0, 0] } }],
  ] as const)("auto: %s is as estimated", async (_, footage) => {
    const frames = makeFootage({ ...size, ...footage });
    expect(await mapOf(estimator, frames, "auto")).toEqual(await mapOf(estimator, frames, "estimate"));
  });

  it.each(nothing.slice(0, 6))("%s, a camera known to stand still: nothing moves", async (name, footage) => {
    const map = await mapOf(estimator, makeFootage({ ...size, ...footage }), "still");
    expect(mean(map.strength)).toBeLessThan(0.002);
    if (name === "a camera cut") expect(map.kind).toBe("cut");
  });

  it("a pan is motion when the camera is said to stand still", async () => {
    const map = await mapOf(estimator, makeFootage({ ...size, pan: [4, 1] }), "still");
    expect(map.kind).toBe("motion");
    expect(mean(map.strength)).toBeGreaterThan(estimator === "flow" ? 0.7 : 0.2);
  });

  it("too few frames: zero, and it says so", async () => {
    const frames = makeFootage({ ...size, frames: 3 });
    const few = estimator === "flow" ? 1 : 2;
    for (const given of [frames.slice(0, few), []]) {
      const map = await mapOf(estimator, given);
      expect(map.kind).toBe("start");
      expect(map.strength.every((value) => value === 0)).toBe(true);
      expect(map.strength.length).toBe(map.width * map.height);
    }
  });

  it.each([
    [1, 1],
    [2, 3],
    [5, 7],
    [16, 16],
    [200, 2],
  ])("pictures of %i x %i give a map of finite numbers", async (width, height) => {
    const map = await mapOf(estimator, makeFootage({ width, height, frames: 3, noise: 20, pan: [1, 0] }));
    expect(map.strength.length).toBe(map.width * map.height);
    expect(map.flow.length).toBe(2 * map.width * map.height);
    expect([...map.strength].every((value) => value >= 0 && value <= 1)).toBe(true);
    expect([...map.flow].every(Number.isFinite)).toBe(true);
  });

  it("the size may change from call to call", async () => {
    await using opened = await openMotionEstimator({ estimator, threads: 2 });
    const large = makeFootage({
      width: 320,
      height: 240,
      frames: 3,
      mover: { x: 150, y: 120, size: 50, velocity: [5, 0] },
    });
    const small = makeFootage({ width: 100, height: 80, frames: 3, pan: [2, 1] });
    const before = await opened.estimate(large);
    const between = await opened.estimate(small);
    const after = await opened.estimate(large);
    expect([between.width, between.height]).toEqual([50, 40]);
    expect([...after.strength]).toEqual([...before.strength]);
  });

  it("frames of different sizes are refused", async () => {
    const frames = [...makeFootage({ ...size, frames: 2 }), ...makeFootage({ width: 100, height: 80, frames: 1 })];
    await expect(mapOf(estimator, frames)).rejects.toThrow("internal: flow between");
  });
});

describe("residual flow", () => {
  it("is the object's own displacement in frame pixels, also when the flow is computed at a third of the size", async () => {
    const footage: Footage = {
      width: 600,
      height: 450,
      frames: 2,
      pan: [9, -3],
      mover: { x: 300, y: 220, size: 120, velocity: [15, 3] },
    };
    const map = await mapOf("flow", makeFootage(footage));
    const cell = Math.floor((223 / 450) * map.height) * map.width + Math.floor((315 / 600) * map.width);
    // 15 - 9 and 3 + 3: against the background.
    expect(map.flow[cell]).toBeCloseTo(6, 0);
    expect(map.flow[map.width * map.height + cell]).toBeCloseTo(6, 0);
  });
});

const clips = fileURLToPath(new URL("../../../shared/data/train/davis-train/", import.meta.url));
const present = await access(clips).then(
  () => true,
  () => false,
);

describe.skipIf(!present)("real clips (../shared/data/train)", () => {
  it("part of the picture moves, most of it does not", async () => {
    await using estimator = await openMotionEstimator({ estimator: "flow", threads: 2 });
    await using auto = await openMotionEstimator({ estimator: "flow", camera: "auto", threads: 2 });
    for (const name of (await readdir(clips)).filter((file) => /^(bus|lucia|motorbike|soccerball)\./u.test(file))) {
      await using source = await openFrameSource(join(clips, name));
      const frames: RgbPicture[] = [];
      for await (const frame of source.frames({ start: 9, end: 11 })) frames.push(frame);
      const map = await estimator.estimate(frames);
      const { kind, strength } = map;
      expect(await auto.estimate(frames), name).toEqual(map);
      const lit = strength.filter((value) => value > 0.1).length / strength.length;
      expect(kind, name).toBe("motion");
      expect(lit, name).toBeGreaterThan(0.005);
      expect(lit, name).toBeLessThan(0.35);
    }
  });
});
