/**
 * @file The sentences of the footage check, as data by language. `{name}` in a sentence stands for a number: `{value}`,
 * a fact of the reading, or `{at}`, the time where it is worst.
 */
import type { MeasureName, ReadingKey } from "../thresholds.ts";
import type { Verdict } from "../judge.ts";

/** What is said of one number. */
export interface ReadingTexts {
  readonly name: string;
  /** Where it is good. */
  readonly good: string;
  /** Where it is not; left out where it is never judged. */
  readonly bad?: string;
  /** What to change at the camera. */
  readonly todo?: string;
}

/** All texts of a language. */
export interface CheckTexts {
  readonly readings: Readonly<Record<ReadingKey, ReadingTexts>>;
  readonly measures: Readonly<Record<MeasureName, string>>;
  readonly verdicts: Readonly<Record<Verdict | "unreadable", string>>;
  readonly page: Readonly<
    Record<
      "title" | "intro" | "clip" | "frames" | "todo" | "lost" | "all" | "problems" | "none" | "at" | "unreadable",
      string
    >
  >;
  readonly units: Readonly<Record<string, string>>;
}
