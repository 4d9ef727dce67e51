/** @file What a mask says about each object: area, box, centroid. */
import type { LabelMap } from "../video/labelMap.ts";

/** One object in one frame; pixels of the original frame, origin at the corner of the first pixel. */
export interface TrackedObject {
  /** Label value, 1..254. */
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  /** [x, y, width, height] of the tight box; null when the object is not in the frame. */
  readonly box: readonly [number, number, number, number] | null;
  /** (x, y), mean of the pixel centres; null when the object is not in the frame. */
  readonly centroid: readonly [number, number] | null;
  /**
   * Mean weight of the object's label over the pixels that it won, 0..1: low where the match is spread over several labels.
   * 1 in the frame with the given labels, 0 when the object is not in the frame.
   */
  readonly confidence: number;
}

/** Measures every object of `ids` (background 0 is left out). @param confidence per entry of `ids`. */
export function measureObjects(mask: LabelMap, ids: readonly number[], confidence: ArrayLike<number>): TrackedObject[] {
  const sums = new Map(
    ids.map((id) => [id, { area: 0, x: 0, y: 0, left: mask.width, right: -1, top: mask.height, bottom: -1 }]),
  );
  for (let y = 0, p = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, p++) {
      if (mask.data[p] === 0) continue;
      const sum = sums.get(mask.data[p]);
      if (sum === undefined) continue;
      sum.area++;
      sum.x += x;
      sum.y += y;
      if (x < sum.left) sum.left = x;
      if (x > sum.right) sum.right = x;
      if (y < sum.top) sum.top = y;
      sum.bottom = y;
    }
  }
  return [...sums].flatMap(([id, { area, x, y, left, right, top, bottom }], l): TrackedObject[] => {
    if (id === 0) return [];
    if (area === 0) return [{ id, area, box: null, centroid: null, confidence: 0 }];
    return [
      {
        id,
        area,
        confidence: confidence[l],
        box: [left, top, right - left + 1, bottom - top + 1],
        centroid: [x / area + 0.5, y / area + 0.5],
      },
    ];
  });
}
