import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, type GainMatrix } from "../../src/core/assignment.ts";

function matrix(gains: readonly (readonly number[])[]): GainMatrix {
  return { rows: gains.length, columns: gains[0]?.length ?? 0, gains: gains.flat() };
}

const sumOf = ({ columns, gains }: GainMatrix, pairs: readonly (readonly [number, number])[]): number =>
  pairs.reduce((sum, [row, column]) => sum + gains[row * columns + column], 0);

/** The largest sum of all ways to pair the shorter side. */
function bruteForce(given: GainMatrix): number {
  const { rows, columns, gains } = given;
  const isWide = rows <= columns;
  const at = (short: number, long: number): number =>
    isWide ? gains[short * columns + long] : gains[long * columns + short];
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  const best = (from: number, used: ReadonlySet<number>): number => {
    if (from === short) return 0;
    let most = -Infinity;
    for (let to = 0; to < long; to++)
      if (!used.has(to)) most = Math.max(most, at(from, to) + best(from + 1, new Set([...used, to])));
    return most;
  };
  return best(0, new Set());
}

const sized = (value: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, columns]) =>
      fc
        .array(value, { minLength: rows * columns, maxLength: rows * columns })
        .map((gains): GainMatrix => ({ rows, columns, gains })),
    );

describe("assignment", () => {
  it("gives up the best pair where that is better for all", () => {
    expect(
      assign(
        matrix([
          [10, 9],
          [9, 1],
        ]),
      ),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it("pairs the shorter side completely", () => {
    expect(assign(matrix([[1, 5, 3]]))).toEqual([[0, 1]]);
    expect(assign(matrix([[1], [5], [3]]))).toEqual([[1, 0]]);
    expect(assign(matrix([]))).toEqual([]);
    expect(assign({ rows: 3, columns: 0, gains: [] })).toEqual([]);
  });

  it("of equal gains, takes the pairs that SciPy takes", () => {
    expect(assign({ rows: 3, columns: 3, gains: Array.from({ length: 9 }, () => 1) })).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(assign({ rows: 2, columns: 3, gains: Array.from({ length: 6 }, () => 0) })).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it.each([
    ["any gains", fc.double({ min: -10, max: 10, noNaN: true })],
    ["gains with ties", fc.integer({ min: 0, max: 2 })],
  ])("%s: as good as the best of all ways, every row and column once", (_, value) => {
    fc.assert(
      fc.property(sized(value), (given) => {
        const pairs = assign(given);
        expect(pairs).toHaveLength(Math.min(given.rows, given.columns));
        expect(new Set(pairs.map(([row]) => row)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
        expect(sumOf(given, pairs)).toBeCloseTo(bruteForce(given), 9);
      }),
      { numRuns: 300 },
    );
  });

  it("does 200 × 300 within a second", () => {
    const gains = Float64Array.from({ length: 60_000 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1);
    const begin = performance.now();
    expect(assign({ rows: 200, columns: 300, gains })).toHaveLength(200);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
