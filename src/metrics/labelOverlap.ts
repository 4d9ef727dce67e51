/** @file Overlap of two label maps, label by label. */
import { internal } from "../core/errors.ts";
import { type LabelMap, VOID } from "../video/labelMap.ts";

/** One label in two maps; pixels. */
export interface LabelOverlap {
  /** Intersection over union, 0..1; 1 if both are empty. */
  readonly iou: number;
  /** In the first map, and in the second. */
  readonly area: number;
  readonly trueArea: number;
}

/** Counts both maps once. Pixels that are void (255) in the second are left out. @returns the overlap of a label. */
export function labelOverlaps(mask: LabelMap, truth: LabelMap): (label: number) => LabelOverlap {
  if (mask.data.length !== truth.data.length) throw internal("an overlap of maps of two sizes");
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
