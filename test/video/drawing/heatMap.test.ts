import { expect, test } from "vitest";
import { drawHeat, heatColour } from "../../../src/video/drawing/heatMap.ts";

const picture = (width: number, height: number, value: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});
const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

const cells = (value: number) => ({
  width: 1,
  height: 1,
  values: Float32Array.of(value),
  extent: { width: 2, height: 2 },
});

test("cold is the picture in dark grey, hot the last colour; what lies outside 0..1 is cut", () => {
  const grey = 0.45 * 20;
  const hot = heatColour(1).map((c) => Math.round(grey + 0.9 * (c - grey)));
  expect(at(drawHeat(picture(2, 2, 20), cells(0)), 1, 1)).toEqual([9, 9, 9]);
  expect(at(drawHeat(picture(2, 2, 20), cells(-3)), 0, 0)).toEqual([9, 9, 9]);
  expect(at(drawHeat(picture(2, 2, 20), cells(1)), 0, 1)).toEqual(hot);
  expect(at(drawHeat(picture(2, 2, 20), cells(7)), 0, 1)).toEqual(hot);
});

test("the ramp gets brighter all the way", () => {
  const light = Array.from({ length: 21 }, (_, i) => {
    const [r, g, b] = heatColour(i / 20);
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
  for (let i = 1; i < light.length; i++) expect(light[i]).toBeGreaterThan(light[i - 1]);
});

test("cells lie over their own pixels, also where the grid is larger than the picture", () => {
  // Cells of 4 pixels on a picture of 7: the second cell has three pixels.
  const cells = { width: 2, height: 1, values: Float32Array.of(0, 1), extent: { width: 8, height: 4 } };
  const drawn = drawHeat(picture(7, 4, 0), cells, { smooth: false });
  expect(Array.from({ length: 7 }, (_, x) => at(drawn, x, 2)[0] > 0)).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  const smooth = drawHeat(picture(8, 4, 0), cells);
  const reds = Array.from({ length: 8 }, (_, x) => at(smooth, x, 0)[0]);
  expect(reds.slice(0, 2)).toEqual([0, 0]);
  for (let x = 2; x < 6; x++) expect(reds[x]).toBeGreaterThan(reds[x - 1]);
});
