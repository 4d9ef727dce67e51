import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bitmap, bitmapOfLabels, complement, countPixels } from "../../src/metrics/bitmap.ts";
import { objectsIn } from "../../src/metrics/davis.ts";
import { deepErrorScorer, deepPixels, marginOf } from "../../src/metrics/deepErrors.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";

/** A digit a pixel; v is 255. */
function labels(...rows: readonly string[]): LabelMap {
  const data = Uint8Array.from(rows.join(""), (character) => (character === "v" ? 255 : Number(character)));
  return { width: rows[0].length, height: rows.length, data };
}

const ONE = Uint8Array.from({ length: 256 }, (_, label) => Number(label === 1));
const pixels = (map: LabelMap): Bitmap => bitmapOfLabels(map, ONE);

/** A rectangle of label 1, bounds from included to excluded. */
function rectangle(width: number, height: number, [left, top, right, bottom]: readonly number[]): LabelMap {
  const data = Uint8Array.from({ length: width * height }, (_, p) => {
    const [x, y] = [p % width, Math.floor(p / width)];
    return Number(x >= left && x < right && y >= top && y < bottom);
  });
  return { width, height, data };
}

describe("the other pixels", () => {
  it.each([1, 31, 32, 33, 64, 70])("of a picture %i wide", (width) => {
    const none = rectangle(width, 3, [0, 0, 0, 0]);
    const all = complement(pixels(none));
    expect(countPixels(all)).toBe(3 * width);
    expect(countPixels(complement(all))).toBe(0);
    expect(countPixels(complement(pixels(rectangle(width, 3, [0, 0, 1, 2]))))).toBe(3 * width - 2);
  });
});

describe("deep errors of a frame", () => {
  it("nothing is deep in a mask that is right, or that errs within the margin", () => {
    const truth = pixels(rectangle(40, 30, [10, 10, 30, 20]));
    expect(deepPixels(truth, truth, 2)).toEqual({ eaten: 0, leaked: 0 });
    expect(deepPixels(pixels(rectangle(40, 30, [12, 12, 28, 18])), truth, 2)).toEqual({ eaten: 0, leaked: 0 });
    expect(deepPixels(pixels(rectangle(40, 30, [8, 10, 30, 20])), truth, 2)).toEqual({ eaten: 0, leaked: 0 });
  });

  it("a lost object is eaten but for its rim: 20 x 10 without 2 pixels all around", () => {
    const truth = pixels(rectangle(40, 30, [10, 10, 30, 20]));
    const none = pixels(rectangle(40, 30, [0, 0, 0, 0]));
    expect(deepPixels(none, truth, 2)).toEqual({ eaten: 16 * 6, leaked: 0 });
    // Its left half: the rim of what is left is not the truth's.
    expect(deepPixels(pixels(rectangle(40, 30, [20, 10, 30, 20])), truth, 2)).toEqual({ eaten: 8 * 6, leaked: 0 });
  });

  it("a mask that runs on is leaked from beyond the margin: 5 of 7 columns", () => {
    const truth = pixels(rectangle(40, 30, [10, 10, 20, 20]));
    expect(deepPixels(pixels(rectangle(40, 30, [10, 10, 27, 20])), truth, 2)).toEqual({ eaten: 0, leaked: 5 * 10 });
  });

  it("the edge of the picture is no border of the object", () => {
    const truth = pixels(rectangle(40, 30, [0, 0, 10, 30]));
    const none = pixels(rectangle(40, 30, [0, 0, 0, 0]));
    expect(deepPixels(none, truth, 2).eaten).toBe(8 * 30);
    const full = pixels(rectangle(40, 30, [0, 0, 40, 30]));
    expect(deepPixels(none, full, 2)).toEqual({ eaten: 40 * 30, leaked: 0 });
  });

  it("without an object everything is leaked", () => {
    const none = pixels(rectangle(40, 30, [0, 0, 0, 0]));
    expect(deepPixels(pixels(rectangle(40, 30, [3, 3, 8, 7])), none, 2)).toEqual({ eaten: 0, leaked: 20 });
  });

  it("are those that a search over all pixels finds", () => {
    const map = fc
      .array(fc.constantFrom(0, 1), { minLength: 35 * 9, maxLength: 35 * 9 })
      .map((data): LabelMap => ({ width: 35, height: 9, data: Uint8Array.from(data) }));
    fc.assert(
      fc.property(map, map, fc.integer({ min: 0, max: 3 }), (predicted, real, margin) => {
        expect(deepPixels(pixels(predicted), pixels(real), margin)).toEqual(slowly(predicted, real, margin));
      }),
      { numRuns: 30 },
    );
  });
});

