/** @file A fault's begin or end, as data and as a row of tables. */
import type { FaultUnit } from "./faults.ts";
import type { FaultKind } from "./kinds.ts";

/** A fault began or ended. */
export interface FaultEvent {
  readonly kind: FaultKind;
  readonly state: "begin" | "end";
  /** When it began or ended. */
  readonly timeSec: number;
  readonly frame: number;
  /** Of an end: when it had begun; else null. */
  readonly sinceSec: number | null;
  /** How bad it was when it was told, at its worst of an end; null: not known. */
  readonly value: number | null;
  readonly unit: FaultUnit;
  /** Time of the frame that shows that it has lasted, or passed. */
  readonly knownSec: number;
}

/** An event with its picture. */
export interface ToldFault extends FaultEvent {
  /** Path below the folder of results; null without one. */
  readonly picture: string | null;
}

/** Columns of an event, in their order. */
export const FAULT_COLUMNS = [
  "time_s",
  "frame",
  "kind",
  "state",
  "since_s",
  "value",
  "unit",
  "known_s",
  "picture",
] as const satisfies readonly (keyof FaultRow)[];

/** An event as a row; see `FaultEvent`. */
export type FaultRow = {
  readonly time_s: number;
  readonly frame: number;
  readonly kind: FaultKind;
  readonly state: FaultEvent["state"];
  readonly since_s: number | null;
  readonly value: number | null;
  readonly unit: FaultUnit;
  readonly known_s: number;
  readonly picture: string | null;
};

/** A row, with the times to the millisecond. */
export function faultRow(event: ToldFault): FaultRow {
  const { timeSec, frame, kind, state, sinceSec, value, unit, knownSec, picture } = event;
  return {
    time_s: rounded(timeSec),
    frame,
    kind,
    state,
    since_s: roundedIf(sinceSec),
    value: roundedIf(value),
    unit,
    known_s: rounded(knownSec),
    picture,
  };
}

const rounded = (value: number): number => Number(value.toFixed(3));
const roundedIf = (value: number | null): number | null => (value === null ? null : rounded(value));
