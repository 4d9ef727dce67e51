/** @file Tracks of boxes as CSV: what `readPointLabels` reads again. */
import { writeFileAtomic } from "../core/files.ts";
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

/** A header and a line for every box; a frame in which an object is not there has no line of it. Atomic. @throws UserError `file/write` */
export async function writeBoxTracks(path: string, boxes: AsyncIterable<BoxRecord>): Promise<void> {
  await writeFileAtomic(path, lines(boxes));
}

async function* lines(boxes: AsyncIterable<BoxRecord>): AsyncGenerator<string, void, void> {
  yield "frame,time,name,x,y,width,height,confidence\n";
  for await (const { frame, timeSec, name, box, confidence } of boxes)
    yield `${[frame, Number(timeSec.toFixed(6)), csvField(name), ...box, Number(confidence.toFixed(4))].join()}\n`;
}
