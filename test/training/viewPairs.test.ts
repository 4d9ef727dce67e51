/** @file Views of one picture: what they show, and that corresponding cells show the same place. */
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { fromPicture, nearbyView, rectangleView, renderView, toPicture } from "../../src/training/affineView.ts";
import { correspondences } from "../../src/training/viewPairs.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

/** A picture whose colours tell the place: red = x, green = y. */
function ramp(width: number, height: number): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([2 * x, 2 * y, 128], (y * width + x) * 3);
  return { width, height, data };
}

const picture = ramp(120, 100);
const ranges = { maxScale: 1.4, maxRotation: 30, maxShift: 0.2, colourJitter: 0 };

test("a rectangle as a view is that part of the picture, mirrored if wanted", () => {
  const part = { x: 10, y: 20, width: 32, height: 32 };
  const plain = renderView(picture, rectangleView({ ...part, flip: false }, 32), 32);
  expect([...plain.subarray(0, 2)]).toEqual([20, 40]);
  expect([...plain.subarray((31 * 32 + 31) * 3, (31 * 32 + 31) * 3 + 2)]).toEqual([2 * 41, 2 * 51]);
  const mirrored = renderView(picture, rectangleView({ ...part, flip: true }, 32), 32);
  expect([...mirrored.subarray(0, 2)]).toEqual([2 * 41, 40]);
});

test("from the picture and back", () => {
  const random = new Random(3);
  const first = rectangleView({ x: 10, y: 20, width: 50, height: 60, flip: true }, 32);
  const view = nearbyView(first, 32, random, ranges);
  const [x, y] = toPicture(view, 5.5, 9.25);
  expect(fromPicture(view, x, y)[0]).toBeCloseTo(5.5, 8);
  expect(fromPicture(view, x, y)[1]).toBeCloseTo(9.25, 8);
});

test("corresponding cells show the same place of the picture", () => {
  const [size, stride, cells] = [32, 4, 8];
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const first = rectangleView({ x: 30, y: 20, width: 48, height: 56, flip: seed % 2 === 0 }, size);
    const second = nearbyView(first, size, random, ranges);
    const at = correspondences(first, second, random, { cells, stride, queries: 40, picture });
    const views = [first, second].map((view) => renderView(picture, view, size));
    expect(at.valid.filter((v) => v === 1).length).toBeGreaterThan(30);
    for (let n = 0; n < 40; n++) {
      const rows = at.rows.subarray(n * cells, (n + 1) * cells);
      const columns = at.columns.subarray(n * cells, (n + 1) * cells);
      expect(rows.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      if (at.valid[n] === 0) continue;
      const shown = (cell: number) => (Math.floor(cell / cells) * stride * size + (cell % cells) * stride) * 3;
      for (const c of [0, 1]) {
        const own = views[0][shown(at.queries[n]) + c];
        let there = 0;
        rows.forEach((wy, y) => columns.forEach((wx, x) => (there += wx * wy * views[1][shown(y * cells + x) + c])));
        // A ramp is linear, so bilinear weights give it back but for rounding to 8 bits.
        expect(Math.abs(own - there), `seed ${seed}, query ${n}`).toBeLessThan(2);
      }
    }
  }
});

/** Everything in `from` is at x + 6, y − 3 in `to`, except in the right half, where the flow is not to be trusted. */
const shift = {
  width: picture.width,
  height: picture.height,
  u: new Float32Array(picture.width * picture.height).fill(6),
  v: new Float32Array(picture.width * picture.height).fill(-3),
  valid: Uint8Array.from({ length: picture.width * picture.height }, (_, i) => (i % picture.width < 60 ? 1 : 0)),
};

/** Where bilinear weights point to. */
const place = (weights: Float32Array) => weights.reduce((sum, weight, i) => sum + weight * i, 0);

test("between frames the flow leads to the place, and cells whose flow is not to be trusted have none", () => {
  const [size, cells] = [32, 8];
  const view = rectangleView({ x: 28, y: 20, width: 64, height: 64, flip: false }, size);
  const at = correspondences(view, view, new Random(5), { cells, stride: 4, queries: 200, picture, flow: shift });
  let checked = 0;
  for (let n = 0; n < 200; n++) {
    if (at.valid[n] === 0) continue;
    checked++;
    const [column, row] = [at.queries[n] % cells, Math.floor(at.queries[n] / cells)];
    // A cell is 8 pixels of the picture wide here: 6 and −3 pixels are 0.75 and −0.375 cells.
    expect(column, "the right half has no trusted flow").toBeLessThan(4);
    expect(place(at.columns.subarray(n * cells, (n + 1) * cells))).toBeCloseTo(column + 0.75, 5);
    expect(place(at.rows.subarray(n * cells, (n + 1) * cells))).toBeCloseTo(row - 0.375, 5);
  }
  expect(checked).toBeGreaterThan(150);
});

test("views that share nothing: no query is valid, and nothing is NaN", () => {
  const first = rectangleView({ x: 0, y: 0, width: 10, height: 10, flip: false }, 32);
  const far = rectangleView({ x: 100, y: 80, width: 10, height: 10, flip: false }, 32);
  const at = correspondences(first, far, new Random(1), { cells: 8, stride: 4, queries: 5, picture });
  expect([...at.valid]).toEqual([0, 0, 0, 0, 0]);
  expect(at.rows.every(Number.isFinite)).toBe(true);
});
