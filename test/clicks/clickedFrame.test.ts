/** @file Regions from clicks, on pictures whose parts are known. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellGraph } from "../../src/clicks/cellGraph.ts";
import { type Click, ClickedFrame } from "../../src/clicks/clickedFrame.ts";
import { DistanceQueue } from "../../src/clicks/distanceQueue.ts";
import type { FeatureMap } from "../../src/method/features.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

const STRIDE = 4;
type Colour = readonly [number, number, number];
const GROUND: Colour = [90, 120, 90];
const RED: Colour = [200, 40, 40];
const BLUE: Colour = [50, 60, 190];

/** A picture by rule, with a little noise that is always the same. */
function painted(width: number, height: number, colourAt: (x: number, y: number) => Colour): RgbPicture {
  const data = new Uint8Array(3 * width * height);
  for (let p = 0; p < width * height; p++) {
    const colour = colourAt(p % width, Math.floor(p / width));
    for (let c = 0; c < 3; c++) data[3 * p + c] = colour[c] + ((p * 7919 + c * 31) % 9) - 4;
  }
  return { width, height, data };
}

/** Features that tell nothing but the colour in the middle of the cell. */
function colourFeatures({ width, height, data }: RgbPicture): FeatureMap {
  const [across, down] = [Math.ceil(width / STRIDE), Math.ceil(height / STRIDE)];
  const out = new Float32Array(3 * across * down);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < across * down; i++) {
      const x = Math.min(width - 1, (i % across) * STRIDE + 2);
      const y = Math.min(height - 1, Math.floor(i / across) * STRIDE + 2);
      out[c * across * down + i] = data[3 * (y * width + x) + c] / 255;
    }
  return { channels: 3, width: across, height: down, data: out };
}

const frameOf = (picture: RgbPicture): ClickedFrame => new ClickedFrame(picture, colourFeatures(picture));
const isIn = (x: number, y: number, [left, top, right, bottom]: readonly number[]): boolean =>
  x >= left && x < right && y >= top && y < bottom;

/** Red above blue, one thing of two parts, on plain ground. */
const UPPER = [36, 24, 60, 48] as const;
const LOWER = [36, 48, 60, 72] as const;
const twoParts = painted(96, 96, (x, y) => (isIn(x, y, UPPER) ? RED : isIn(x, y, LOWER) ? BLUE : GROUND));
const frame = frameOf(twoParts);
const UP: Click = { x: 48.5, y: 36.5, inside: true };
const DOWN: Click = { x: 48.5, y: 60.5, inside: true };

function iou(mask: Uint8Array, ...boxes: (readonly number[])[]): number {
  let [both, either] = [0, 0];
  for (const [p, one] of mask.entries()) {
    const isWanted = boxes.some((box) => isIn(p % 96, Math.floor(p / 96), box));
    if (one === 1 && isWanted) both++;
    if (one === 1 || isWanted) either++;
  }
  return both / either;
}

