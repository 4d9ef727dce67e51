/** @file Which number of the footage check each fault is meant to move. */
import type { ReadingKey } from "../../footage/thresholds.ts";
import type { Reading } from "../../footage/measure.ts";
import { type DegradationName, degradations } from "../../synthetic/degraded/degradations.ts";

/** The number by the fault. */
export const OWN: Readonly<Record<DegradationName, ReadingKey>> = {
  blur: "blur",
  motionBlur: "smear",
  noise: "noise",
  dark: "dark",
  burnt: "burnt",
  flicker: "flicker",
  blocks: "blocks",
  lowRate: "fastest",
  shake: "shake",
  small: "rows",
  grey: "colour",
};

/** All faults. */
export const FAULTS = Object.keys(degradations) as DegradationName[];

/** A fault in a strength; null = none. */
export interface FaultStep {
  readonly fault: DegradationName | null;
  readonly strength: number;
}

/** Everything that a clip is made into: itself, and every fault in every strength. */
export const STEPS: readonly FaultStep[] = [
  { fault: null, strength: 0 },
  ...FAULTS.flatMap((fault) => degradations[fault].steps.map((strength) => ({ fault, strength }))),
];

/** For file names. */
export function nameOf({ fault, strength }: FaultStep): string {
  return fault === null ? "clean" : `${fault}-${strength}`;
}

/** The values of the numbers that faults move; null where a clip does not show one. */
export type OwnValues = Readonly<Partial<Record<ReadingKey, number | null>>>;

/** Those values among all. */
export function ownValues(readings: readonly Reading[]): OwnValues {
  const values = new Map(readings.map(({ key, value }) => [key, value]));
  return Object.fromEntries(Object.values(OWN).map((key) => [key, values.get(key) ?? null]));
}
