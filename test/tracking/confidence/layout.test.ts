import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { sameLayout } from "../../../src/tracking/confidence/layout.ts";

const WIDTH = 40;
const cell = ([x, y]: readonly [number, number]): number => y * WIDTH + x;

const places = [
  [4, 4],
  [8, 4],
  [8, 10],
  [4, 12],
  [6, 7],
] as const;
const before = places.map(cell);

describe("the arrangement of a thing's parts", () => {
  it("is the same when it moves, grows and turns", () => {
    expect(
      sameLayout(
        places.map(([x, y]) => cell([x + 9, y + 3])),
        before,
        WIDTH,
      ),
    ).toBeCloseTo(1, 6);
    expect(
      sameLayout(
        places.map(([x, y]) => cell([2 * x, 2 * y])),
        before,
        WIDTH,
      ),
    ).toBeCloseTo(1, 6);
    expect(
      sameLayout(
        places.map(([x, y]) => cell([30 - y, x])),
        before,
        WIDTH,
      ),
    ).toBeCloseTo(1, 6);
  });

  it("is another one when it is mirrored, or all parts are in one place", () => {
    expect(
      sameLayout(
        places.map(([x, y]) => cell([30 - x, y])),
        before,
        WIDTH,
      ),
    ).toBeLessThan(0.8);
    expect(
      sameLayout(
        places.map(() => cell([5, 5])),
        before,
        WIDTH,
      ),
    ).toBe(0);
  });

  it("is low for cells in any order", () => {
    const random = new Random(1);
    const many = Array.from({ length: 32 }, () => cell([random.integer(WIDTH), random.integer(20)]));
    const any = Array.from({ length: 32 }, () => cell([random.integer(WIDTH), random.integer(20)]));
    expect(sameLayout(any, many, WIDTH)).toBeLessThan(0.4);
    expect(sameLayout(many, many, WIDTH)).toBeCloseTo(1, 6);
  });

  it("says nothing of fewer than four parts", () => {
    expect(sameLayout(before.slice(0, 3), before.slice(0, 3), WIDTH)).toBe(0.5);
    expect(sameLayout([], [], WIDTH)).toBe(0.5);
  });

  it("equals the best correlation over all turns, tried one by one", () => {
    const random = new Random(3);
    for (let round = 0; round < 5; round++) {
      const a = Array.from({ length: 6 }, () => [random.integer(WIDTH), random.integer(20)] as const);
      const b = Array.from({ length: 6 }, () => [random.integer(WIDTH), random.integer(20)] as const);
      expect(sameLayout(a.map(cell), b.map(cell), WIDTH)).toBeCloseTo(bestTurn(a, b), 3);
    }
  });
});

const size = (list: readonly (readonly [number, number])[]): number =>
  list.reduce((sum, [x, y]) => sum + x * x + y * y, 0);

/** By trial. */
function bestTurn(a: readonly (readonly [number, number])[], b: readonly (readonly [number, number])[]): number {
  const centred = (list: typeof a): [number, number][] => {
    const [x, y] = [0, 1].map((axis) => list.reduce((sum, place) => sum + place[axis], 0) / list.length);
    return list.map((place) => [place[0] - x, place[1] - y]);
  };
  const [from, to] = [centred(a), centred(b)];
  let best = -1;
  for (let angle = 0; angle < 2 * Math.PI; angle += 0.002) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const dot = from.reduce(
      (sum, [x, y], i) => sum + (cos * x - sin * y) * to[i][0] + (sin * x + cos * y) * to[i][1],
      0,
    );
    best = Math.max(best, dot / Math.sqrt(size(from) * size(to)));
  }
  return best;
}
