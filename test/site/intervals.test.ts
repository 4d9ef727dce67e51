/** The simulation of intervals, on fewer sites than its table has. */
import { describe, expect, it } from "vitest";
import { coverageOf, siteKinds } from "../../bench/siteIntervals.ts";
import { Random } from "../../src/core/random.ts";

/** Of 400 sites a coverage of 95 % is within these in 998 of 1000 simulations. */
const [LEAST, MOST] = [0.913, 0.98];

describe("the interval in use, on 400 simulated sites", () => {
  it.each([
    ["good", 20, 3],
    ["usual", 20, 3],
    ["usual", 5, 5],
    ["poor", 10, 3],
    ["mixed", 40, 2],
  ])("%s sites, %i clips with %i frames each: it covers the truth about as often as it says", (kind, clips, frames) => {
    const { covers } = coverageOf("interval", siteKinds[kind], { clips, frames }, 400);
    expect(covers).toBeGreaterThan(LEAST);
    expect(covers).toBeLessThan(MOST);
  });

  it("the percentile bootstrap over five clips covers it too rarely: why it is not used", () => {
    const { covers } = coverageOf("bootstrap", siteKinds["usual"], { clips: 5, frames: 5 }, 200);
    expect(covers).toBeLessThan(LEAST);
  });

  it("where one clip in seven fails, eight clips are too few: why a verdict needs more", () => {
    const { covers } = coverageOf("interval", siteKinds["mixed"], { clips: 8, frames: 3 }, 300);
    expect(covers).toBeLessThan(LEAST);
  });
});

it.each(Object.keys(siteKinds))("%s sites have the mean that they say", (kind) => {
  const random = new Random(3);
  const { truth, draw } = siteKinds[kind];
  const means = Array.from({ length: 20_000 }, () => draw(random));
  expect(means.reduce((a, b) => a + b, 0) / means.length).toBeCloseTo(truth, 2);
});
