import { describe, expect, test } from "vitest";
import { CANDIDATE, candidateKinds } from "../../src/inspection/candidatePicture.ts";
import { cellLabels } from "../../src/inspection/cellLabels.ts";
import { checkPixels, movingPixels } from "../../src/inspection/pixels.ts";
import { ClusterHues, drawRegions } from "../../src/inspection/regionPicture.ts";
import { DESCRIPTOR_DIMS } from "../../src/method/cellDescriptors.ts";
import type { SampledClusters } from "../../src/method/multiClusterSampler.ts";
import { NOT_SAMPLED } from "../../src/method/samplingPrior.ts";
import type { MotionMap } from "../../src/motion/motionEstimator.ts";

/** A sample of clusters with these lightnesses; 2×1 cells, the first cluster left, the second right. */
function sampleOf(lightness: readonly number[], targetLike: readonly boolean[] = []): SampledClusters {
  const centres = Float32Array.from({ length: lightness.length * DESCRIPTOR_DIMS }, (_, i) =>
    i % DESCRIPTOR_DIMS === 0 ? lightness[i / DESCRIPTOR_DIMS] : 0,
  );
  const labels = [Uint8Array.of(0, 1), Uint8Array.of(1, 2)];
  const logPrior = Float32Array.of(1, 0.5, NOT_SAMPLED, 0, 1, 0, 0, 0, 1);
  const grid = { width: 2, height: 1 };
  const clusters = lightness.length;
  return { clusters, grid, labels, outlines: labels, descriptors: [], centres, targetLike, logPrior };
}

describe("clusters keep their hues", () => {
  test("whatever their numbers are", () => {
    const hues = new ClusterHues();
    const first = hues.next(sampleOf([-0.8, 0, 0.8]));
    expect(new Set(first).size).toBe(3);
    expect(hues.next(sampleOf([0.78, -0.82, 0.03]))).toEqual([first[2], first[0], first[1]]);
  });

  test("a new one gets a hue of its own, also beside fewer than before", () => {
    const hues = new ClusterHues();
    const [dark, , light] = hues.next(sampleOf([-0.8, 0, 0.8]));
    const [same, other, fresh] = hues.next(sampleOf([0.8, -0.8, -5]));
    expect([same, other]).toEqual([light, dark]);
    expect([light, dark]).not.toContain(fresh);
  });
});

test("regions: full colour where a cluster moves, pale elsewhere, a line between", () => {
  const picture = { width: 8, height: 4, data: new Uint8Array(8 * 4 * 3) };
  const sample = sampleOf([0, 0.5], [true, false]);
  const view = { labels: sample.labels[0], stride: 4, hues: [0, 0] };
  const { data } = drawRegions(picture, sample, view);
  const at = (x: number) => [...data.subarray(3 * (8 + x), 3 * (8 + x) + 3)];
  expect(at(0)).toEqual([128, 0, 0]);
  expect(at(7)).toEqual([128, 83, 83]);
  expect(at(3)).toEqual([115, 0, 0]);
});

test("candidates of a cell by the sampler's table", () => {
  const sample = sampleOf([0, 0.5, 1]);
  expect([...candidateKinds(sample, 0, 1)]).toEqual([CANDIDATE.other, CANDIDATE.none]);
  expect([...candidateKinds(sample, 1, 1)]).toEqual([CANDIDATE.own, CANDIDATE.other]);
});

test("labels of cells reach to the edge of pictures that end within a cell", () => {
  const { data } = cellLabels(Uint8Array.of(1, 2, 3, 4), 2, 2, { width: 3, height: 3 });
  expect([...data]).toEqual([1, 1, 2, 1, 1, 2, 3, 3, 4]);
});

/** 20 × 20 cells; 3 × 3 of them move around each of these. */
const map = (strong: readonly number[]): MotionMap => {
  const strength = new Float32Array(400);
  for (const c of strong) for (const d of [-21, -20, -19, -1, 0, 1, 19, 20, 21]) strength[c + d] = 1;
  return { width: 20, height: 20, strength, flow: new Float32Array(800), kind: "motion" };
};

describe("pixels", () => {
  const clip = { width: 200, height: 100 };

  test("the middles of what moves, apart from one another", () => {
    // Middles at (5, 5) and (14, 10) of 20 × 20 cells of 10 × 5 pixels.
    const found = movingPixels(map([105, 214]), 2, clip);
    expect(found).toHaveLength(2);
    for (const [x, y] of [
      [55, 27],
      [145, 52],
    ])
      expect(found.some((pixel) => Math.abs(pixel.x - x) <= 20 && Math.abs(pixel.y - y) <= 10)).toBe(true);
    expect(movingPixels(map([105, 107]), 2, clip)).toHaveLength(1);
  });

  test("the centre where nothing moves", () => {
    expect(movingPixels(map([]), 2, clip)).toEqual([{ x: 100, y: 50 }]);
  });

  test("outside the frame", () => {
    expect(() =>
      checkPixels(
        [
          { x: 199, y: 99 },
          { x: 0, y: 0 },
        ],
        clip,
      ),
    ).not.toThrow();
    expect(() => checkPixels([{ x: 200, y: 0 }], clip)).toThrow(
      "the pixel lies outside the frame: got 200,0, expected 0,0 to 199,99",
    );
    expect(() => checkPixels([{ x: 3, y: -1 }], clip)).toThrow("got 3,-1");
  });
});
