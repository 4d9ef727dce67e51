/** @file Makes a frame's records from what was tracked in it: masks, boxes as masks, or points. */
import type { TrackRecord } from "../annotations/trackRecord.ts";
import { pointLabel } from "../video/drawing/trackOverlay.ts";
import type { TrackedObject } from "../tracking/objects.ts";
import type { TrackedPoint } from "../tracking/points/trackedPoint.ts";
import { Speedometer } from "./speedometer.ts";

/** A frame's index and time. */
export interface FrameMoment {
  readonly index: number;
  readonly timeSec: number;
}

type Unmeasured = Omit<TrackRecord, "frame" | "timeSec" | "speed">;

/** Fed with every frame in order, its objects, its points, or both; remembers only the last places of each. */
export class Recorder {
  private readonly names: ReadonlyMap<number, string>;
  /** Those of the objects in the previous frame, and in this one. */
  private before = new Map<string, Speedometer>();
  private now = new Map<string, Speedometer>();
  private frame = -1;

  /** @param names of objects by id; those without a name are named by their id. */
  constructor(names: ReadonlyMap<number, string> = new Map()) {
    this.names = names;
  }

  objects(moment: FrameMoment, objects: readonly TrackedObject[]): TrackRecord[] {
    const found = objects.map(({ id, area, box, centroid, confidence, visible }) => {
      return { name: this.names.get(id) ?? String(id), label: id, visible, confidence, place: centroid, box, area };
    });
    return this.measured(moment, found);
  }

  points(moment: FrameMoment, points: readonly TrackedPoint[]): TrackRecord[] {
    const found = points.map(({ name, x, y, visible, confidence }, i): Unmeasured => {
      return { name, label: pointLabel(i), visible, confidence, place: [x, y], box: null, area: null };
    });
    return this.measured(moment, found);
  }

  private measured({ index, timeSec }: FrameMoment, found: readonly Unmeasured[]): TrackRecord[] {
    if (index !== this.frame) [this.frame, this.before, this.now] = [index, this.now, new Map()];
    return found.map((one) => {
      const meter = this.before.get(one.name) ?? new Speedometer();
      this.now.set(one.name, meter);
      const speed = one.visible && one.place !== null ? meter.at(timeSec, one.place) : meter.hidden();
      return { frame: index, timeSec, ...one, speed };
    });
  }
}
