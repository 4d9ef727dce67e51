/** @file Which object every pixel belongs to. */

/** Void: pixels that a data set leaves out of the score. */
export const VOID = 255;

/** A label per pixel. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` uint8: 0 = background, 1..254 = object ids, 255 = void where a data set says so. */
  readonly data: Uint8Array;
}

/** Some objects of a mask; the others become background. @param ids 1..255. */
export function onlyObjects(mask: LabelMap, ids: Iterable<number>): LabelMap {
  const kept = new Uint8Array(256);
  for (const id of ids) kept[id] = id;
  return { ...mask, data: mask.data.map((id) => kept[id]) };
}
