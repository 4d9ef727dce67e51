/** @file A box in a frame. */

/** Pixels of the original frame, x and y of the top left corner. */
export type Box = readonly [x: number, y: number, width: number, height: number];
