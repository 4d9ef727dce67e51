/** @file A fault's begin or end, as data and as a row of tables. */
import { round } from "../watch/eventTable.ts";
import type { CameraFault, FaultUnit } from "./faults.ts";

/** A fault began or ended. */
export interface FaultEvent {
  readonly kind: CameraFault;
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
  /** When it began or ended by the clock, ms since 1970; null of a recording. */
  readonly clockMs: number | null;
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
  "clock",
] as const satisfies readonly (keyof FaultRow)[];

/** An event as a row; see `FaultEvent`. */
export type FaultRow = {
  readonly time_s: number;
  readonly frame: number;
  readonly kind: CameraFault;
  readonly state: FaultEvent["state"];
  readonly since_s: number | null;
  readonly value: number | null;
  readonly unit: FaultUnit;
  readonly known_s: number;
  readonly picture: string | null;
  /** ISO 8601, UTC. */
  readonly clock: string | null;
};

/** A row, with the times to the millisecond. */
export function faultRow(event: ToldFault): FaultRow {
  const { timeSec, frame, kind, state, sinceSec, value, unit, knownSec, picture, clockMs } = event;
  return {
    time_s: round(timeSec, DIGITS),
    frame,
    kind,
    state,
    since_s: round(sinceSec, DIGITS),
    value: round(value, DIGITS),
    unit,
    known_s: round(knownSec, DIGITS),
    picture,
    clock: clockMs === null ? null : new Date(clockMs).toISOString(),
  };
}

/** Of times in s, and of values. */
const DIGITS = 3;
