/** Settings that are tried, halving, and the choice at its end. */
import { describe, expect, it } from "vitest";
import { tuneChoices } from "../../src/site/tune/grid.ts";
import {
  choose,
  comparableScore,
  halved,
  speedOf,
  type Tested,
  type TestResult,
  testsNeeded,
} from "../../src/site/tune/tuning.ts";
import { tasks } from "../../src/tasks/index.ts";

const result = (test: number, score: number, framesPerSecond = 10): TestResult => ({
  test,
  score,
  framesPerSecond,
});
const tested = (choice: string, scores: readonly number[], speed = 10): Tested<string> => ({
  choice,
  results: scores.map((score, i) => result(i, score, speed)),
});

describe("the grid", () => {
  it("has each setting once, sizes only below the footage's own, single changes before pairs", () => {
    const all = tuneChoices(400, {});
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ tracker }) => JSON.stringify(tracker))).size).toBe(all.length);
    expect(all.map(({ tracker }) => tracker["shortSide"]).filter(Boolean)).not.toContain(480);
    expect(all.some(({ tracker }) => tracker["shortSide"] === 360)).toBe(true);
    const changes = all.map(({ tracker }) => Object.keys(tracker).length);
    expect(changes.indexOf(2)).toBeGreaterThan(changes.lastIndexOf(1));
  });

  it("leaves out what the site's settings are already", () => {
    const names = tuneChoices(300, { mode: "live" }).map(({ name }) => name);
    expect(names).not.toContain("live");
    expect(names).toContain("live, top 5");
  });

  it("holds nothing that tracking does not take", () => {
    for (const { tracker } of tuneChoices(2000, {}))
      expect(() => tasks.track.parse({ video: "a", labels: ["b"], out: "c", ...tracker })).not.toThrow();
  });
});

describe("halving", () => {
  /** True scores: the later the better. */
  const choices = Array.from({ length: 12 }, (_, i) => i);
  const asked: [number, number][] = [];
  const test = async (choice: number, index: number): Promise<TestResult> => {
    asked.push([choice, index]);
    return result(index, choice / 20 + index / 100, choice === 11 ? 1 : 10);
  };

  const broken = async (choice: number, index: number): Promise<TestResult> =>
    choice > 5 ? result(index, Number.NaN) : test(choice, index);

  it("finds the best with as many tests as it says, each choice and test once", async () => {
    asked.length = 0;
    const { finalists, all } = await halved(choices, 4, 0, test);
    expect(finalists.map(({ choice }) => choice)).toEqual([11, 10, 9]);
    expect(asked).toHaveLength(testsNeeded(12, 4));
    expect(new Set(asked.map(String)).size).toBe(asked.length);
    expect(all.map(({ choice }) => choice)).toEqual(choices);
    expect(all.map(({ results }) => results.length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4]);
  });

  it("those that are too slow fall out", async () => {
    const { finalists } = await halved(choices, 4, 5, test);
    expect(finalists.map(({ choice }) => choice)).toEqual([10, 9, 8]);
    expect((await halved(choices, 4, 99, test)).finalists).toEqual([]);
  });

  it("a choice that never gets a score is the last", async () => {
    expect((await halved(choices, 4, 0, broken)).finalists.map(({ choice }) => choice)).toEqual([5, 4, 3]);
  });

  it("with one test, and with one choice", async () => {
    expect((await halved(choices, 1, 0, test)).finalists).toHaveLength(3);
    expect((await halved([3], 4, 0, test)).finalists.map(({ choice }) => choice)).toEqual([3]);
  });
});

it("speed is the median: a first test that prepares the encoder does not count for all", () => {
  expect(speedOf({ results: [result(0, 1, 0.5), result(1, 1, 10), result(2, 1, 11)] })).toBe(10);
});

it("scores are compared in the tests that both were put to", () => {
  const usual = tested("usual", [0.2, 0.4, 0.9]);
  expect(comparableScore(tested("other", [0.3, 0.5]), usual)).toBeCloseTo(0.6, 12);
  expect(comparableScore(usual, usual)).toBeCloseTo(0.5, 12);
  expect(comparableScore({ results: [result(2, 0.8)] }, usual)).toBeCloseTo(0.4, 12);
});

describe("the choice", () => {
  const usual = tested("usual", [0.5, 0.6, 0.7, 0.8]);
  const better = tested("better", [0.54, 0.65, 0.74, 0.85]);
  const lucky = tested("lucky", [0.9, 0.5, 0.65, 0.78]);

  it("is what is better by more than noise", () => {
    const { choice, reason, gain } = choose([better, tested("other", [0.5, 0.6, 0.7, 0.8])], usual, 0);
    expect(choice).toBe("better");
    expect(reason).toMatch(/^better: \+4\.5 points against the usual settings, at least \+3\.\d/u);
    expect(gain?.mean).toBeCloseTo(0.045, 9);
  });

  it("is the usual one where the best may be luck, or is worse", () => {
    expect(choose([lucky], usual, 0)).toMatchObject({
      choice: undefined,
      reason: expect.stringMatching(/^nothing is better by more than noise; the best: \+5\.8 points/u),
    });
    expect(choose([tested("worse", [0.4, 0.5, 0.6, 0.7])], usual, 0).choice).toBeUndefined();
  });

  it("with a speed that the usual one does not reach, is the best that does, better or not", () => {
    const fast = [tested("fast", [0.4, 0.5, 0.6, 0.7], 30), tested("faster", [0.3, 0.4, 0.5, 0.6], 40)];
    const { choice, reason } = choose([better, ...fast], usual, 20);
    expect(choice).toBe("fast");
    expect(reason).toMatch(
      /^the best of those that are fast enough: 30\.0 frames\/s where the usual .* 10\.0; −10\.0/u,
    );
  });

  it("says that nothing reaches the speed", () => {
    expect(choose([better], usual, 50)).toMatchObject({
      choice: undefined,
      reason: "nothing reaches 50 frames/s; the usual settings make 10.0 frames/s",
    });
    expect(choose([], tested("usual", [0.5], 60), 50).reason).toBe(
      "nothing else reaches 50 frames/s, and the usual settings make 60.0 frames/s",
    );
  });

  it("one test proves nothing", () => {
    expect(choose([tested("better", [0.9])], tested("usual", [0.1]), 0).choice).toBeUndefined();
  });
});
