/** @file The parts are shown as the weights were learned with them. */
import { expect, test } from "vitest";
import { learnedSettings } from "../../src/inspection/learnedSettings.ts";
import { readLearned } from "../../src/method/learned.ts";
import { samplerDefaults } from "../../src/method/multiClusterSampler.ts";

const settings = (config: object) => learnedSettings(readLearned({ config: JSON.stringify(config) }));

test("weights without notes: the defaults, and a sampler that training did without", () => {
  expect(settings({})).toEqual({
    radius: 6,
    similarity: "scaledDot",
    temperature: 0.07,
    sampler: samplerDefaults,
    sampled: undefined,
  });
});

test("a sampler that was switched off shows its clusters all the same", () => {
  const found = settings({ multiClusterSampler: { enabled: false, clusters: 5, windowCentres: true } });
  expect([found.sampler.clusters, found.sampled]).toEqual([5, undefined]);
});

test("one that was on counts for the value map too", () => {
  const config = { radius: 4, similarity: "cosine", temperature: 0.05 };
  const found = settings({ ...config, multiClusterSampler: { enabled: true, clusters: 7, windowCentres: true } });
  expect(found).toEqual({
    ...config,
    sampler: { ...samplerDefaults, clusters: 7 },
    sampled: { clusters: 7, windowCentres: true },
  });
});
