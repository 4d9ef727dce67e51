import { describe, expect, it, test } from "vitest";
import { type Edge, forEdges, meanLine } from "../../src/footage/edges.ts";
import { Histogram } from "../../src/footage/histogram.ts";
import { lumaOf, shrunkLuma } from "../../src/footage/luma.ts";
import { detailStep, smallFactor } from "../../src/footage/prepare.ts";
import { detrended, powerSpectrum } from "../../src/footage/spectrum.ts";
import { findView, structureOf } from "../../src/footage/viewWatch.ts";
import { Worst } from "../../src/footage/worst.ts";
import { clouds, drawn, SIZE } from "./clips.ts";

describe("quantiles in constant memory", () => {
  it("are those of the sorted values, exact to a bin", () => {
    const values = Array.from({ length: 1001 }, (_, i) => ((i * 617) % 1001) / 10);
    const histogram = new Histogram(128, 2048);
    for (const value of values) histogram.add(value);
    for (const share of [0.01, 0.25, 0.5, 0.9, 0.999])
      expect(Math.abs(histogram.quantile(share) - 100 * share)).toBeLessThan(0.2);
    expect(histogram.mean).toBeCloseTo(50, 5);
    expect(histogram.shareFrom(75)).toBeCloseTo(0.25, 2);
  });

  it("know nothing of nothing, and count what is beyond the limit in the last bin", () => {
    const histogram = new Histogram(10, 10);
    expect([histogram.count, histogram.mean, histogram.quantile(0.5), histogram.shareFrom(1)]).toEqual([0, 0, 0, 0]);
    histogram.add(1e9);
    histogram.add(-3);
    expect(histogram.shareFrom(9)).toBe(0.5);
    expect(histogram.quantile(1)).toBe(10);
  });

  it("weigh", () => {
    const histogram = new Histogram(10, 10);
    histogram.add(1.5, 3);
    histogram.add(7.5, 1);
    expect(histogram.mean).toBe(3);
    expect(histogram.quantile(0.75)).toBe(2);
  });
});

describe("a spectrum", () => {
  it("has the mean square of a wave at its number of periods", () => {
    const wave = Array.from({ length: 40 }, (_, i) => 3 * Math.sin((2 * Math.PI * 5 * i) / 40 + 1));
    const power = powerSpectrum(wave);
    expect(power).toHaveLength(21);
    power.forEach((value, k) => expect(value).toBeCloseTo(k === 5 ? 4.5 : 0, 9));
  });

  it("sums up to the mean square of any series without its mean", () => {
    const values = Array.from({ length: 30 }, (_, i) => ((i * 7919) % 101) / 10);
    const mean = values.reduce((sum, value) => sum + value, 0) / 30;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 30;
    expect(powerSpectrum(values).reduce((sum, value) => sum + value, 0)).toBeCloseTo(square, 9);
  });

  test("a straight line is taken away whole", () => {
    for (const value of detrended([3, 5, 7, 9, 11])) expect(value).toBeCloseTo(0, 12);
    expect(detrended([7])).toEqual([0]);
  });
});

const edgesOf = (line: readonly number[], least = 10): Edge[] => {
  const found: Edge[] = [];
  forEdges(Float32Array.from(line), least, (edge) => found.push(edge));
  return found;
};

const erf = (x: number): number => {
  let sum = 0;
  for (let i = 0; i < 2000; i++) sum += Math.exp(-(((x * (i + 0.5)) / 2000) ** 2)) * (x / 2000);
  return (2 / Math.sqrt(Math.PI)) * sum;
};

