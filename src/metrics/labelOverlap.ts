/** @file Overlap of two label maps, label by label. */
import { internal } from "../core/errors.ts";
import { type LabelMap, VOID } from "../video/labelMap.ts";

/** One label in two maps; pixels. */
export interface LabelOverlap {
  /** Intersection over union, 0..1; 1 if both are empty. */
  readonly iou: number;
  /** Pixels in the first map; `trueArea` in the second. */
  readonly area: number;
  readonly trueArea: number;
}

/**
 * Counts both maps once, leaving out pixels that are void (255) in the second.
 * @returns the overlap of a given label.
 */
export function labelOverlaps(mask: LabelMap, truth: LabelMap): (label: number) => LabelOverlap {
  if (mask.data.length !== truth.data.length) throw internal("overlap of label maps of different sizes");
  const [common, found, known] = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)];
  for (let p = 0; p < mask.data.length; p++) {
    const [a, b] = [mask.data[p], truth.data[p]];
    if (b === VOID) continue;
    found[a]++;
    known[b]++;
    if (a === b) common[a]++;
  }
  return (label) => {
    const union = found[label] + known[label] - common[label];
    return { iou: union === 0 ? 1 : common[label] / union, area: found[label], trueArea: known[label] };
  };
}
