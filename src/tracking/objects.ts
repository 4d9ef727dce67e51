/** @file Measures each object of a mask: area, box, centroid. */
import type { Estimate } from "../annotations/verdict.ts";
import type { Box } from "../video/box.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { ObjectVerdict } from "./confidence/objectJudge.ts";
import type { ObjectSignals } from "./confidence/objectSignals.ts";

/**
 * One object in one frame; pixels of the original frame, origin at the corner of the first pixel. Its confidence is the
 * calibrated probability that the mask overlaps the object by half or more (IoU ≥ 0.5), see docs/confidence.md, and 1
 * in the frame with the given labels; where it is not visible its mask is empty.
 */
export interface TrackedObject extends Estimate {
  /** Label value, 1..254. */
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  /** The tight box; null when the object is not in the frame. */
  readonly box: Box | null;
  /** (x, y), mean of the pixel centres; null when the object is not in the frame. */
  readonly centroid: readonly [number, number] | null;
  /**
   * What the confidence rests on; absent in the frame with the given labels and where nothing carried the object's
   * label.
   */
  readonly signals?: ObjectSignals;
}

/** For records that are stored: only consumers of live frames get signals. */
export function withoutSignals<Found extends { readonly signals?: unknown }>(found: Found): Omit<Found, "signals"> {
  const { signals: _, ...rest } = found;
  return rest;
}

/** Measures every object of `ids` (background 0 is left out). @param verdictOf by the index in `ids`, from 1 on. */
export function measureObjects(
  mask: LabelMap,
  ids: readonly number[],
  verdictOf: (label: number) => ObjectVerdict,
): TrackedObject[] {
  const sums = ids.map((id) => ({
    id,
    area: 0,
    x: 0,
    y: 0,
    left: mask.width,
    right: -1,
    top: mask.height,
    bottom: -1,
  }));
  // Looked up for every pixel: an array by label.
  const byLabel: ((typeof sums)[number] | undefined)[] = [];
  for (const sum of sums) byLabel[sum.id] = sum;
  for (let y = 0, p = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, p++) {
      if (mask.data[p] === 0) continue;
      const sum = byLabel[mask.data[p]];
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
  return sums.flatMap(({ id, area, x, y, left, right, top, bottom }, l): TrackedObject[] => {
    if (id === 0) return [];
    const { confidence, visible, signals } = verdictOf(l);
    const sure = { confidence, visible: visible && area > 0, ...(signals !== undefined && { signals }) };
    if (area === 0) return [{ id, area, box: null, centroid: null, ...sure }];
    return [
      {
        id,
        area,
        box: [left, top, right - left + 1, bottom - top + 1],
        centroid: [x / area + 0.5, y / area + 0.5],
        ...sure,
      },
    ];
  });
}
