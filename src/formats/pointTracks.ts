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

const COLUMNS = "frame,time,name,x,y,visible,confidence";

/** A header and a line per point and frame; time in seconds, positions in pixels, visible 1 or 0. Atomic. @throws UserError `file/write` */
export async function writePointTracks(
  path: string,
  frames: Iterable<PointTrackFrame> | AsyncIterable<PointTrackFrame>,
): Promise<void> {
  await writeFileAtomic(path, lines(frames));
}

async function* lines(
  frames: Iterable<PointTrackFrame> | AsyncIterable<PointTrackFrame>,
): AsyncGenerator<string, void, void> {
  yield `${COLUMNS}\n`;
  for await (const { frame, timeSec, points } of frames)
    yield points.map((point) => `${fields(frame, timeSec, point).join()}\n`).join("");
}

function fields(frame: number, timeSec: number, point: PointTrackFrame["points"][number]): (string | number)[] {
  const { name, x, y, visible, confidence } = point;
  const place = [round(x, 3), round(y, 3), visible ? 1 : 0];
  return [frame, round(timeSec, 6), csvField(name), ...place, round(confidence, 4)];
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