describe("edges on a line", () => {
  it("a jump is one wide, a ramp as wide as it is long", () => {
    expect(edgesOf([20, 20, 20, 120, 120])).toEqual([{ at: 2, height: 100, width: 1 }]);
    expect(edgesOf([20, 20, 40, 60, 80, 100, 100])).toEqual([{ at: 1, height: 80, width: 4 }]);
    expect(edgesOf([100, 75, 50, 25, 0])).toEqual([{ at: 0, height: 100, width: 4 }]);
  });

  it("a Gaussian's is √(2π)·σ", () => {
    for (const sigma of [2, 4]) {
      const [edge] = edgesOf(Array.from({ length: 61 }, (_, i) => 100 + 80 * erf((i - 30.5) / sigma / Math.SQRT2)));
      expect(edge.width / (Math.sqrt(2 * Math.PI) * sigma)).toBeCloseTo(1, 1);
    }
  });

  it("low ones do not count, and neither do steps below a level", () => {
    expect(edgesOf([20, 25, 20, 25])).toEqual([]);
    expect(edgesOf([0, 0.5, 1, 1.5, 2], 1)).toEqual([]);
    expect(edgesOf([])).toEqual([]);
    expect(edgesOf([5])).toEqual([]);
  });

  it("a ridge has two", () => {
    expect(edgesOf([0, 50, 0]).map(({ at, width }) => [at, width])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it("lines are means of three, also at the border", () => {
    const picture = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...meanLine(picture, [3, 3], { along: "row", index: 1 })]).toEqual([4, 5, 6]);
    expect([...meanLine(picture, [3, 3], { along: "column", index: 2 })]).toEqual(
      [8 / 3, 17 / 3, 26 / 3].map(Math.fround),
    );
  });
});

describe("luma", () => {
  it("is that of Rec. 601", () => {
    const luma = lumaOf({ width: 3, height: 1, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) });
    [76.245, 149.685, 29.07].forEach((value, i) => expect(luma[i]).toBeCloseTo(value, 3));
  });

  it("shrinks to means of squares; the remainder is left out", () => {
    const data = Uint8Array.from({ length: 3 * 5 * 3 }, (_, i) => 10 * (Math.floor(i / 3) % 5) + Math.floor(i / 15));
    const small = shrunkLuma({ width: 5, height: 3, data }, 2, [2, 1]);
    expect([...small.data].map((value) => Math.round(1e3 * value) / 1e3)).toEqual([5.5, 25.5]);
    const large = shrunkLuma({ width: 4, height: 4, data: new Uint8Array(48).fill(77) }, 4, [1, 1]);
    expect(large.data[0]).toBeCloseTo(77, 4);
  });
});

test("short clips are looked at more closely; small pictures have about 120 rows", () => {
  expect([1, 12, 24, 60, 10_000].map(detailStep)).toEqual([1, 1, 2, 5, 10]);
  const sizes = [
    { width: 854, height: 480 },
    { width: 1080, height: 1920 },
    { width: 100, height: 40 },
  ];
  expect(sizes.map(smallFactor)).toEqual([4, 9, 1]);
});

test("the worst frame is the first with the largest number", () => {
  const worst = new Worst();
  expect(worst.at).toBeUndefined();
  [3, NaN, 7, 7, 1].forEach((value, index) => worst.add({ index, timeSec: index / 10 }, value));
  expect(worst.at).toEqual({ frame: 2, timeSec: 0.2 });
});

const structure = (dx: number, dy: number, gain = 1) => {
  const data = drawn((x, y) => clouds(x - dx, y - dy).map((value) => gain * value) as [number, number, number]);
  return structureOf(shrunkLuma({ ...SIZE, data }, 2, [160, 120]));
};

describe("a view", () => {
  it("is found where it was, in any light", () => {
    expect(findView(structure(0, 0, 0.5), structure(0, 0))).toMatchObject({ dx: 0, dy: 0, inPlace: 1 });
  });

  it("is found where its contents have moved", () => {
    const { dx, dy, found, inPlace } = findView(structure(8, -6), structure(0, 0));
    expect([dx, dy]).toEqual([4, -3]);
    expect(found).toBeGreaterThan(0.9);
    expect(inPlace).toBeLessThan(0.3);
  });

  it("is not found in another one, and a flat one is anything", () => {
    expect(findView(structure(500, 300), structure(0, 0)).found).toBeLessThan(0.12);
    const none = structureOf({ width: 160, height: 120, data: new Float32Array(160 * 120).fill(90) });
    expect(findView(structure(0, 0), none).found).toBe(1);
  });
});
