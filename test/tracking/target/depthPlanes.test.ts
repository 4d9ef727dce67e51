import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { depthPlanes } from "../../../src/tracking/target/depthPlanes.ts";

/** Two objects of ten cells each, then ten of the ground. */
const labels = 3;
const weights = Float32Array.from({ length: 30 * labels }, (_, i) =>
  Number(Math.floor(i / labels / 10) === ((i % labels) + 2) % 3),
);
const at = (first: number, second: number, ground: number): Float32Array =>
  Float32Array.from({ length: 30 }, (_, cell) => [first, second, ground][Math.floor(cell / 10)]);

describe("depth planes", () => {
  it("1 at an object's depth, -1 elsewhere, 0 where depth is unknown", () => {
    const depth = at(1, 2, 3);
    const now = depth.slice();
    now[25] = Number.NaN;
    const planes = depthPlanes(now, { weights, depth, labels });
    expect(planes).toHaveLength(60);
    expect([planes[0], planes[10], planes[20], planes[25]]).toEqual([1, -1, -1, 0]);
    expect([planes[30], planes[40], planes[50], planes[55]]).toEqual([-1, 1, -1, 0]);
  });

  it("half a margin away is neither; a sloping object reaches from end to end", () => {
    const flat = { weights, depth: at(2, 5, 9), labels };
    // The margin is 4.5 % of 2.
    expect(depthPlanes(Float32Array.of(2.045, 2.1, 1.955), flat)[0]).toBeCloseTo(0, 4);
    expect(depthPlanes(Float32Array.of(2.045, 2.1, 1.955), flat)[1]).toBe(-1);
    expect(depthPlanes(Float32Array.of(2.045, 2.1, 1.955), flat)[2]).toBeCloseTo(0, 4);
    const sloping = flat.depth.map((value, cell) => (cell < 10 ? 2 + cell / 10 : value));
    const planes = depthPlanes(Float32Array.of(2.2, 2.5, 2.75, 4), { ...flat, depth: sloping });
    expect([planes[0], planes[1], planes[3]]).toEqual([1, 1, -1]);
    expect(planes[2]).toBeGreaterThan(0.5);
  });

  it("says nothing of an object that is not seen", () => {
    const none = { weights: new Float32Array(90), depth: at(1, 2, 3), labels };
    expect([...depthPlanes(at(1, 2, 3), none)].every((value) => value === 0)).toBe(true);
  });

  it("does not depend on the unit, and stays within -1..1", () => {
    const metres = at(1.5, 2.5, 3);
    const near = fc.array(fc.double({ min: 0.5, max: 8, noNaN: true }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(near, (values) => {
        const one = depthPlanes(Float32Array.from(values), { weights, depth: metres, labels });
        const millimetres = { weights, depth: metres.map((value) => 1000 * value), labels };
        const other = depthPlanes(
          Float32Array.from(values, (value) => 1000 * value),
          millimetres,
        );
        for (const [i, value] of one.entries()) {
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
          expect(other[i]).toBeCloseTo(value, 3);
        }
      }),
    );
  });
});
