import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LabelledFrame, renderProductionLine } from "../../src/synthetic/productionLine.ts";
import { PART_NAMES } from "../../src/synthetic/scene.ts";
import { bolt, bracket, gear, roundedBox, type Shape } from "../../src/synthetic/shapes.ts";
import { type Hit, type Ray, Solid } from "../../src/synthetic/solids.ts";

const SHAPES: [string, Shape][] = [
  ["gear", gear(4.1, 16)],
  ["bracket", bracket(7, 2.4)],
  ["box", roundedBox(3.9, 2.8, 0.15)],
  ["bolt", bolt(5.6, 1.7)],
];
const coordinate = fc.double({ min: -7, max: 7, noNaN: true });

describe("outlines", () => {
  it("a rounded box has exact distances", () => {
    const box = roundedBox(3, 2, 1);
    expect(box(0, 0)).toBeCloseTo(-2, 12);
    expect(box(5, 0)).toBeCloseTo(2, 12);
    expect(box(0, -2.5)).toBeCloseTo(0.5, 12);
    expect(box(3, 2)).toBeCloseTo(Math.SQRT2 - 1, 12);
  });

  it("a gear has a bore and five holes", () => {
    const disc = gear(4, 16);
    expect(disc(0, 0)).toBeGreaterThan(0);
    expect(disc(2.2, 0)).toBeGreaterThan(0);
    expect(disc(2.2 * Math.cos(Math.PI / 5), 2.2 * Math.sin(Math.PI / 5))).toBeLessThan(0);
  });

  it.each(SHAPES)("%s: a ray that advances by the distance never jumps over the outline", (_, shape) => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), (x, y, angle) => {
        const distance = shape(x, y);
        fc.pre(distance > 0.02);
        for (let i = 1; i < 20; i++) {
          const gone = (0.999 * distance * i) / 20;
          expect(shape(x + gone * Math.cos(angle), y + gone * Math.sin(angle))).toBeGreaterThan(-1e-9);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Where a ray first enters a solid that lies at the origin: by tiny steps down. */
function meetSlowly(shape: Shape, top: number, ray: Ray): number | undefined {
  for (let z = top; z > 0; z -= 0.002) {
    const drop = ray.eye - z;
    if (shape(ray.x + ray.slopeX * drop, ray.y + ray.slopeY * drop) < 0) return z;
  }
  return undefined;
}

describe("rays", () => {
  it.each(SHAPES)("%s: met where tiny steps meet it", (_, shape) => {
    const solid = new Solid({ shape, radius: 5.3, top: 3, bevel: 0.2, material: () => {}, label: 1 });
    solid.place(0, 0, 0);
    const slope = fc.double({ min: -0.7, max: 0.7, noNaN: true });
    let met = 0;
    let differ = 0;
    fc.assert(
      fc.property(coordinate, coordinate, slope, slope, (x, y, slopeX, slopeY) => {
        const ray: Ray = { x: x - 50 * slopeX, y: y - 50 * slopeY, eye: 52, slopeX, slopeY };
        const hit: Hit = { body: undefined, z: -Infinity, u: 0, v: 0, side: false };
        solid.meet(ray, hit);
        const slow = meetSlowly(shape, 3, ray);
        if (slow !== undefined) met++;
        if ((hit.body === undefined) !== (slow === undefined)) differ++;
        else if (slow !== undefined && Math.abs(hit.z - slow) > 0.1) differ++;
      }),
      { numRuns: 1500, seed: 7 },
    );
    expect(met).toBeGreaterThan(90);
    expect(differ / met).toBeLessThan(0.02); // rays that touch an edge within the tolerance of the march
  });
});

function clip(options: Parameters<typeof renderProductionLine>[0]): LabelledFrame[] {
  return [...renderProductionLine(options)];
}

/** Visible pixels of a part in every frame. */
function areas(frames: readonly LabelledFrame[], id: number): number[] {
  return frames.map(({ labels }) => labels.data.reduce((sum, label) => sum + (label === id ? 1 : 0), 0));
}

/** Mean x of the visible pixels of the box. */
function boxCentre({ labels }: LabelledFrame): number {
  const at = [...labels.data.entries()].filter(([, label]) => label === 3).map(([i]) => i % labels.width);
  return at.reduce((sum, x) => sum + x, 0) / at.length;
}

describe("the clip", () => {
  it("is the same for the same seed and another for another", () => {
    const small = { width: 96, height: 54, frames: 3 };
    const [one, again, other] = [5, 5, 6].map((seed) => clip({ ...small, seed }));
    expect(again).toEqual(one);
    expect(other[0].frame.data).not.toEqual(one[0].frame.data);
    expect(other[0].labels.data).not.toEqual(one[0].labels.data);
  });

  it("names and times its frames", () => {
    const frames = clip({ width: 33, height: 35, frames: 3, fps: 20 }).map(({ frame }) => frame);
    expect(frames.map(({ index, name, timeSec }) => [index, name, timeSec])).toEqual([
      [0, "00000", 0],
      [1, "00001", 0.05],
      [2, "00002", 0.1],
    ]);
    for (const { data } of frames) expect(data.length).toBe(33 * 35 * 3);
  });

  it.each([1, 2, 3, 4])(
    "seed %i: four parts, apart, most of the time in the picture, some hidden and back again",
    (seed) => {
      const frames = clip({ width: 240, height: 136, frames: 16, seed });
      expect(new Set(frames[0].labels.data)).toEqual(new Set([0, 1, 2, 3, 4]));
      for (const [i] of PART_NAMES.entries()) {
        const area = areas(frames, i + 1);
        expect(area[0]).toBeGreaterThan(120);
        expect(area.filter((now) => now > 0.5 * area[0]).length).toBeGreaterThanOrEqual(8);
      }
      const gearAreas = areas(frames, 1);
      expect(Math.min(...gearAreas)).toBeLessThan(0.65 * gearAreas[0]);
      expect(gearAreas[15]).toBeGreaterThan(0.75 * gearAreas[0]);
    },
  );

  it("parts move with the belt, about as far as everything on it", () => {
    const frames = clip({ width: 240, height: 136, frames: 5 });
    const moved = boxCentre(frames[1]) - boxCentre(frames[0]);
    expect(moved).toBeGreaterThan(20);
    expect(moved).toBeLessThan(30);
  });

  it("has noise and a changing exposure", () => {
    const frames = clip({ width: 96, height: 54, frames: 24 });
    const means = frames.map(({ frame }) => frame.data.reduce((a, b) => a + b, 0) / frame.data.length);
    expect(Math.max(...means) / Math.min(...means)).toBeGreaterThan(1.03);
    expect(Math.min(...means)).toBeGreaterThan(70);
    expect(Math.max(...means)).toBeLessThan(170);
    expect(frames[1].frame.data).not.toEqual(frames[0].frame.data);
  });

  it.each([{ width: 31 }, { height: 10.5 }, { frames: 0 }])("refuses %o", (options) => {
    expect(() => clip(options)).toThrow(/of the rendered clip: got .* expected a whole number/);
  });
});
