/** @file Which losses, parameters and traits follow from the parts that are switched on. */
import { expect, test } from "vitest";
import { type TrainingConfigInput, trainingConfig } from "../../src/training/config.ts";
import { objectiveParameters } from "../../src/training/objective.ts";
import { parts } from "../../src/training/parts/index.ts";
import { definePart, type Part } from "../../src/training/parts/part.ts";
import { minimisedTerms, partsOf, termsOf } from "../../src/training/runParts.ts";

const all = { learnedWeights: true, importance: true, regionConsistency: true };
const none = { learnedWeights: false, importance: false, regionConsistency: false };
const run = (given: TrainingConfigInput = {}) => partsOf(trainingConfig({ steps: 1, ...given }));
const fusing = (adaptiveFusion: object, ven = true) =>
  run({
    valueExtraction: { enabled: ven },
    multiClusterSampler: { enabled: true },
    adaptiveFusion: { enabled: true, ...adaptiveFusion },
  });

test.each(["guide", "claims"])("two parts that both say %s are a bug of ours", (what) => {
  const twin = (key: string): Part =>
    definePart({
      key,
      schema: parts[0].schema,
      ...(what === "claims" ? { claims: () => 1 } : {}),
      on: () => (what === "guide" ? { guide: () => ({}) } : {}),
    });
  const config = { ...trainingConfig({ steps: 1 }), one: { enabled: true }, other: { enabled: true } };
  expect(() => partsOf(config, [twin("one")])).not.toThrow();
  expect(() => partsOf(config, [twin("one"), twin("other")])).toThrow(/internal: two parts/);
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
  expect(minimisedTerms(fusing(switches, ven)).map(({ name }) => name)).toEqual(names);
});

test("what is not minimised is still written down", () => {
  const watched = termsOf(fusing(none)).filter(({ role }) => role === "watched");
  expect(watched.map(({ name }) => name)).toEqual(["reconstruction", "region"]);
});

test("without reconstruction the parts that read its affinity have no losses", () => {
  const given = {
    reconstruction: { enabled: false },
    cycleConsistency: { enabled: true },
    valueExtraction: { enabled: true },
    multiClusterSampler: { enabled: true },
    adaptiveFusion: { enabled: true },
  };
  expect(termsOf(run(given)).map(({ name }) => name)).toEqual(["cycle"]);
});

const learned = (switches: object) =>
  objectiveParameters(fusing(switches, false)).map(({ name, shape }) => `${name} ${shape.join("x")}`);

test("only what is switched on learns", () => {
  expect(learned({ ...none, learnedWeights: true })).toEqual(["fusion.sigma 1"]);
  expect(learned({ ...none, importance: true })).toEqual([
    "fusion.logVariance.weight 1x64x1x1",
    "fusion.logVariance.bias 1",
  ]);
  expect(learned({ ...none, regionConsistency: true })).toEqual([]);
});

test("regions are a loss with the sampler only", () => {
  expect(minimisedTerms(run({ adaptiveFusion: { enabled: true } })).map(({ name }) => name)).toEqual([
    "reconstruction",
    "weighted",
  ]);
});

test("importance needs motion, learned weights do not", () => {
  const motion = (switches: object) => run({ adaptiveFusion: { enabled: true, ...switches } }).traits.motion;
  expect(motion({ ...none, importance: true })).toBe(true);
  expect(motion({ ...none, learnedWeights: true })).toBe(false);
  expect(run().traits.motion).toBe(false);
});

test("the places of a batch: those that a part claims, then pairs apart in time", () => {
  expect(run({ variant: "nano", size: 64, pairs: 5, pseudoMotion: { enabled: true, pairs: 2 } }).plan).toEqual({
    claimed: 2,
    temporal: 3,
    references: 1,
    cells: 8,
    stride: 8,
    channels: 32,
  });
});

test("the names of inputs are unique, and every part fits its block", () => {
  const enabled = { enabled: true };
  const { active } = run(Object.fromEntries(parts.map(({ key }) => [key, enabled])));
  const names = active.flatMap(({ inputs = {} }) => Object.keys(inputs));
  expect(names).toHaveLength(new Set(names).size);
  expect(active).toHaveLength(parts.length);
});
