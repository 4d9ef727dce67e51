/** @file Tracks of boxes as CSV: what `readPointLabels` reads again. */
import { csvField } from "./csv.ts";

/** A box in a frame. */
export interface BoxRecord {
  /** Index of the frame. */
  readonly frame: number;
  readonly timeSec: number;
  readonly name: string;
  /** [x, y, width, height], pixels, x and y of the top left corner. */
  readonly box: readonly [number, number, number, number];
  /** 0..1. */
  readonly confidence: number;
}

/** The header's line, without line break. */
export const BOX_COLUMNS = "frame,time,name,x,y,width,height,confidence";

/** A box's line, without line break; a frame in which an object is not there has no line of it. */
export function boxTrackLine({ frame, timeSec, name, box, confidence }: BoxRecord): string {
  return [frame, Number(timeSec.toFixed(6)), csvField(name), ...box, Number(confidence.toFixed(4))].join();
}
