/**
 * @file Successive halving (Karnin, Koren & Somekh 2013; Jamieson & Talwalkar 2016) of settings: many are put to few
 * tests, the best to more; those that are left are compared with the usual settings on tests that chose nothing.
 */
import { type ClusterMean, differenceInterval } from "../../metrics/clusterMean.ts";
import { quantile } from "../../metrics/bootstrap.ts";
import { meanOf } from "../../metrics/statistics.ts";

/** What a test of settings gave. */
export interface TestResult {
  /** Index of the test. */
  readonly test: number;
  /** 0..1, higher is better; NaN: nothing to score. */
  readonly score: number;
  readonly framesPerSecond: number;
}

/** A choice with what is known of it. */
export interface Tested<Choice> {
  readonly choice: Choice;
  readonly results: readonly TestResult[];
}

/** Tests of the first round, and the share that gets to the next one. */
const FIRST_TESTS = 2;
const KEPT = 1 / 3;
/** Choices of the last comparison. */
export const FINALISTS = 3;

/** Tests that halving takes of so many choices, with so many tests to choose by. */
export function testsNeeded(choices: number, tests: number): number {
  const first = Math.min(FIRST_TESTS, tests);
  return choices * first + Math.max(FINALISTS, Math.ceil(KEPT * choices)) * (tests - first);
}

/**
 * The best choices, the best first; those too slow fall out in the first round.
 * @param test puts a choice to the test of this index
 */
export async function halved<Choice>(
  choices: readonly Choice[],
  tests: number,
  leastSpeed: number,
  test: (choice: Choice, index: number) => Promise<TestResult>,
): Promise<{ readonly finalists: readonly Tested<Choice>[]; readonly all: readonly Tested<Choice>[] }> {
  const run = async (tested: Tested<Choice>, from: number, to: number): Promise<Tested<Choice>> => {
    const results = [...tested.results];
    for (let index = from; index < to; index++) results.push(await test(tested.choice, index));
    return { choice: tested.choice, results };
  };
  const firstTests = Math.min(FIRST_TESTS, tests);
  const first: Tested<Choice>[] = [];
  for (const choice of choices) first.push(await run({ choice, results: [] }, 0, firstTests));
  const fast = first.filter((one) => speedOf(one) >= leastSpeed);
  const kept = best(fast, Math.max(FINALISTS, Math.ceil(KEPT * choices.length)));
  const second: Tested<Choice>[] = [];
  for (const one of kept) second.push(await run(one, firstTests, tests));
  const all = first.map((one) => second.find(({ choice }) => choice === one.choice) ?? one);
  return { finalists: best(second, FINALISTS), all };
}

function best<Choice>(tested: readonly Tested<Choice>[], count: number): Tested<Choice>[] {
  const score = (one: Tested<Choice>): number => {
    const mean = scoreOf(one);
    return Number.isNaN(mean) ? Number.NEGATIVE_INFINITY : mean;
  };
  return tested.toSorted((a, b) => score(b) - score(a)).slice(0, count);
}

/** Mean of all scores. */
export function scoreOf({ results }: Pick<Tested<unknown>, "results">): number {
  return meanOf(results.map(({ score }) => score));
}

/** Frames a second, the median over the tests: the first one also prepares the encoder. */
export function speedOf({ results }: Pick<Tested<unknown>, "results">): number {
  return quantile(
    results.map(({ framesPerSecond }) => framesPerSecond).toSorted((a, b) => a - b),
    0.5,
  );
}

/** How sure a gain over the usual settings must be: both sides of the interval together. */
const LEVEL = 0.9;

/** What was chosen. */
export interface Chosen<Choice> {
  /** Undefined: the usual settings. */
  readonly choice: Choice | undefined;
  readonly reason: string;
  /** Of the best choice over the usual settings; undefined where there is nothing to choose from. */
  readonly gain: ClusterMean | undefined;
}

/**
 * Chooses by tests that halving did not see.
 * @param usual the usual settings on the same tests
 * @param leastSpeed frames a second that are wanted; 0: any
 */
export function choose<Choice>(
  finalists: readonly Tested<Choice>[],
  usual: Pick<Tested<Choice>, "results">,
  leastSpeed: number,
): Chosen<Choice> {
  const isTooSlow = speedOf(usual) < leastSpeed;
  const [top] = best(
    finalists.filter((one) => speedOf(one) >= leastSpeed),
    1,
  );
  if (top === undefined) {
    const slow = `the usual settings make ${speedOf(usual).toFixed(1)} frames/s`;
    const reason = isTooSlow
      ? `nothing reaches ${leastSpeed} frames/s; ${slow}`
      : `nothing else reaches ${leastSpeed} frames/s, and ${slow}`;
    return { choice: undefined, reason, gain: undefined };
  }
  const gain = differenceInterval(gains(usual.results, top.results), LEVEL);
  const text = `${signed(gain.mean)} points against the usual settings, at least ${signed(gain.low)} with 95 % certainty`;
  if (isTooSlow) {
    const speeds = `${speedOf(top).toFixed(1)} frames/s where the usual settings make ${speedOf(usual).toFixed(1)}`;
    return { choice: top.choice, reason: `the best of those that are fast enough: ${speeds}; ${text}`, gain };
  }
  if (gain.low > 0) return { choice: top.choice, reason: `better: ${text}`, gain };
  return { choice: undefined, reason: `nothing is better by more than noise; the best: ${text}`, gain };
}

/** In the tests that both were put to. */
function gains(before: readonly TestResult[], after: readonly TestResult[]): number[][] {
  const then = new Map(before.map(({ test, score }) => [test, score]));
  return after.flatMap(({ test, score }) => {
    const gain = score - (then.get(test) ?? Number.NaN);
    return Number.isNaN(gain) ? [] : [[gain]];
  });
}

/**
 * The score of settings over all tests that the usual ones were put to: theirs, and what is gained in those that both
 * were put to. Tests differ far more than settings do, so means over different tests cannot be compared.
 */
export function comparableScore(
  one: Pick<Tested<unknown>, "results">,
  usual: Pick<Tested<unknown>, "results">,
): number {
  return scoreOf(usual) + meanOf(gains(usual.results, one.results).flat());
}

function signed(score: number): string {
  if (!Number.isFinite(score)) return "nothing known";
  return `${score < 0 ? "−" : "+"}${Math.abs(100 * score).toFixed(1)}`;
}