/** The definition, pixel by pixel. */
function slowly(predicted: LabelMap, real: LabelMap, margin: number): { eaten: number; leaked: number } {
  const { width } = real;
  const isNear = (p: number, label: number): boolean =>
    real.data.some(
      (other, q) =>
        other === label &&
        Math.hypot((p % width) - (q % width), Math.floor(p / width) - Math.floor(q / width)) <= margin,
    );
  const all = [...real.data.keys()];
  return {
    eaten: all.filter((p) => real.data[p] === 1 && predicted.data[p] === 0 && !isNear(p, 0)).length,
    leaked: all.filter((p) => predicted.data[p] === 1 && !isNear(p, 1)).length,
  };
}

describe("deep errors of a sequence", () => {
  it("the margin grows with the picture: 8 pixels at 480 rows", () => {
    expect([240, 480, 720, 1080, 100].map(marginOf)).toEqual([4, 8, 12, 18, 2]);
  });

  it("are shares of all true pixels, summed over the frames", () => {
    // 120 rows: a margin of 2.
    const [small, large] = [rectangle(60, 120, [10, 10, 20, 20]), rectangle(60, 120, [10, 10, 30, 30])];
    const none = rectangle(60, 120, [0, 0, 0, 0]);
    const scorer = deepErrorScorer(objectsIn(small), "background");
    scorer.add(none, small);
    scorer.add(large, large);
    scorer.add(small, none);
    expect(scorer.score()).toEqual({ 1: { eaten: (6 * 6) / 500, leaked: 100 / 500 } });
  });

  it("every object has its own; a mask of the wrong object is missed by one and false for the other", () => {
    const truth = labels(...Array.from({ length: 6 }, () => "111222"));
    const swapped = labels(...Array.from({ length: 6 }, () => "222111"));
    // Margin 0: every error is deep.
    const scorer = deepErrorScorer(objectsIn(truth), "background");
    scorer.add(swapped, truth);
    expect(scorer.score()).toEqual({ 1: { eaten: 1, leaked: 1 }, 2: { eaten: 1, leaked: 1 } });
  });

  it("binary truth takes 1 and 255; void counts as background or not at all", () => {
    const binary = deepErrorScorer(objectsIn(labels("0vvv")), "background");
    binary.add(labels("1110"), labels("0vvv"));
    expect(binary.score()).toEqual({ 1: { eaten: 1 / 3, leaked: 1 / 3 } });
    const shares = (how: "background" | "ignore"): unknown => {
      const scorer = deepErrorScorer(objectsIn(labels("2v10")), how);
      scorer.add(labels("0110"), labels("0v10"));
      return scorer.score()["1"];
    };
    expect(shares("background")).toEqual({ eaten: 0, leaked: 1 });
    expect(shares("ignore")).toEqual({ eaten: 0, leaked: 0 });
  });

  it("an object that is in no scored frame has no shares", () => {
    const scorer = deepErrorScorer(objectsIn(labels("12")), "background");
    scorer.add(labels("10"), labels("10"));
    expect(scorer.score()["2"]).toEqual({ eaten: Number.NaN, leaked: Number.NaN });
  });
});
