/** @file The texts of all languages, held against the numbers that readings really have. */
import { describe, expect, it, test } from "vitest";
import { checkedReadingSchema } from "../../src/footage/checkFile.ts";
import { readFootage } from "../../src/footage/checkFrames.ts";
import { lostPoints, verdictOf, worstOf } from "../../src/footage/judge.ts";
import { ladder } from "../../src/footage/ladder.ts";
import type { Reading } from "../../src/footage/measure.ts";
import { checkedReading, lossSentence, valueText } from "../../src/footage/sentences.ts";
import { type Language, languages } from "../../src/footage/texts/languages.ts";
import { clockTime, filled, shortNumber } from "../../src/footage/texts/wording.ts";
import { MEASURES, type ReadingKey, type Threshold, thresholds } from "../../src/footage/thresholds.ts";
import { clipOf, clouds, drawn } from "./clips.ts";

const KEYS = Object.keys(thresholds) as ReadingKey[];
const LANGUAGES = Object.keys(languages) as Language[];

/** Facts that readings have, by key; every one is named in the texts or in the check's file. */
const FACTS: Partial<Record<ReadingKey, Record<string, number>>> = {
  frameRate: { real: 20 },
  gaps: { seconds: 3 },
  clockJumps: { seconds: 60 },
  repeats: { nominal: 25, real: 20 },
  dark: { level: 60 },
  contrast: { from: 10, to: 50 },
  flicker: { hz: 6.2 },
  bands: { bands: 3 },
  blur: { px: 9 },
  smear: { px: 14, pxPerFrame: 20, shutter: 60, wanted: 250 },
  fastest: { px: 50, cells: 12, median: 3, wanted: 60 },
  moving: { frames: 80 },
  shake: { px: 4 },
  shift: { px: 9 },
  rows: { width: 160, height: 120 },
};

const readingOf = (key: ReadingKey, value: number): Reading => ({
  key,
  value,
  at: { frame: 3, timeSec: 61.25 },
  ...(FACTS[key] !== undefined && { facts: FACTS[key] }),
});

/** A value with this verdict; undefined if there is none. */
function valueFor(key: ReadingKey, verdict: "good" | "bad"): number | undefined {
  const { worse, usable, poor }: Threshold = thresholds[key];
  const limit = usable ?? poor;
  if (verdict === "bad") return limit;
  if (limit === undefined) return 1;
  return worse === "higher" ? 0 : limit * 2;
}

describe.each(LANGUAGES)("texts in %s", (language) => {
  it.each(KEYS)("%s: no number is left open, and what is bad has a remedy", (key) => {
    const good = checkedReading(readingOf(key, valueFor(key, "good") ?? 1), language);
    expect(good.verdict).toBe("good");
    expect(good.said).not.toMatch(/[{}]|NaN|undefined/u);
    expect(good.todo).toBeNull();
    const bad = valueFor(key, "bad");
    if (bad === undefined) return;
    const reading = checkedReading(readingOf(key, bad), language);
    expect(reading.verdict).not.toBe("good");
    expect(`${reading.said} ${reading.todo}`).not.toMatch(/[{}]|NaN|undefined/u);
    expect(reading.said).not.toBe(checkedReading(readingOf(key, valueFor(key, "good") ?? 1), language).said);
    expect(reading.todo?.length).toBeGreaterThan(10);
    checkedReadingSchema.parse(reading);
  });

  it("name every measure, verdict and unit", () => {
    const { measures, verdicts, units, page } = languages[language];
    for (const measure of MEASURES) expect(measures[measure].length).toBeGreaterThan(0);
    for (const verdict of ["good", "usable", "poor", "unreadable"] as const)
      expect(verdicts[verdict].length).toBeGreaterThan(0);
    for (const { unit } of Object.values(thresholds)) expect(units[unit]).toBeDefined();
    for (const text of Object.values(page)) expect(text.length).toBeGreaterThan(0);
  });
});

test("Japanese texts are Japanese, and numbers in them have half-width digits", () => {
  for (const { name, good, bad = good, todo = good } of Object.values(languages.ja.readings))
    for (const text of [name, good, bad, todo]) {
      expect(text).toMatch(/[぀-ヿ一-鿿]/u);
      expect(text).not.toMatch(/[０-９]/u);
    }
});

