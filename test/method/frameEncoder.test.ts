/** @file The encoder without state: planes in, features out. */
import { describe, expect, it } from "vitest";
import { ActivationRanges } from "../../src/method/activationRanges.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { type EncoderRuntime, FrameEncoder } from "../../src/method/frameEncoder.ts";
import { compile } from "../../src/tensor/index.ts";
import { makeFootage } from "../motion/pictures.ts";

const plain = untrainedWeights("nano");
const withDepth = {
  ...plain,
  values: new Map([...plain.values, ["depth.alpha", { shape: [3], data: Float32Array.of(1, 1, 1) }] as const]),
};
const depthShape = { name: "depth", channels: 1 };
const runtime: EncoderRuntime = { device: "cpu", compile: (outputs) => compile(outputs, { threads: 1 }) };
const frames = makeFootage({ width: 50, height: 36, frames: 2, noise: 2 });

describe("the encoder without state", () => {
  it("gives the same features of the same planes, whatever came between", async () => {
    await using encoder = new FrameEncoder(plain, [], runtime);
    const planes = frames.map((frame) => encoder.planes(frame));
    const first = await encoder.encode(planes[0]);
    expect(first).toMatchObject({ channels: 32, width: 7, height: 5 });
    const ranges = new ActivationRanges(1);
    await ranges.observe(() => encoder.extremes(planes[0]));
    const quantised = await encoder.encode(planes[0], ranges.ranges);
    for (const other of makeFootage({ width: 33, height: 60, frames: 3 })) await encoder.encode(encoder.planes(other));
    await encoder.encode(planes[1], new Map(ranges.ranges));
    expect(await encoder.encode(planes[0])).toEqual(first);
    expect(await encoder.encode(planes[0], ranges.ranges)).toEqual(quantised);
    expect(quantised.data).not.toEqual(first.data);
  });

  it("planes are enlarged to whole cells with zeros", () => {
    const encoder = new FrameEncoder(withDepth, [depthShape], runtime);
    const depth = new Float32Array(50 * 36).fill(2);
    const { size: whole, feeds } = encoder.planes(frames[0], { depth });
    expect(whole).toEqual({ width: 56, height: 40 });
    expect(feeds["lab"]).toHaveLength(3 * 56 * 40);
    expect(feeds["depth"]).toHaveLength(56 * 40);
    feeds["depth"].forEach((value, p) => expect(value).toBe(p % 56 < 50 && p < 36 * 56 ? 2 : 0));
    for (let c = 0; c < 3; c++) expect(feeds["lab"][(c * 40 + 39) * 56]).toBe(0);
  });

  it("a plane that is missing is an error", async () => {
    await using encoder = new FrameEncoder(withDepth, [depthShape], runtime);
    await expect(encoder.encode(encoder.planes(frames[0]))).rejects.toThrow("depth");
  });
});
