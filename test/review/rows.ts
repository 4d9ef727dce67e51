/** Rows of tracks.jsonl for tests: ten frames a second, things of 20 x 10 px. */
import type { FrameRows, TrackRow } from "../../src/review/trackRows.ts";

/** A mask at (x, y). */
export function maskRow(frame: number, object: string, x: number, of: Partial<TrackRow> = {}): TrackRow {
  const box = { box_x_px: x - 10, box_y_px: 45, box_width_px: 20, box_height_px: 10 };
  return { ...common(frame, object), x_px: x, y_px: 50, ...box, area_px: 200, ...of };
}

/** A point at (x, 50). */
export function pointRow(frame: number, object: string, x: number, of: Partial<TrackRow> = {}): TrackRow {
  return { ...hiddenRow(frame, object), ...common(frame, object), x_px: x, y_px: 50, ...of };
}

/** Something that is not visible. */
export function hiddenRow(frame: number, object: string, state: "hidden" | "left" = "hidden"): TrackRow {
  const box = { box_x_px: null, box_y_px: null, box_width_px: null, box_height_px: null };
  return { ...common(frame, object), confidence: 0.1, state, x_px: null, y_px: null, ...box, area_px: null };
}

const common = (frame: number, object: string) => ({
  frame,
  time_s: frame / 10,
  object,
  confidence: 0.9,
  state: "visible" as const,
});

/** Rows of one frame. */
export const together = (...rows: readonly TrackRow[]): FrameRows => ({
  frame: rows[0].frame,
  timeSec: rows[0].time_s,
  rows,
});
