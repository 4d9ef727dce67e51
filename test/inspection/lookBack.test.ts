/** @file Where a pixel's label comes from, on features that are known. */
import { expect, it } from "vitest";
import { type LookedPixel, lookBack } from "../../src/inspection/lookBack.ts";
import type { FeatureMap } from "../../src/method/features.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";

const SIDE = 6;
const PIXEL = 10;

/** All cells alike but one. */
function featuresWith(odd: number): FeatureMap {
  const data = new Float32Array(2 * SIDE * SIDE);
  for (let cell = 0; cell < SIDE * SIDE; cell++) data[cell === odd ? SIDE * SIDE + cell : cell] = 1;
  return { channels: 2, width: SIDE, height: SIDE, data };
}

// In frame f it is the cell (1 + f, 2), and a clip that is labelled in frame 1.
const oddCell = (frame: number): number => 2 * SIDE + 1 + frame;
const featuresOf = (frame: number): Promise<FeatureMap> => Promise.resolve(featuresWith(oddCell(frame)));
const pixel = (frame: number): LookedPixel => ({
  frame,
  from: 1,
  place: { x: (1 + frame) * PIXEL + 3, y: 2 * PIXEL + 9 },
  size: { width: SIDE * PIXEL, height: SIDE * PIXEL },
});
const protocol = resolveProtocol("default", { topK: 2 });

it("is the cell that looks the same, in each remembered frame", async () => {
  const found = await lookBack(pixel(3), protocol, featuresOf);
  expect(found.map(({ frame }) => frame)).toEqual([1, 2]);
  for (const { frame, share, heat, chosen } of found) {
    expect(share).toBeCloseTo(0.5, 6);
    expect([...heat].flatMap((one, cell) => (one === 255 ? [cell] : []))).toEqual([oddCell(frame)]);
    expect(chosen).toEqual([{ x: (1 + frame) * PIXEL + 5, y: 2 * PIXEL + 5, weight: expect.closeTo(0.5, 6) }]);
  }
});

it("is nothing for the labelled frame, and an error beside the frame", async () => {
  expect(await lookBack(pixel(1), protocol, featuresOf)).toEqual([]);
  const beside = { ...pixel(3), place: { x: 60, y: 1 } };
  await expect(lookBack(beside, protocol, featuresOf)).rejects.toMatchObject({ code: "inspect/pixel" });
});
