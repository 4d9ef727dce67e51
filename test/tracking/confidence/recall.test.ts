import { describe, expect, it } from "vitest";
import { Recall } from "../../../src/tracking/confidence/recall.ts";

const WIDTH = 6;
const LABELS = 3;

/** Cells of one label each, a digit for each cell. */
function weightsOf(...rows: readonly string[]): Float32Array {
  const cells = Array.from(rows.join(""), Number);
  return Float32Array.from({ length: cells.length * LABELS }, (_, i) =>
    cells[Math.floor(i / LABELS)] === i % LABELS ? 1 : 0,
  );
}

describe("taking an object back", () => {
  const recalled = weightsOf("110001", "110001", "000000");
  const recall = (weights: Float32Array): Recall => new Recall(weights, recalled, LABELS, WIDTH);

  it("takes what hangs together with the most of it, and nothing of other objects", () => {
    const weights = weightsOf("000000", "020000", "000000");
    recall(weights).takeBack(1, 6);
    expect(weights).toEqual(weightsOf("110000", "120000", "000000"));
  });

  it("adds to what was carried already", () => {
    const weights = weightsOf("000000", "000001", "000001");
    const one = recall(weights);
    one.takeBack(1, 6);
    expect(weights).toEqual(weightsOf("110000", "110001", "000001"));
    const most = weightsOf("000000", "000111", "000111");
    recall(most).takeBack(1, 6);
    expect(most).toEqual(weightsOf("000001", "000111", "000111"));
  });

  it("dropped before, nothing that was carried counts", () => {
    const weights = weightsOf("000000", "000111", "000112");
    const one = recall(weights);
    one.drop(1);
    expect(weights).toEqual(weightsOf("000000", "000000", "000002"));
    one.takeBack(1, 6);
    expect(weights).toEqual(weightsOf("110000", "110000", "000002"));
  });

  it("of parts of like size takes the one nearest to where it was", () => {
    const both = weightsOf("110011", "110011", "000000");
    const none = weightsOf("000000", "000000", "000000");
    const take = (last?: { x: number; y: number }): Float32Array => {
      const weights = none.slice();
      new Recall(weights, both, LABELS, WIDTH).takeBack(1, 4, last);
      return weights;
    };
    expect(take({ x: 5, y: 2 })).toEqual(weightsOf("000011", "000011", "000000"));
    expect(take({ x: 1, y: 2 })).toEqual(weightsOf("110000", "110000", "000000"));
    expect(take()).toEqual(weightsOf("110000", "110000", "000000"));
    // A much smaller one is not taken, however near.
    const small = none.slice();
    new Recall(small, weightsOf("110000", "110001", "000000"), LABELS, WIDTH).takeBack(1, 4, { x: 5, y: 1 });
    expect(small).toEqual(weightsOf("110000", "110000", "000000"));
  });

  it("grows by the cells beside it alone, two at a time", () => {
    const wide = weightsOf("111111", "000000", "111111");
    const weights = weightsOf("100000", "000000", "000000");
    const one = new Recall(weights, wide, LABELS, WIDTH);
    one.grow(1, 6);
    expect(weights).toEqual(weightsOf("111000", "000000", "000000"));
    // Neither over the edge of the picture nor elsewhere.
    const elsewhere = weightsOf("000000", "100000", "000000");
    new Recall(elsewhere, weightsOf("000011", "000000", "000111"), LABELS, WIDTH).grow(1, 6);
    expect(elsewhere).toEqual(weightsOf("000000", "100000", "000000"));
  });

  it("leaves all as it is where there is too little of it, or nothing new", () => {
    const weights = weightsOf("000000", "000000", "000000");
    recall(weights).takeBack(1, 100);
    recall(weights).takeBack(2, 4);
    expect(weights).toEqual(weightsOf("000000", "000000", "000000"));
    const whole = recalled.slice();
    recall(whole).takeBack(1, 4);
    expect(whole).toEqual(recalled);
  });
});
