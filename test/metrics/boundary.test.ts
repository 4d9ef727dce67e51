import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bitmap,
  bitmapOfLabels,
  countCommon,
  countPixels,
  dilateByDisk,
  without,
} from "../../src/metrics/bitmap.ts";
import { boundaryAccuracy, boundaryOf, boundaryTolerance } from "../../src/metrics/boundaryAccuracy.ts";
import { regionSimilarity } from "../../src/metrics/regionSimilarity.ts";
import { type Binary, boundary, dilate, fMeasure, jaccard } from "../reference/boundary.ts";

const ONE = Uint8Array.from({ length: 256 }, (_, label) => (label === 1 ? 1 : 0));
const bits = (binary: Binary): Bitmap => bitmapOfLabels(binary, ONE);

/** Back to one byte per pixel; fails if a bit behind the last column is set. */
function pixels({ width, height, wordsPerRow, words }: Bitmap): Binary {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < wordsPerRow * 32; x++) {
      const bit = (words[y * wordsPerRow + (x >> 5)] >>> (x & 31)) & 1;
      if (x < width) data[y * width + x] = bit;
      else expect(bit).toBe(0);
    }
  return { width, height, data };
}

function both(a: Binary, b: Binary): number[] {
  return [regionSimilarity(bits(a), bits(b)), boundaryAccuracy(bits(a), bits(b))];
}

function drawing(rows: readonly string[]): Binary {
  const data = Uint8Array.from(rows.join(""), (character) => (character === "#" ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

/** Noise, or a few rectangles and single pixels; widths around the word size included. */
const sizes = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 100)),
  fc.integer({ min: 1, max: 24 }),
);
function masks(width: number, height: number): fc.Arbitrary<Binary> {
  const noise = fc.uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height });
  const box = fc.tuple(fc.nat(width - 1), fc.nat(height - 1), fc.nat(width), fc.nat(height));
  const boxes = fc.array(box, { maxLength: 4 }).map((all) => {
    const data = new Uint8Array(width * height);
    for (const [left, top, w, h] of all)
      for (let y = top; y < Math.min(height, top + h); y++)
        data.fill(1, y * width + left, y * width + Math.min(width, left + w));
    return data;
  });
  return fc.oneof(noise, boxes).map((data) => ({ width, height, data }));
}
const pairs = sizes.chain(([width, height]) => fc.tuple(masks(width, height), masks(width, height)));

describe("bitmaps against the slow reference", () => {
  it("pack, count and meet like bytes", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(pixels(bits(a))).toEqual(a);
        expect(countPixels(bits(a))).toBe(a.data.filter((value) => value === 1).length);
        expect(countCommon(bits(a), bits(b))).toBe(a.data.filter((value, i) => value * b.data[i] === 1).length);
        expect(pixels(without(bits(a), bits(b))).data).toEqual(a.data.map((value, i) => value * (1 - b.data[i])));
      }),
    );
  });

  it("dilate by every disk like the structuring element", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 0, max: 11 }), ([mask], radius) => {
        expect(pixels(dilateByDisk(bits(mask), radius))).toEqual(dilate(mask, radius));
      }),
      { numRuns: 200 },
    );
  });

  it("find the same boundary", () => {
    fc.assert(
      fc.property(pairs, ([mask]) => {
        expect(pixels(boundaryOf(bits(mask)))).toEqual(boundary(mask));
      }),
    );
  });

  it("give the same J and F", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(regionSimilarity(bits(a), bits(b))).toBe(jaccard(a, b));
        expect(boundaryAccuracy(bits(a), bits(b))).toBe(fMeasure(a, b));
      }),
    );
  });

  it("are not compared across sizes", () => {
    expect(() => regionSimilarity(bits(drawing(["#."])), bits(drawing(["#"])))).toThrow(
      "internal: bitmaps of 2x1 and 1x1",
    );
  });
});

describe("by hand", () => {
  it("a disk of radius 2 is a diamond with thick arms", () => {
    const dot = drawing([".......", ".......", ".......", "...#...", ".......", ".......", "......."]);
    expect(pixels(dilateByDisk(bits(dot), 2))).toEqual(
      drawing([".......", "...#...", "..###..", ".#####.", "..###..", "...#...", "......."]),
    );
  });

  it("a boundary lies half a pixel towards the origin, and the borders of the picture have their own rules", () => {
    expect(pixels(boundaryOf(bits(drawing([".....", "..##.", "..##.", "....."]))))).toEqual(
      drawing([".###.", ".#.#.", ".###.", "....."]),
    );
    // Last row: the right neighbour only. Last column: the lower one only. Last corner: never.
    expect(pixels(boundaryOf(bits(drawing(["...", "..#", "##."]))))).toEqual(drawing([".##", "###", ".#."]));
  });

  it("the tolerance is 0.8 % of the diagonal, rounded up", () => {
    expect([
      boundaryTolerance(854, 480),
      boundaryTolerance(1920, 1080),
      boundaryTolerance(432, 240),
      boundaryTolerance(1, 1),
    ]).toEqual([8, 18, 4, 1]);
  });

  const empty = drawing(["....", "....", "...."]);
  const some = drawing(["....", ".##.", "...."]);
  const full = drawing(["####", "####", "####"]);

  it("empty masks agree with one another and with nothing else", () => {
    expect(both(empty, empty)).toEqual([1, 1]);
    expect(both(empty, some)).toEqual([0, 0]);
    expect(both(some, empty)).toEqual([0, 0]);
    expect(both(some, some)).toEqual([1, 1]);
  });

  it("a full picture has no boundary, so F takes it for an empty mask while J does not", () => {
    expect(boundaryAccuracy(bits(full), bits(empty))).toBe(1);
    expect(regionSimilarity(bits(full), bits(empty))).toBe(0);
  });

  it("J is the intersection over the union", () => {
    expect(regionSimilarity(bits(drawing(["##.."])), bits(drawing([".##."])))).toBe(1 / 3);
  });
});