test("a real clip's readings are all known, and told whole in every language", async () => {
  const made = clipOf({ count: 30, picture: (i) => drawn((x, y) => clouds(x - 2 * i, y)) });
  const readings = await readFootage(made, { threads: 1, fileBytes: 50_000 });
  expect(new Set(readings.map(({ key }) => key)).size).toBe(readings.length);
  for (const language of LANGUAGES)
    for (const reading of readings) {
      const checked = checkedReading(reading, language);
      expect(checked.said).not.toMatch(/[{}]|NaN|undefined/u);
      checkedReadingSchema.parse(checked);
    }
});

describe("verdicts", () => {
  it("begin at their limits, in the direction that is worse", () => {
    expect([0.09, 0.1, 24.9, 25].map((value) => verdictOf("gaps", value))).toEqual([
      "good",
      "usable",
      "usable",
      "poor",
    ]);
    const { usable, poor } = thresholds.rows;
    expect([usable + 1, usable, poor + 1, poor].map((value) => verdictOf("rows", value))).toEqual([
      "good",
      "usable",
      "usable",
      "poor",
    ]);
    expect(verdictOf("bitsPerPixel", 0)).toBe("good");
  });

  it("of a clip are the worst of its numbers", () => {
    expect(worstOf(["good", "poor", "usable"])).toBe("poor");
    expect(worstOf(["good", "usable"])).toBe("usable");
    expect(worstOf([])).toBe("good");
  });

  it.each(KEYS)("%s: usable comes before poor, and what is judged says where its limits come from", (key) => {
    const { worse, usable, poor, origin }: Threshold = thresholds[key];
    expect(origin === "none").toBe(usable === undefined && poor === undefined);
    if (usable === undefined || poor === undefined) return;
    expect(worse === "higher" ? poor - usable : usable - poor).toBeGreaterThan(0);
  });
});

describe("points lost", () => {
  it("are read off between the steps, and are those of the ends beyond them", () => {
    for (const [key, steps] of Object.entries(ladder) as [ReadingKey, NonNullable<(typeof ladder)[ReadingKey]>][]) {
      const [first, second] = steps;
      expect(lostPoints(key, (first.value + second.value) / 2)).toBeCloseTo((first.lost + second.lost) / 2, 9);
      for (const step of steps) expect(lostPoints(key, step.value)).toBeCloseTo(step.lost, 9);
      const sign = thresholds[key].worse === "higher" ? 1 : -1;
      expect(lostPoints(key, first.value - sign * 1e6)).toBe(first.lost);
      expect(lostPoints(key, (steps.at(-1)?.value ?? 0) + sign * 1e6)).toBe(steps.at(-1)?.lost);
    }
    expect(lostPoints("gaps", 3)).toBeUndefined();
  });

  it("are told only of what is not good, and only if there are any", () => {
    const bad = { ...checkedReading(readingOf("blur", 30), "en"), lostPoints: 6.24 };
    expect(lossSentence(bad, "en")).toContain("lost 6.2 points");
    expect(lossSentence(bad, "ja")).toContain("6.2ポイント");
    expect(lossSentence({ ...bad, lostPoints: 0.2 }, "en")).toBeUndefined();
    expect(lossSentence({ ...bad, lostPoints: null }, "en")).toBeUndefined();
    expect(lossSentence({ ...bad, verdict: "good" }, "en")).toBeUndefined();
  });
});

describe("numbers in sentences", () => {
  it("have as many digits as a reader wants", () => {
    expect([1234.5, 38.2, 3.84, 3, 0.382, 0.0382, 0, -3.84].map(shortNumber)).toEqual([
      "1235",
      "38",
      "3.8",
      "3",
      "0.38",
      "0.038",
      "0",
      "-3.8",
    ]);
  });

  it("are times of day of the clip", () => {
    expect([0, 9.96, 61.25, 3723.4, -1].map(clockTime)).toEqual(["0:00.0", "0:10.0", "1:01.3", "1:02:03.4", "0:00.0"]);
  });

  it("are filled in by name; what is unknown stays", () => {
    expect(filled("{a} of {b}, {c}", { a: 1.25, b: "x" })).toBe("1.3 of x, {c}");
    expect(valueText({ value: 0.123, unit: "px480" }, "en")).toBe("0.12 px of 480");
    expect(valueText({ value: 2, unit: "count" }, "en")).toBe("2");
  });
});
