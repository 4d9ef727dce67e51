/** @file Shifts of label weights by hand, and what holds for any. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shiftWeights } from "../../../src/tracking/target/shiftWeights.ts";

/** One cell after shifts by object. */
function shifted(weights: readonly number[], shifts: readonly (number | undefined)[]): number[] {
  const out = Float32Array.from(weights);
  shiftWeights(
    out,
    weights.length,
    shifts.map((shift) => (shift === undefined ? undefined : Float32Array.of(shift))),
  );
  return [...out];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** A cell's weights, which sum to 1, and a shift for every object. */
const cell = fc.integer({ min: 1, max: 6 }).chain((objects) =>
  fc.record({
    weights: fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: objects + 1,
        maxLength: objects + 1,
      })
      .filter((weights) => sum(weights) > 0.01)
      .map((weights) => weights.map((weight) => weight / sum(weights))),
    shifts: fc.array(fc.oneof(fc.constant(undefined), fc.double({ min: -0.5, max: 0.5, noNaN: true })), {
      minLength: objects,
      maxLength: objects,
    }),
  }),
);

describe("one object", () => {
  it.each([
    [0.5, 0.5],
    [0.2, -0.3],
    [0.97, 0.25],
    [0.002, 0.5],
    [0.998, -0.5],
  ])("%f by %f: the sigmoid of the shifted logit", (p, shift) => {
    const logit = Math.log(p / (1 - p)) + shift;
    const [rest, object] = shifted([1 - p, p], [shift]);
    expect(object).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
    expect(rest).toBeCloseTo(1 - object, 6);
  });

  it("from 0 on advice for it begins at the floor, from 1 on advice against it at one minus that", () => {
    const floor = 0.001;
    const risen = floor * Math.exp(0.5);
    expect(shifted([1, 0], [0.5])[1]).toBeCloseTo(risen / (1 + risen), 7);
    const sunk = Math.exp(-0.5);
    expect(shifted([0, 1], [-0.5])[1]).toBeCloseTo(sunk / (sunk + floor), 7);
  });

  it("advice against 0 and for 1 changes nothing", () => {
    for (const weights of [
      [1, 0],
      [0.9995, 0.0005],
    ])
      expect(shifted(weights, [-0.5])).toEqual([...Float32Array.from(weights)]);
    for (const weights of [
      [0, 1],
      [0.0005, 0.9995],
    ])
      expect(shifted(weights, [0.5])).toEqual([...Float32Array.from(weights)]);
  });

  it("advice again and again ends at 0 and 1, and comes back", () => {
    let weights = [0.5, 0.5];
    for (let i = 0; i < 100; i++) weights = shifted(weights, [-0.5]);
    expect(weights[1]).toBeLessThanOrEqual(0.001);
    for (let i = 0; i < 30; i++) weights = shifted(weights, [0.5]);
    expect(weights[1]).toBeGreaterThan(0.99);
  });
});

describe("several objects", () => {
  it("by hand: weights times e to the shift, over their sum", () => {
    const [a, b, c] = [0.2, 0.5 * Math.exp(0.4), 0.3 * Math.exp(-0.2)];
    const got = shifted([0.2, 0.5, 0.3], [0.4, -0.2]);
    [a, b, c].forEach((value, i) => expect(got[i]).toBeCloseTo(value / (a + b + c), 6));
  });

  it("weights go on summing to 1, none below 0, whatever is said", () => {
    fc.assert(
      fc.property(cell, ({ weights, shifts }) => {
        const got = shifted(weights, shifts);
        expect(sum(got)).toBeCloseTo(1, 5);
        for (const weight of got) expect(weight >= 0 && weight <= 1.000001).toBe(true);
      }),
    );
  });

  it("their order does not matter", () => {
    fc.assert(
      fc.property(cell, ({ weights: [rest, ...weights], shifts }) => {
        const turned = shifted([rest, ...weights.toReversed()], shifts.toReversed());
        const wanted = shifted([rest, ...weights], shifts);
        expect(turned[0]).toBeCloseTo(wanted[0], 6);
        turned.slice(1).forEach((weight, i) => expect(weight).toBeCloseTo(wanted[wanted.length - 1 - i], 6));
      }),
    );
  });

  it("where nothing is said nothing changes, to the bit", () => {
    fc.assert(
      fc.property(cell, ({ weights }) => {
        const kept = [...Float32Array.from(weights)];
        expect(shifted(weights, weights.slice(1).fill(0))).toEqual(kept);
        expect(
          shifted(
            weights,
            weights.slice(1).map(() => undefined),
          ),
        ).toEqual(kept);
        expect(shifted(weights, [])).toEqual(kept);
      }),
    );
  });
});

it("cells are shifted one by one, those without weights stay without", () => {
  const weights = Float32Array.of(0.5, 0.5, 0, 0, 0.5, 0.5);
  shiftWeights(weights, 2, [Float32Array.of(0, 0.5, 0.5)]);
  const risen = Math.exp(0.5) / (1 + Math.exp(0.5));
  [0.5, 0.5, 0, 0, 1 - risen, risen].forEach((value, i) => expect(weights[i]).toBeCloseTo(value, 6));
});

it("the sum of what is shifted stays as it was", () => {
  const weights = Float32Array.of(0.2, 0.2, 0.1);
  shiftWeights(weights, 3, [Float32Array.of(0.5), undefined]);
  expect(sum([...weights])).toBeCloseTo(0.5, 6);
});
