/** @file The annotations of a clip: one model for what formats read and write, trackers receive, and scores compare. */
import type { FrameAnnotation } from "./frameAnnotation.ts";
import type { AnnotatedObject } from "./object.ts";
import type { FrameSize, PointAnnotation } from "./point.ts";
import type { Bone } from "./skeleton.ts";
import { ifVisible } from "./verdict.ts";

/** Annotations whose frames arrive one after another: a folder of masks is never held in memory as a whole. */
export interface AnnotationStream {
  /** The clip's name, where the format has it. */
  readonly sequence?: string;
  /** Of the frames, where the format has it. */
  readonly size?: FrameSize;
  /** Positions are shares of the frame's width and height, 0..1, not pixels; see `inPixels`. */
  readonly relative?: true;
  /** Those that are known before the frames are read, in the format's order. */
  readonly objects: readonly AnnotatedObject[];
  /** Lines between points, where the format has them. */
  readonly skeleton?: readonly Bone[];
  /** In the clip's order, one for each annotated frame. */
  readonly frames: Iterable<FrameAnnotation> | AsyncIterable<FrameAnnotation>;
}

/** Annotations in memory. */
export interface Annotations extends AnnotationStream {
  readonly frames: readonly FrameAnnotation[];
}

/** Names of the objects that are annotated as points in any frame, in the order of `objects`. */
export function pointNames({ objects, frames }: Annotations): string[] {
  const names = new Set(frames.flatMap(({ points = [] }) => points.map(({ name }) => name)));
  return objects.map(({ name }) => name).filter((name) => names.has(name));
}

/** Finds a point by its frame and name. If a frame has several of one name, the last one counts. */
export function pointFinder(
  frames: readonly FrameAnnotation[],
): (frame: number, name: string) => PointAnnotation | undefined {
  const found = new Map<number, Map<string, PointAnnotation>>();
  for (const { frame, points = [] } of frames) {
    const byName = found.get(frame) ?? new Map<string, PointAnnotation>();
    for (const point of points) byName.set(point.name, point);
    found.set(frame, byName);
  }
  return (frame, name) => found.get(frame)?.get(name);
}

/** The points of a frame in its order; null for those that are not visible. */
export function visiblePoints({ points = [] }: FrameAnnotation): (PointAnnotation | null)[] {
  return points.map(ifVisible);
}
