/** @file Merges separate annotations of the same frames. */
import type { FrameAnnotation } from "./frameAnnotation.ts";

/** A frame's annotation without its mask: a merge cannot decide which of two masks lies on top. */
export type UnmaskedFrame = Omit<FrameAnnotation, "mask" | "objects" | "verdicts">;

/**
 * One annotation for each frame, ascending. Within a frame, annotations keep the order given; the first time and the
 * first picture name count.
 */
export function mergeFrames(frames: Iterable<UnmaskedFrame>): UnmaskedFrame[] {
  const groups = new Map<number, UnmaskedFrame[]>();
  for (const one of frames) {
    const group = groups.get(one.frame);
    if (group === undefined) groups.set(one.frame, [one]);
    else group.push(one);
  }
  return [...groups.values()].map(merged).sort((a, b) => a.frame - b.frame);
}

function merged(group: readonly UnmaskedFrame[]): UnmaskedFrame {
  if (group.length === 1) return group[0];
  const timeSec = group.find((one) => one.timeSec !== undefined)?.timeSec;
  const image = group.find((one) => one.image !== undefined)?.image;
  return {
    frame: group[0].frame,
    ...(timeSec !== undefined && { timeSec }),
    ...(image !== undefined && { image }),
    ...lists(group),
  };
}

/** All lists of a group, concatenated; a list that no annotation has is left out. */
function lists(group: readonly UnmaskedFrame[]) {
  const [boxes, polygons] = [group.flatMap((one) => one.boxes ?? []), group.flatMap((one) => one.polygons ?? [])];
  const [points, ends] = [group.flatMap((one) => one.points ?? []), group.flatMap((one) => one.ends ?? [])];
  return {
    ...(boxes.length > 0 && { boxes }),
    ...(polygons.length > 0 && { polygons }),
    ...(points.length > 0 && { points }),
    ...(ends.length > 0 && { ends }),
  };
}
