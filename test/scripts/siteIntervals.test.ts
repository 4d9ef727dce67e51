/** The simulation of intervals, on fewer sites than its table has. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { coverage, kinds } from "../../scripts/siteIntervals.js";
import { Random } from "../../src/core/random.ts";

const script = join(import.meta.dirname, "../../scripts/siteIntervals.js");
/** Of 400 sites a coverage of 95 % is within these in 998 of 1000 simulations. */
const [LEAST, MOST] = [0.913, 0.98];

describe("the interval in use, on 400 simulated sites", () => {
  it.each([
    ["good", { clips: 20, frames: 3 }],
    ["usual", { clips: 20, frames: 3 }],
    ["usual", { clips: 5, frames: 5 }],
    ["poor", { clips: 10, frames: 3 }],
    ["mixed", { clips: 40, frames: 2 }],
  ] as const)("%s sites with %o: it covers the truth about as often as it says", (kind, size) => {
    const { interval } = coverage(kind, size, 400, ["interval"]);
    expect(interval.covers).toBeGreaterThan(LEAST);
    expect(interval.covers).toBeLessThan(MOST);
  });

  it("the percentile bootstrap over five clips covers it too rarely: why it is not used", () => {
    const { bootstrap } = coverage("usual", { clips: 5, frames: 5 }, 200, ["bootstrap"]);
    expect(bootstrap.covers).toBeLessThan(LEAST);
  });

  it("where one clip in seven fails, eight clips are too few for any: why a verdict needs more", () => {
    const { interval } = coverage("mixed", { clips: 8, frames: 3 }, 300, ["interval"]);
    expect(interval.covers).toBeLessThan(LEAST);
  });
});

it.each(Object.keys(kinds) as (keyof typeof kinds)[])("%s sites have the mean that they say", (kind) => {
  const random = new Random(3);
  const { truth, draw } = kinds[kind];
  const means = Array.from({ length: 20_000 }, () => draw(random));
  expect(means.reduce((a, b) => a + b, 0) / means.length).toBeCloseTo(truth, 2);
});

it("prints a row for each kind and size", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "2"]);
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(2 + 4 * 6);
  expect(lines[2]).toMatch(/^\| good \| 3 × 5 \|( \d+\.\d % \(\d\.\d\d\) \|){3}$/u);
});
