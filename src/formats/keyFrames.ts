/**
 * @file The frames between the key frames of tracks. CVAT exports every frame of a track; files that have key frames alone,
 * and those of Label Studio, mean the same: boxes and points go on a straight line to the next key frame, and from the last
 * one on they stay where they are, until a shape stops the track or the clip ends.
 */
import type { CvatShape } from "./cvatShapes.ts";
import type { FillBudget } from "./limits.ts";

/** A shape of a track in a frame. */
export interface TrackedShape {
  readonly frame: number;
  readonly shape: CvatShape;
  readonly key: boolean;
  /** Not there in this frame. */
  readonly outside: boolean;
  /** Nothing is filled in after it. */
  readonly stops: boolean;
  readonly occluded: boolean;
}

/** What limits the frames that are filled in, and where they are, for messages. */
export interface Filling {
  readonly budget: FillBudget;
  readonly where: string;
}

/** A track, and what was left between its key frames. */
export interface FilledTrack {
  readonly shapes: readonly TrackedShape[];
  /** Frames of outlines between key frames, which are not filled in. */
  readonly skipped: number;
}

/**
 * @param shapes ascending by frame. @param frameCount of the clip; absent: nothing is filled in after the last shape.
 * @throws UserError `format/limit`
 */
export function filledTrack(
  shapes: readonly TrackedShape[],
  frameCount: number | undefined,
  { budget, where }: Filling,
): FilledTrack {
  const all: TrackedShape[] = [];
  let skipped = 0;
  for (const [i, one] of shapes.entries()) {
    all.push(one);
    const next = shapes[i + 1];
    const end = next?.frame ?? frameCount ?? 0;
    if (one.stops || end <= one.frame + 1) continue;
    if (one.shape.kind === "outline") skipped += end - one.frame - 1;
    else {
      budget.take(end - one.frame - 1, where);
      for (const filled of between(one, next === undefined || next.outside ? undefined : next, end)) all.push(filled);
    }
  }
  return { shapes: all, skipped };
}

function between(from: TrackedShape, to: TrackedShape | undefined, end: number): TrackedShape[] {
  const count = end - from.frame - 1;
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 1) / (count + 1);
    const shape = to === undefined ? from.shape : mixed(from.shape, to.shape, share);
    return { ...from, frame: from.frame + i + 1, shape, key: false };
  });
}

/** The shape on the way; the first one where they are of different kinds. */
function mixed(from: CvatShape, to: CvatShape, share: number): CvatShape {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  if (from.kind === "box" && to.kind === "box")
    return {
      kind: "box",
      x: mix(from.x, to.x),
      y: mix(from.y, to.y),
      width: mix(from.width, to.width),
      height: mix(from.height, to.height),
    };
  if (from.kind !== "points" || to.kind !== "points") return from;
  const points = from.points.map((point, i) => {
    const other = point.part === undefined ? to.points[i] : to.points.find(({ part }) => part === point.part);
    return other === undefined ? point : { ...point, x: mix(point.x, other.x), y: mix(point.y, other.y) };
  });
  return { kind: "points", points };
}