describe("a click", () => {
  it("gives the part that was clicked, up to its edges", () => {
    const { width, height, data } = frame.region([UP]);
    expect([width, height]).toEqual([96, 96]);
    expect(iou(data, UPPER)).toBeGreaterThan(0.97);
  });

  it("more adds the part that is clicked next, and takes away what is clicked as outside", () => {
    const both = frame.region([UP, DOWN]).data;
    expect(iou(both, UPPER, LOWER)).toBeGreaterThan(0.97);
    const taken = frame.region([UP, DOWN, { ...DOWN, inside: false }]).data;
    expect(iou(taken, UPPER)).toBeGreaterThan(0.95);
  });

  it("outside before any inside, or where nothing is, changes nothing; without clicks nothing is in it", () => {
    const away: Click = { x: 5, y: 5, inside: false };
    expect(frame.region([]).data.includes(1)).toBe(false);
    expect(frame.region([away]).data.includes(1)).toBe(false);
    expect(frame.region([UP, away]).data).toEqual(frame.region([UP]).data);
  });

  it("beside the frame is refused", () => {
    expect(() => frame.region([{ x: 96, y: 3, inside: true }])).toThrow(/outside the frame/u);
    expect(() => frame.region([UP, { x: -0.1, y: 3, inside: false }])).toThrow(/-0.1,3/u);
  });

  it("works in frames of any size, also where a thing leaves the picture or nothing can be told apart", () => {
    const odd = painted(61, 35, (x, y) => (isIn(x, y, [0, 0, 20, 21]) ? RED : GROUND));
    const { data } = frameOf(odd).region([{ x: 8, y: 9, inside: true }]);
    const own = data.filter((one, p) => one === 1 && isIn(p % 61, Math.floor(p / 61), [0, 0, 20, 21])).length;
    const all = data.reduce((sum, one) => sum + one, 0);
    expect(own / (20 * 21)).toBeGreaterThan(0.9);
    expect(own / all).toBeGreaterThan(0.9);
    const plain: RgbPicture = { width: 40, height: 40, data: new Uint8Array(4800).fill(77) };
    const blank = frameOf(plain).region([{ x: 20, y: 20, inside: true }]).data;
    expect(blank[20 * 40 + 20]).toBe(1);
  });

  it("any clicks give a mask that holds the last click inside, the same each time", () => {
    const place = fc.record({
      x: fc.integer({ min: 0, max: 95 }),
      y: fc.integer({ min: 0, max: 95 }),
      inside: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 3 }), (clicks) => {
        const { data } = frame.region(clicks);
        expect(data.every((one) => one <= 1)).toBe(true);
        const { x, y, inside } = clicks[clicks.length - 1];
        const isSame = clicks.some((one) => one.inside !== inside && one.x >> 2 === x >> 2 && one.y >> 2 === y >> 2);
        if (!isSame) expect(data[y * 96 + x]).toBe(inside ? 1 : 0);
        expect(frameOf(twoParts).region(clicks).data).toEqual(data);
      }),
      { numRuns: 8 },
    );
  });
});

/** Of a picture of 96 pixels. */
const cell = (x: number, y: number): number => Math.floor(y / STRIDE) * 24 + Math.floor(x / STRIDE);

describe("cells", () => {
  const graph = new CellGraph(twoParts, colourFeatures(twoParts));

  it("differ most where colours change", () => {
    const inner = graph.differenceBetween(cell(48, 32), cell(48, 36));
    const across = graph.differenceBetween(cell(48, 47), cell(48, 48));
    expect(across).toBeGreaterThan(4 * inner);
    expect(graph.differenceBetween(cell(48, 48), cell(48, 47))).toBe(across);
  });

  it("are the farther the more changes on the way; the order is by distance and holds all", () => {
    const { to, order } = graph.distancesFrom([cell(48, 36)]);
    expect(to[cell(48, 36)]).toBe(0);
    expect(to[cell(48, 60)]).toBeGreaterThan(to[cell(40, 28)]);
    expect(new Set(order).size).toBe(graph.cells);
    expect([...order].every((one, i) => i === 0 || to[one] >= to[order[i - 1]])).toBe(true);
    expect(graph.distancesFrom([]).order).toHaveLength(0);
  });

  it("are unlike what was clicked as much as they look it; the mean is 1", () => {
    const unlike = graph.unlikeness([cell(48, 36)]);
    expect(unlike[cell(40, 40)]).toBeLessThan(0.2);
    expect(unlike[cell(48, 60)]).toBeGreaterThan(1);
    expect(unlike.reduce((sum, one) => sum + one, 0) / unlike.length).toBeCloseTo(1, 4);
  });
});

it("the queue gives the nearest first, whatever was added when", () => {
  const steps = fc.array(fc.oneof(fc.double({ min: 0, max: 9, noNaN: true }), fc.constant(undefined)));
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new DistanceQueue();
      const waiting: [distance: number, cell: number][] = [];
      for (const [cell, distance] of [...all, ...all.map(() => undefined)].entries()) {
        if (distance !== undefined) {
          queue.add(cell, distance);
          waiting.push([distance, cell]);
          continue;
        }
        const next = queue.next();
        const least = Math.min(...waiting.map(([one]) => one));
        const at = waiting.findIndex(([, one]) => one === next);
        expect(next === -1 ? waiting.length : waiting[at][0]).toBe(next === -1 ? 0 : least);
        if (at >= 0) waiting.splice(at, 1);
      }
    }),
  );
});
