/** @file What is watched: things at their places, frame by frame, whatever they were tracked with. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { boxIn, instancesOf, ObjectNumbers } from "../formats/instances.ts";
import type { Zones } from "./zones.ts";

/** A thing that is seen in a frame. */
export interface Sighting {
  /** The same in all frames. */
  readonly name: string;
  readonly class: string;
  /** Pixels. */
  readonly x: number;
  readonly y: number;
  /** The shorter side of its box, pixels; 0 for a point. */
  readonly size: number;
  /** 0..1; 1 where nothing was said. */
  readonly confidence: number;
}

/** A frame. */
export interface WatchedFrame {
  readonly frame: number;
  /** Ascends. */
  readonly timeSec: number;
  /** Each thing at most once. */
  readonly sightings: readonly Sighting[];
}

/** Reads annotations as sightings. */
export class SightingReader {
  private readonly numbers: ObjectNumbers;
  private readonly anchor: Zones["anchor"];
  private readonly fps: number | undefined;

  /** @param fps of frames whose time is not known. */
  constructor({ objects }: AnnotationStream, anchor: Zones["anchor"], fps: number | undefined) {
    this.numbers = new ObjectNumbers(objects);
    this.anchor = anchor;
    this.fps = fps;
  }

  /** @throws UserError `events/time` */
  read(annotated: FrameAnnotation): WatchedFrame {
    const { frame, timeSec = this.fps === undefined ? undefined : frame / this.fps } = annotated;
    if (timeSec === undefined)
      throw new UserError("events/time", {
        what: "the tracks do not say when their frames were taken",
        todo: "name the clip with --video, or give its frame rate with --fps 25",
      });
    const things = this.things(annotated);
    const named = new Set(things.map(({ name }) => name));
    const points = this.points(annotated).filter(({ name }) => !named.has(name));
    return { frame, timeSec, sightings: [...things, ...points] };
  }

  private things(annotated: FrameAnnotation): Sighting[] {
    return instancesOf(annotated, this.numbers).flatMap((one) => {
      if (one.box === undefined && one.extent === undefined) return [];
      const box = boxIn(one);
      if (box === undefined || !isVisible(one.verdict)) return [];
      const { x, y, width, height } = box;
      return {
        name: one.object.name,
        class: one.object.class,
        x: x + width / 2,
        y: this.anchor === "foot" ? y + height : y + height / 2,
        size: Math.min(width, height),
        confidence: one.verdict.confidence ?? 1,
      };
    });
  }

  /** Points on their own. */
  private points({ points = [] }: FrameAnnotation): Sighting[] {
    return points
      .filter((point) => point.of === undefined && isVisible(point))
      .map(({ name, x, y, confidence = 1 }) => ({ name, class: "point", x, y, size: 0, confidence }));
  }
}
