import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { GridCut, NEIGHBOURS } from "../../../src/tracking/masks/gridCut.ts";

/** A grid whose costs are listed, so that a slow search can try every cut. */
interface Grid {
  readonly width: number;
  readonly height: number;
  readonly costs: readonly (readonly [asSource: number, asSink: number])[];
  readonly ties: readonly { readonly a: number; readonly b: number; readonly d: number; readonly cost: number }[];
}

function randomGrid(width: number, height: number, seed: number, largest: number): Grid {
  const random = new Random(seed);
  const whole = (): number => random.integer(largest + 1);
  const costs = Array.from({ length: width * height }, () => [whole(), whole()] as const);
  const ties = costs.flatMap((_, a) =>
    NEIGHBOURS.flatMap(([dx, dy], d) => {
      const [x, y] = [(a % width) + dx, Math.floor(a / width) + dy];
      const inside = x >= 0 && x < width && y >= 0 && y < height;
      return d > 3 && inside ? [{ a, b: y * width + x, d, cost: whole() }] : [];
    }),
  );
  return { width, height, costs, ties };
}

function costOf({ costs, ties }: Grid, sides: ArrayLike<number>): number {
  const own = costs.reduce((sum, [asSource, asSink], i) => sum + (sides[i] === 1 ? asSource : asSink), 0);
  return ties.reduce((sum, { a, b, cost }) => sum + (sides[a] === sides[b] ? 0 : cost), own);
}

function cutOf({ width, height, costs, ties }: Grid): Uint8Array {
  const cut = new GridCut(width, height);
  costs.forEach(([asSource, asSink], i) => cut.setCosts(i % width, Math.floor(i / width), asSource, asSink));
  for (const { a, d, cost } of ties) cut.setTie(a % width, Math.floor(a / width), d, cost);
  return cut.cut();
}

/** Every cut of up to 16 cells. */
function cheapest(grid: Grid): number {
  const cells = grid.costs.length;
  let best = Infinity;
  for (let bits = 0; bits < 2 ** cells; bits++) {
    const sides = Array.from({ length: cells }, (_, i) => (bits >> i) & 1);
    best = Math.min(best, costOf(grid, sides));
  }
  return best;
}

/** The side of a lone cell. */
const alone = (asSource: number, asSink: number) =>
  cutOf({ width: 1, height: 1, costs: [[asSource, asSink]], ties: [] })[0];

describe("the minimum cut of a grid", () => {
  it("a lone cell takes the cheaper side; a draw is the sink's", () => {
    expect([alone(1, 2), alone(2, 1), alone(1, 1)]).toEqual([1, 0, 0]);
  });

  it("a strong tie outweighs a cell's own wish, a weak one does not", () => {
    const costs = [
      [0, 10],
      [3, 0],
    ] as const;
    const row = (cost: number) => cutOf({ width: 2, height: 1, costs, ties: [{ a: 0, b: 1, d: 4, cost }] });
    expect([...row(4)]).toEqual([1, 1]);
    expect([...row(2)]).toEqual([1, 0]);
  });

  it("diagonal neighbours are tied too", () => {
    const costs = [
      [0, 9],
      [0, 0],
      [0, 0],
      [2, 0],
    ] as const;
    expect([...cutOf({ width: 2, height: 2, costs, ties: [{ a: 0, b: 3, d: 7, cost: 5 }] })]).toEqual([1, 0, 0, 1]);
  });

  it.each([1, 2, 20])("as cheap as the cheapest of all cuts, costs up to %i", (largest) => {
    for (let seed = 0; seed < 40; seed++) {
      const [width, height] = [
        [1, 9],
        [2, 4],
        [3, 3],
        [5, 2],
      ][seed % 4];
      const grid = randomGrid(width, height, seed, largest);
      expect(costOf(grid, cutOf(grid))).toBe(cheapest(grid));
    }
  });

  it("of a larger grid no change of a single cell or of a row is cheaper", () => {
    const grid = randomGrid(40, 30, 7, 100);
    const sides = cutOf(grid);
    const cost = costOf(grid, sides);
    for (let i = 0; i < sides.length; i++) {
      const other = sides.slice();
      other[i] = 1 - other[i];
      expect(costOf(grid, other)).toBeGreaterThanOrEqual(cost);
    }
    for (let y = 0; y < 30; y++)
      for (const side of [0, 1]) {
        const other = sides.slice().fill(side, y * 40, (y + 1) * 40);
        expect(costOf(grid, other)).toBeGreaterThanOrEqual(cost);
      }
  });
});
