import { describe, expect, it } from "vitest";
import { LEAST_PASSAGES } from "../../src/site/plan/size.ts";
import { decisionOf, targetVerdict } from "../../src/site/report/verdict.ts";

const target = { metric: "iou", value: 0.8 };
const spread = { between: 0.1, within: 0.1 };
const of = (low: number, mean: number, high: number, clusters = 40) =>
  targetVerdict(target, { low, mean, high, clusters }, spread, 1);

describe("the verdict on a target of 0.8", () => {
  it.each([
    ["the interval above it", 0.82, 0.85, 0.88, "go"],
    ["the interval beginning at it", 0.8, 0.85, 0.9, "go"],
    ["the interval beginning just below it", 0.7999999, 0.85, 0.9, "not-enough"],
    ["the mean at it", 0.75, 0.8, 0.85, "not-enough"],
    ["the interval ending at it", 0.7, 0.75, 0.8, "not-enough"],
    ["the interval ending just below it", 0.7, 0.75, 0.7999999, "no-go"],
    ["the interval below it", 0.3, 0.4, 0.5, "no-go"],
    ["an interval of everything", 0, 0.5, 1, "not-enough"],
  ])("%s: %f to %f to %f is %s", (_, low, mean, high, decision) => {
    expect(of(low, mean, high).decision).toBe(decision);
  });

  it("too few passages are never enough, however narrow the interval", () => {
    for (const [low, high] of [
      [0.9, 0.92],
      [0.1, 0.12],
    ] as const) {
      const mean = (low + high) / 2;
      expect(of(low, mean, high, LEAST_PASSAGES - 1)).toMatchObject({ decision: "not-enough", why: "too-few" });
      expect(of(low, mean, high, LEAST_PASSAGES).decision).not.toBe("not-enough");
    }
  });

  it("says how many passages would settle it: more the nearer the mean", () => {
    const [near, far] = [of(0.74, 0.79, 0.84), of(0.7, 0.76, 0.82)];
    expect(far.why).toBe("unclear");
    expect(far.passagesNeeded).toBeGreaterThan(40);
    expect(near.passagesNeeded).toBeGreaterThan(4 * (far.passagesNeeded ?? 0));
    // By the formula: t * sqrt(0.02 / k) ≤ 0.04 from k = 51 on (t of 50 degrees is 2.0086).
    expect(far.passagesNeeded).toBe(51);
  });

  it("a mean at the target is never settled, and few passages need at least those of any verdict", () => {
    expect(of(0.75, 0.8, 0.85).passagesNeeded).toBeNull();
    expect(of(0.1, 0.2, 0.95, 3).passagesNeeded).toBe(LEAST_PASSAGES);
    expect(of(0, Number.NaN, 1, 0)).toMatchObject({ decision: "not-enough", passagesNeeded: LEAST_PASSAGES });
  });

  it("what is settled needs nothing more", () => {
    expect(of(0.82, 0.85, 0.88)).toMatchObject({ why: null, passagesNeeded: null });
  });
});

it.each([
  [[], null],
  [["go"], "go"],
  [["go", "go"], "go"],
  [["go", "not-enough"], "not-enough"],
  [["go", "no-go"], "no-go"],
  [["not-enough", "no-go"], "no-go"],
  [["not-enough", "not-enough"], "not-enough"],
] as const)("targets %j together: %s", (decisions, together) => {
  expect(decisionOf(decisions.map((decision) => ({ decision })))).toBe(together);
});
