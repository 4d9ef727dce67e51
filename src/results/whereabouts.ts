/**
 * @file The state of one thing in each frame, and why a thing that is not visible is not: hidden in the picture, or gone
 * over its edge.
 */
import type { FrameSize } from "../annotations/point.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";
import { SURE, type TrackState } from "../annotations/trackState.ts";
import { fittedVelocity, type Moment, SMOOTHING_SEC } from "./speedometer.ts";

/** A thing in a frame, as it was tracked. */
export interface Sight extends Pick<TrackRecord, "timeSec" | "visible" | "confidence" | "place" | "box"> {
  /** Whether it is labelled in this frame. */
  readonly given: boolean;
}

/** A box this near to the picture's edge touches it, as a share of the shorter side: masks end a little early. */
const TOUCH = 0.01;

/** What touches the edge has left if its centre, as fast as it was, crosses it within this time, seconds. */
const CROSSING_SEC = 2;

/** What was away from the edge is thought to move on as fast as it was for this time, seconds. */
const CARRY_SEC = 1;

/** Fed with every frame of one thing, in order of time; remembers where it was last seen. */
export class Whereabouts {
  /** Places of the last quarter of a second in which it was seen, the oldest first. */
  private moments: Moment[] = [];
  private box: TrackRecord["box"] = null;
  private readonly size: FrameSize | undefined;

  /** @param size of the frames; without it nothing is known to have left. */
  constructor(size: FrameSize | undefined) {
    this.size = size;
  }

  /** The thing's state in the next frame. */
  at(sight: Sight): TrackState {
    if (!sight.visible) return this.hasLeft(sight.timeSec) ? "left" : "hidden";
    this.see(sight);
    if (sight.given) return "given";
    return sight.confidence < SURE ? "uncertain" : "visible";
  }

  /** The camera cut: where the thing was says nothing about where it is. */
  forget(): void {
    this.moments = [];
    this.box = null;
  }

  private see({ timeSec, place, box }: Sight): void {
    if (place === null) return;
    const recent = this.moments.filter((moment) => moment.timeSec >= timeSec - SMOOTHING_SEC);
    this.moments = [...recent, { timeSec, x: place[0], y: place[1] }];
    this.box = box;
  }

  private hasLeft(timeSec: number): boolean {
    const { size } = this;
    const last = this.moments.at(-1);
    if (size === undefined || last === undefined) return false;
    const margin = TOUCH * Math.min(size.width, size.height);
    const carried = Math.min(timeSec - last.timeSec, CARRY_SEC);
    return this.sides(last, size).some(({ gap, way, speed }) =>
      gap <= margin ? way - margin <= speed * CROSSING_SEC : way < speed * carried,
    );
  }

  /** For each edge: pixels from the box and from the thing's centre to it, and the speed towards it, px/s. */
  private sides({ x, y }: Moment, { width, height }: FrameSize) {
    const [vx, vy] = fittedVelocity(this.moments);
    const [left, top, boxWidth, boxHeight] = this.box ?? [x, y, 0, 0];
    return [
      { gap: left, way: x, speed: -vx },
      { gap: top, way: y, speed: -vy },
      { gap: width - left - boxWidth, way: width - x, speed: vx },
      { gap: height - top - boxHeight, way: height - y, speed: vy },
    ];
  }
}
