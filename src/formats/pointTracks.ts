/** @file Tracks of points as CSV: what `readPointLabels` reads again, so that a track can be scored, corrected or gone on from. */
import { writeFileAtomic } from "../core/files.ts";
import type { Point } from "../video/point.ts";
import { csvField } from "./csv.ts";

/** All points in one frame. */
export interface PointTrackFrame {
  /** Index of the frame. */
  readonly frame: number;
  readonly timeSec: number;
  readonly points: readonly (Point & {
    readonly name: string;
    readonly visible: boolean;
    /** 0..1. */
    readonly confidence: number;
  })[];
}

/** The header's line, without line break. */
export const POINT_COLUMNS = "frame,time,name,x,y,visible,confidence";

/** A line of each point in a frame, without line breaks at their ends; time in seconds, positions in pixels, visible 1 or 0. */
export function pointTrackLines({ frame, timeSec, points }: PointTrackFrame): string[] {
  return points.map(({ name, x, y, visible, confidence }) =>
    [frame, round(timeSec, 6), csvField(name), round(x, 3), round(y, 3), visible ? 1 : 0, round(confidence, 4)].join(),
  );
}

/** A header and a line per point and frame. Atomic. @throws UserError `file/write` */
export async function writePointTracks(path: string, frames: readonly PointTrackFrame[]): Promise<void> {
  await writeFileAtomic(path, `${[POINT_COLUMNS, ...frames.flatMap(pointTrackLines)].join("\n")}\n`);
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
