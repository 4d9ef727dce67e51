import { expect, test } from "vitest";
import { drawOverlay } from "../../../src/video/drawing/overlay.ts";

const grey = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height * 3).fill(100) });
const at = (data: Uint8Array, width: number, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

test("mixes the colour, darkens the border, leaves background and void alone", () => {
  // A 5 x 5 object 1 in a 7 x 7 frame, one void pixel in the corner.
  const data = Uint8Array.from({ length: 49 }, (_, p) => {
    const [x, y] = [p % 7, Math.floor(p / 7)];
    return x >= 1 && x <= 5 && y >= 1 && y <= 5 ? 1 : 0;
  });
  data[0] = 255;
  const frame = grey(7, 7);
  const out = drawOverlay(frame, { width: 7, height: 7, data }, { opacity: 0.25, outlinePixels: 1 });
  expect(at(out, 7, 0, 0)).toEqual([100, 100, 100]);
  expect(at(out, 7, 6, 3)).toEqual([100, 100, 100]);
  expect(at(out, 7, 3, 3)).toEqual([107, 75, 75]);
  expect(at(out, 7, 1, 3)).toEqual([58, 0, 0]);
  expect(frame.data.every((v) => v === 100)).toBe(true);
});

test("a thicker outline reaches further in; 0 draws none; the picture's edge is no border", () => {
  const labels = { width: 6, height: 1, data: Uint8Array.from([0, 1, 1, 1, 1, 1]) };
  const row = (outlinePixels: number): boolean[] => {
    const out = drawOverlay(grey(6, 1), labels, { outlinePixels });
    return Array.from({ length: 6 }, (_, x) => at(out, 6, x, 0)[0] === 58);
  };
  expect(row(0)).toEqual([false, false, false, false, false, false]);
  expect(row(1)).toEqual([false, true, false, false, false, false]);
  expect(row(2)).toEqual([false, true, true, false, false, false]);
});

test("two touching objects have a border between them, and a palette of one's own is used", () => {
  const labels = { width: 4, height: 1, data: Uint8Array.from([1, 1, 2, 2]) };
  const palette = new Uint8Array(768).fill(200, 3, 6).fill(40, 6, 9);
  const out = drawOverlay(grey(4, 1), labels, { palette, opacity: 1, outlinePixels: 1 });
  expect([0, 1, 2, 3].map((x) => at(out, 4, x, 0)[0])).toEqual([200, 90, 18, 40]);
});

test("a doubtful object is hatched from right to left, its border dashed; others are not", () => {
  const labels = { width: 12, height: 12, data: new Uint8Array(144).fill(1, 0, 72).fill(2, 72) };
  const options = { doubtful: new Set([1]), opacity: 1, outlinePixels: 1 };
  const out = drawOverlay(grey(12, 12), labels, options);
  const reds = (y: number) => Array.from({ length: 12 }, (_, x) => at(out, 12, x, y)[0]);
  const [colour, plain, edge] = [128, 100, 58];
  expect(reds(0)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1].map((odd) => (odd ? plain : colour)));
  expect(reds(1)).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0].map((odd) => (odd ? plain : colour)));
  // The last row above object 2: dashes of two pixels, the hatching between them.
  expect(reds(5).filter((red) => red === edge)).toHaveLength(6);
  expect(reds(5).slice(0, 4)).toEqual([edge, edge, plain, colour]);
  expect(new Set(reds(8))).toEqual(new Set([0]));
});

test("ids: object 7 gets a white 7 with a black edge at its middle, cut off at the frame's edge without harm", () => {
  const labels = { width: 11, height: 11, data: new Uint8Array(121).fill(7) };
  const out = drawOverlay(grey(11, 11), labels, { ids: true, opacity: 0 });
  const picture = Array.from({ length: 11 }, (_, y) =>
    Array.from({ length: 11 }, (_, x) => ({ 255: "#", 0: "." })[at(out, 11, x, y)[0]] ?? " ").join(""),
  );
  expect(picture.slice(2, 9).map((row) => row.slice(3, 8))).toEqual([
    " ... ",
    ".###.",
    " ..#.",
    "  .#.",
    "  .#.",
    "  .#.",
    "   . ",
  ]);
  const tiny = { width: 2, height: 2, data: new Uint8Array(4).fill(123) };
  expect(drawOverlay(grey(2, 2), tiny, { ids: true }).length).toBe(12);
});

test("sizes that differ are a bug of the caller", () => {
  const labels = { width: 2, height: 3, data: new Uint8Array(6) };
  expect(() => drawOverlay(grey(3, 2), labels)).toThrow(/internal: .*2x3.*3x2/);
});
