import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MovingRegion } from "../../src/motion/movingRegions.ts";
import { overlapOf, Tubes } from "../../src/discovery/tubes.ts";

const WIDTH = 40;

/** A square of cells. */
function region(x: number, y: number, side = 4, more: Partial<MovingRegion> = {}): MovingRegion {
  const cells = Array.from({ length: side * side }, (_, i) => (y + Math.floor(i / side)) * WIDTH + x + (i % side));
  const box = { left: x, top: y, right: x + side - 1, bottom: y + side - 1 };
  return { cells, ...box, strength: side * side, flow: [0, 0], atEdge: 0, ...more };
}

function follow(frames: readonly (readonly MovingRegion[])[]): Tubes {
  const tubes = new Tubes(WIDTH);
  for (const [i, regions] of frames.entries()) tubes.next(i, regions);
  return tubes;
}

describe("regions followed through time", () => {
  it("overlap where one is carried on", () => {
    expect(overlapOf(region(4, 4), region(4, 4), WIDTH)).toBe(1);
    expect(overlapOf(region(4, 4), region(6, 4), WIDTH)).toBeCloseTo(8 / 24, 9);
    expect(overlapOf(region(4, 4, 4, { flow: [2.2, 0] }), region(6, 4), WIDTH)).toBe(1);
    expect(overlapOf(region(4, 4), region(20, 4), WIDTH)).toBe(0);
    // Cells do not go on in the next row.
    expect(overlapOf(region(36, 4, 4, { flow: [4, 0] }), region(0, 5), WIDTH)).toBe(0);
  });

  it("one thing is one tube, another one another, each as long as it moves", () => {
    const { all } = follow(
      Array.from({ length: 6 }, (_, i) => [region(2 + i, 2), ...(i > 1 && i < 5 ? [region(30 - i, 20)] : [])]),
    );
    expect(all.map(({ number, firstFrame, lastFrame, frames }) => [number, firstFrame, lastFrame, frames])).toEqual([
      [1, 0, 5, 6],
      [2, 2, 4, 3],
    ]);
  });

  it("a short rest does not end it, a long one and a cut do", () => {
    const still: MovingRegion[][] = Array.from({ length: 8 }, () => []);
    const moving = [[region(5, 5)]];
    expect(follow([...moving, ...still.slice(1), ...moving]).all).toHaveLength(1);
    expect(follow([...moving, ...still, [], ...moving]).all).toHaveLength(2);
    const tubes = follow(moving);
    tubes.cut();
    tubes.next(1, moving[0]);
    expect(tubes.all).toHaveLength(2);
  });

  it("two that come close keep apart: the best sum of overlaps counts", () => {
    const frames = [
      [region(4, 4), region(8, 4)],
      [region(6, 4), region(10, 4)],
    ];
    const { all } = follow(frames);
    expect(all.map(({ latest }) => latest.left)).toEqual([6, 10]);
  });

  it("is seen best where much of it moves, whole and in the same form as before", () => {
    const cut = region(0, 4, 4, { atEdge: 0.25, strength: 30 });
    const frames = [[cut], [region(1, 4)], [region(1, 4, 4, { strength: 17 })], [region(1, 4, 2)]];
    expect(follow(frames).all[0].best.frame).toBe(2);
  });

  it("resumed after any frame it goes on the same way", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 36 }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(
        fc.array(fc.array(place, { maxLength: 3 }), { minLength: 1, maxLength: 15 }),
        fc.nat(),
        (clip, at) => {
          const frames = clip.map((places) => places.map(([x, y]) => region(x, y)));
          const cut = at % frames.length;
          const tubes = follow(frames.slice(0, cut));
          const again = new Tubes(WIDTH);
          again.resume(JSON.parse(JSON.stringify(tubes.state())));
          for (const [i, regions] of frames.entries()) if (i >= cut) again.next(i, regions);
          expect(again.all).toEqual(follow(frames).all);
          const total = again.all.reduce((sum, one) => sum + one.frames, 0);
          expect(total).toBe(frames.flat().length);
        },
      ),
    );
  });
});
