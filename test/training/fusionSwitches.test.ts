/** @file The three things of the adaptive fusion loss, switched off one by one. */
import { expect, test } from "vitest";
import { fusionSwitches, trainingConfig } from "../../src/training/config.ts";
import { objectiveParameters, partNames } from "../../src/training/objective.ts";
import { needsMotion } from "../../src/training/partFeeds.ts";

const all = { learnedWeights: true, importance: true, regionConsistency: true };
const none = { learnedWeights: false, importance: false, regionConsistency: false };
const config = (adaptiveFusion: object, ven = true) =>
  trainingConfig({
    steps: 1,
    valueExtraction: { enabled: ven },
    multiClusterSampler: { enabled: true },
    adaptiveFusion: { enabled: true, ...adaptiveFusion },
  });

test.each([
  [all, true, ["reconstruction", "weighted", "region"]],
  [{ ...none, learnedWeights: true }, true, ["reconstruction", "weighted"]],
  [{ ...none, importance: true }, true, ["reconstruction", "weighted"]],
  [{ ...none, regionConsistency: true }, true, ["weighted", "region"]],
  [none, true, ["weighted"]],
  [none, false, ["reconstruction"]],
  [{ ...none, importance: true }, false, ["reconstruction", "weighted"]],
  [{ ...none, learnedWeights: true }, false, ["reconstruction"]],
])("%o, value extraction %s: the losses are %o", (switches, ven, names) => {
  expect(partNames(config(switches, ven))).toEqual(names);
});

const learned = (switches: object) =>
  objectiveParameters(config(switches, false)).map(({ name, shape }) => `${name} ${shape.join("x")}`);

test("only what is switched on learns", () => {
  expect(learned({ ...none, learnedWeights: true })).toEqual(["fusion.sigma 1"]);
  expect(learned({ ...none, importance: true })).toEqual([
    "fusion.logVariance.weight 1x64x1x1",
    "fusion.logVariance.bias 1",
  ]);
  expect(learned({ ...none, regionConsistency: true })).toEqual([]);
});

test("off altogether, the switches say so, and regions need the sampler", () => {
  expect(fusionSwitches(trainingConfig({ steps: 1 }))).toEqual(none);
  expect(fusionSwitches(trainingConfig({ steps: 1, adaptiveFusion: { enabled: true } }))).toEqual({
    ...all,
    regionConsistency: false,
  });
});

const alone = (switches: object) =>
  needsMotion(trainingConfig({ steps: 1, adaptiveFusion: { enabled: true, ...switches } }));

test("importance needs motion, learned weights do not", () => {
  expect(alone({ ...none, importance: true })).toBe(true);
  expect(alone({ ...none, learnedWeights: true })).toBe(false);
});
