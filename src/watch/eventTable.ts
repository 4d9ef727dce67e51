/** @file Events and counts as tables: CSV for spreadsheets, JSON lines for programs, with the same columns. */
import { csvField } from "../formats/csv.ts";
import type { IntervalCount } from "./counts.ts";
import { isDoubtful, type WatchEvent } from "./event.ts";

/** Values by column. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A number with so many digits. */
export const round = <Value extends number | null>(value: Value, digits: number): Value =>
  (value === null ? null : Number(value.toFixed(digits))) as Value;

/** Columns of an event, in their order. */
export function eventRow(event: WatchEvent): Row {
  return {
    time_s: round(event.timeSec, 3),
    frame: event.frame,
    kind: event.kind,
    zone: event.zone,
    object: event.object,
    direction: event.direction,
    value: round(event.value, 3),
    unit: event.unit,
    confidence: round(event.confidence, 4),
    doubtful: isDoubtful(event) ? 1 : 0,
  };
}

/** Columns of a count. */
export function countRow({ startSec, endSec, zone, kind, direction, count, doubtful }: IntervalCount): Row {
  return { start_s: round(startSec, 3), end_s: round(endSec, 3), zone, kind, direction, count, doubtful };
}

/** CSV with a header, which stands also without rows. @param columns in their order. */
export function csvText(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    columns.map((column) => (typeof row[column] === "string" ? csvField(row[column]) : (row[column] ?? ""))).join(),
  );
  const text = [columns.join(), ...lines].map((line) => `${line}\n`).join("");
  // Spreadsheets take a file for UTF-8 by its mark alone; plain ASCII needs none.
  return /[^\p{ASCII}]/u.test(text) ? `\uFEFF${text}` : text;
}

export const EVENT_COLUMNS = [
  "time_s",
  "frame",
  "kind",
  "zone",
  "object",
  "direction",
  "value",
  "unit",
  "confidence",
  "doubtful",
] as const;

export const COUNT_COLUMNS = ["start_s", "end_s", "zone", "kind", "direction", "count", "doubtful"] as const;

/** JSON, a line for each row. */
export const jsonLines = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
