/** @file From a number to what is told of it. */
import type { CheckedReading } from "./checkFile.ts";
import { lostPoints, verdictOf } from "./judge.ts";
import type { Reading } from "./measure.ts";
import { type Language, languages } from "./texts/languages.ts";
import { clockTime, filled, shortNumber } from "./texts/wording.ts";
import { type Threshold, thresholds } from "./thresholds.ts";

/** A number with its verdict and its sentences. */
export function checkedReading({ key, value, at, facts = {} }: Reading, language: Language): CheckedReading {
  const { measure, unit, usable, poor, origin }: Threshold = thresholds[key];
  const { name, good, bad = good, todo } = languages[language].readings[key];
  const verdict = verdictOf(key, value);
  const isGood = verdict === "good";
  const numbers = { ...facts, value, ...(at !== undefined && { at: clockTime(at.timeSec) }) };
  return {
    measure,
    key,
    name,
    value,
    unit,
    verdict,
    limits: { usable: usable ?? null, poor: poor ?? null },
    origin,
    at: at === undefined ? null : { frame: at.frame, timeSec: at.timeSec },
    facts,
    said: filled(isGood ? good : bad, numbers),
    todo: isGood || todo === undefined ? null : filled(todo, numbers),
    lostPoints: lostPoints(key, value) ?? null,
  };
}

/** What degraded clips say of a reading that is not good; undefined where that was not measured, or nothing was lost. */
export function lossSentence({ verdict, lostPoints: lost }: CheckedReading, language: Language): string | undefined {
  if (verdict === "good" || lost === null || lost < 0.5) return undefined;
  return filled(languages[language].page.lost, { lost });
}

/** A value with its unit, for tables. */
export function valueText({ value, unit }: Pick<CheckedReading, "value" | "unit">, language: Language): string {
  return `${shortNumber(value)} ${languages[language].units[unit] ?? unit}`.trim();
}
