/** Values by SciPy 1.17 and NumPy 2.4: `scipy.stats.t`, `f_oneway`, the sandwich estimator of a constant's standard error. */
import { describe, expect, it } from "vitest";
import {
  clustersFor,
  differenceInterval,
  MOST_CLUSTERS,
  scoreInterval,
  spreadOf,
  unseenShare,
} from "../../src/metrics/clusterMean.ts";
import { Random } from "../../src/core/random.ts";
import { studentProbability, studentQuantile } from "../../src/metrics/studentT.ts";

const CLUSTERS = [[0.9, 0.8], [0.7], [0.95, 0.85, 0.9], [0.4, 0.5]];

describe("Student's t", () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 19, 2.0930240544083087],
    [0.995, 7, 3.4994832973504924],
    [0.9, 100, 1.290074761346516],
    [0.05, 3, -2.353363434801824],
    [0.975, 1_000_000, 1.959966356814107],
    [0.975, 0.5, 164.55767348048818],
    [0.6, 12, 0.25903274567688733],
  ])("the quantile %f with %f degrees of freedom is %f", (p, degrees, t) => {
    expect(studentQuantile(p, degrees) / t).toBeCloseTo(1, 9);
  });

  it.each([
    [0, 3, 0.5],
    [1.5, 5, 0.9030481598787634],
    [-2.5, 2, 0.06480586011075541],
    [10, 30, 0.9999999999771237],
    [0.3, 1e6, 0.617911391010503],
  ])("P(T ≤ %f) with %f degrees of freedom is %f", (t, degrees, p) => {
    expect(studentProbability(t, degrees)).toBeCloseTo(p, 10);
  });

  it.each([
    [0, 3],
    [1, 3],
    [0.5, 0],
    [Number.NaN, 3],
  ])("refuses p = %f with %f degrees", (p, degrees) => {
    expect(() => studentQuantile(p, degrees)).toThrow("internal: the t quantile");
  });
});

describe("the mean of clustered scores", () => {
  it("has the cluster-robust standard error and an interval on the logit scale", () => {
    const found = scoreInterval(CLUSTERS);
    expect(found.mean).toBeCloseTo(0.75, 12);
    expect(found.standardError).toBeCloseTo(0.11226827987756233, 12);
    expect(found.low).toBeCloseTo(0.3085466801532821, 9);
    expect(found.high).toBeCloseTo(0.9527611265927596, 9);
    expect(found).toMatchObject({ clusters: 4, values: 8 });
  });

  it("clusters without values do not count", () => {
    expect(scoreInterval([...CLUSTERS, [], []])).toEqual(scoreInterval(CLUSTERS));
  });

  it("repeating every frame changes nothing: it is no evidence", () => {
    const twice = scoreInterval(CLUSTERS.map((own) => [...own, ...own]));
    const once = scoreInterval(CLUSTERS);
    expect(twice.low).toBeCloseTo(once.low, 12);
    expect(twice.high).toBeCloseTo(once.high, 12);
  });

  it("of one cluster or none nothing is known", () => {
    expect(scoreInterval([[0.9, 0.91, 0.9]])).toMatchObject({
      low: 0,
      high: 1,
      clusters: 1,
      standardError: Number.NaN,
    });
    expect(scoreInterval([])).toMatchObject({ mean: Number.NaN, low: 0, high: 1, clusters: 0 });
  });

  it("clusters that are all alike leave room for those that were not met", () => {
    const found = scoreInterval(Array.from({ length: 20 }, () => [0.9]));
    const unseen = 1 - 0.025 ** (1 / 20);
    expect(found.mean).toBeCloseTo(0.9, 12);
    expect(found.low).toBeCloseTo(0.9 * (1 - unseen), 12);
    expect(found.high).toBeCloseTo(0.9 + 0.1 * unseen, 12);
    expect(scoreInterval([[1], [1], [1]])).toMatchObject({ mean: 1, high: 1 });
    expect(scoreInterval([[0], [0], [0]])).toMatchObject({ mean: 0, low: 0 });
  });

  it("a difference has SciPy's t interval, and an endless one of a single cluster", () => {
    const found = differenceInterval([[0.02], [0.05], [-0.01], [0.04], [0.03]]);
    expect(found.mean).toBeCloseTo(0.026, 12);
    expect(found.low).toBeCloseTo(-0.0025852519098702245, 10);
    expect(found.high).toBeCloseTo(0.05458525190987023, 10);
    expect(differenceInterval([[0.1, 0.2]])).toMatchObject({ low: -Infinity, high: Infinity });
  });
});

describe("how many clusters", () => {
  it("the spread is that of the analysis of variance", () => {
    const { between = 0, within = 0 } = spreadOf(CLUSTERS) ?? {};
    expect(between).toBeCloseTo(0.21213203435596423, 12);
    expect(within).toBeCloseTo(0.061237243569579436, 12);
  });

  it("no spread can be told from one cluster, or where each has one value", () => {
    expect(spreadOf([[0.1, 0.2]])).toBeUndefined();
    expect(spreadOf([[0.1], [0.2]])).toBeUndefined();
    expect(spreadOf([[0.5, 0.7], [0.6]])?.between).toBe(0);
  });

  it.each([
    [0.12, 0.1, 1, 0.03, 107],
    [0.12, 0.1, 3, 0.03, 79],
    [0.2, 0.1, 2, 0.1, 20],
    [0.01, 0.01, 1, 0.5, 2],
  ])(
    "spread %f between and %f within, %i frames each, ± %f: %i clusters, as counted up in SciPy",
    (between, within, per, reach, count) => {
      expect(clustersFor({ between, within }, per, reach)).toBe(count);
    },
  );

  it("more than anyone labels is undefined", () => {
    expect(clustersFor({ between: 0.3, within: 0.3 }, 1, 1e-6)).toBeUndefined();
    expect(clustersFor({ between: 0, within: 0 }, 1, 0)).toBe(2);
    expect(MOST_CLUSTERS).toBeGreaterThan(10_000);
  });

  it("the share that may not have been met is the rule of three", () => {
    expect(unseenShare(20)).toBeCloseTo(1 - 0.05 ** 0.05, 12);
    expect(unseenShare(300)).toBeCloseTo(3 / 300, 3);
    // Met with this share, none of the clusters is of the kind in exactly 5 % of all sites.
    expect((1 - unseenShare(12)) ** 12).toBeCloseTo(0.05, 12);
  });
});

it("independent values: the interval covers the truth in about 95 % of a few hundred samples", () => {
  const random = new Random(7);
  let covered = 0;
  for (let sample = 0; sample < 400; sample++) {
    const values = Array.from({ length: 15 }, () => [random.uniform(0.4, 1)]);
    const { low, high } = scoreInterval(values);
    if (low <= 0.7 && 0.7 <= high) covered++;
  }
  expect(covered / 400).toBeGreaterThan(0.92);
  expect(covered / 400).toBeLessThan(0.98);
});
