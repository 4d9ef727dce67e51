/** @file The rows of `tracks.jsonl`, frame by frame, in bounded memory. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { TRACK_STATES } from "../annotations/trackState.ts";
import { UserError } from "../core/errors.ts";

const cell = z.number().nullable();
const rowSchema = z.object({
  frame: z.int().min(0),
  time_s: z.number(),
  object: z.string(),
  confidence: z.number(),
  state: z.enum(TRACK_STATES),
  x_px: cell,
  y_px: cell,
  box_x_px: cell,
  box_y_px: cell,
  box_width_px: cell,
  box_height_px: cell,
  area_px: cell,
});

/** A row: a thing in a frame; docs/results.md says what each value means. */
export type TrackRow = z.output<typeof rowSchema>;

/** All rows of a frame. */
export interface FrameRows {
  readonly frame: number;
  readonly timeSec: number;
  readonly rows: readonly TrackRow[];
}

/** Whether the row's thing is seen in its frame. */
export const isSeen = ({ state }: Pick<TrackRow, "state">): boolean => state !== "hidden" && state !== "left";

/** Frames in the file's order. @throws UserError `review/results` for a line that is no row. */
export async function* frameRows(path: string): AsyncGenerator<FrameRows, void, void> {
  let rows: TrackRow[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const row = rowOf(text, `${path}, line ${++line}`);
    if (rows.length > 0 && rows[0].frame !== row.frame) {
      yield together(rows);
      rows = [];
    }
    rows.push(row);
  }
  if (rows.length > 0) yield together(rows);
}

const together = (rows: readonly TrackRow[]): FrameRows => ({ frame: rows[0].frame, timeSec: rows[0].time_s, rows });

function rowOf(text: string, where: string): TrackRow {
  const parsed = rowSchema.safeParse(valueOf(text));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new UserError("review/results", {
    what: `${where} is no row of a table that this version writes`,
    got: `${path.join(".") || "the line"}: ${message}`,
    todo: "run the same track command again: it writes the tables anew from what is tracked",
  });
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
