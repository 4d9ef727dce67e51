/** @file Does every fault move its own number, in order, and leave the others alone? */
import { median } from "../../core/median.ts";
import { thresholds, type ReadingKey, type Threshold } from "../../footage/thresholds.ts";
import { rankCorrelation } from "../../metrics/reliability.ts";
import type { DegradationName } from "../../synthetic/degraded/degradations.ts";
import type { MeasuredStep } from "./measureSteps.ts";
import { FAULTS, OWN } from "./ownMeasures.ts";

/** How a number follows its own fault. */
export interface Monotony {
  readonly fault: DegradationName;
  readonly key: ReadingKey;
  /** Clips on which the number is known at every strength. */
  readonly clips: number;
  /** Rank correlation of strength and number, bad counted upwards: the median over the clips, and the least. */
  readonly median: number;
  readonly least: number;
}

/** How far faults move numbers. */
export interface Confusion {
  readonly monotony: readonly Monotony[];
  /**
   * By fault, then by number: the median over the clips of how far the number moves in the bad direction at the third
   * strength (the last of fewer), in its limits: 1 = from where it is usable to where it is poor. Null = never known.
   */
  readonly moved: Readonly<Record<DegradationName, Readonly<Partial<Record<ReadingKey, number | null>>>>>;
}

/** The strength that numbers are compared at. */
const COMPARED = 2;

/** @param steps as `measureSteps` gives them */
export function confusionOf(steps: readonly MeasuredStep[]): Confusion {
  const clips = [...new Set(steps.map(({ clip }) => clip))];
  const keys = [...new Set(Object.values(OWN))];
  const moved = FAULTS.map((fault) => [
    fault,
    Object.fromEntries(keys.map((key) => [key, middle(clips.map((clip) => movedBy(steps, { clip, fault, key })))])),
  ]);
  return {
    monotony: FAULTS.map((fault) => monotonyOf(steps, clips, fault)),
    moved: Object.fromEntries(moved) as Confusion["moved"],
  };
}

/** How many times as far a number is moved by its own fault as by the one that moves it most of the others. */
export function separation({ moved }: Confusion, fault: DegradationName): number {
  const key = OWN[fault];
  const others = FAULTS.filter((other) => other !== fault).map((other) => moved[other][key] ?? 0);
  return (moved[fault][key] ?? 0) / Math.max(0, ...others);
}

function monotonyOf(steps: readonly MeasuredStep[], clips: readonly string[], fault: DegradationName): Monotony {
  const key = OWN[fault];
  const ranks = clips.flatMap((clip) => {
    const own = steps.filter((step) => step.clip === clip && (step.fault === null || step.fault === fault));
    const values = own.map((step) => step.values[key] ?? null);
    if (values.includes(null)) return [];
    return rankCorrelation(
      own.map((_, i) => i),
      values.map((value) => badness(key, value ?? 0)),
    );
  });
  return { fault, key, clips: ranks.length, median: middle(ranks) ?? NaN, least: Math.min(...ranks) };
}

function movedBy(
  steps: readonly MeasuredStep[],
  { clip, fault, key }: { readonly clip: string; readonly fault: DegradationName; readonly key: ReadingKey },
): number | null {
  const before = steps.find((step) => step.clip === clip && step.fault === null)?.values[key] ?? null;
  const own = steps.filter((step) => step.clip === clip && step.fault === fault);
  const after = own[Math.min(COMPARED, own.length - 1)]?.values[key] ?? null;
  return before === null || after === null ? null : (badness(key, after) - badness(key, before)) / unitOf(key);
}

/** Larger is worse. */
function badness(key: ReadingKey, value: number): number {
  return thresholds[key].worse === "higher" ? value : -value;
}

/** From usable to poor; where nothing is poor, as much as the first limit. */
function unitOf(key: ReadingKey): number {
  const { usable = 1, poor }: Threshold = thresholds[key];
  return poor === undefined ? usable : Math.abs(poor - usable);
}

/** The median of what is known; null of nothing. */
function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}
