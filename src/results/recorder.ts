/** @file Makes a frame's records from what was tracked in it: masks, boxes as masks, or points. */
import type { ObjectReference } from "../annotations/object.ts";
import type { FrameSize } from "../annotations/point.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";
import { pointLabel } from "../video/drawing/trackOverlay.ts";
import type { TrackedObject } from "../tracking/objects.ts";
import type { TrackedPoint } from "../tracking/points/trackedPoint.ts";
import { Speedometer } from "./speedometer.ts";
import { Whereabouts } from "./whereabouts.ts";

/** A frame's index and time. */
export interface FrameMoment {
  readonly index: number;
  readonly timeSec: number;
  /** The camera cut to another shot before this frame; default false. */
  readonly cut?: boolean;
}

/** What is known of a clip beside its frames. */
export interface RecorderOptions {
  /** Of objects by id; those without a name are named by their id. */
  readonly names?: ReadonlyMap<number, string>;
  /** What things that came in are called, before their ids; default: nothing. */
  readonly kind?: string | undefined;
  /** Of the frames; without it no record says that its object left the picture. */
  readonly size?: FrameSize;
  /** Whether an object (by id) or a point (by name) is labelled in a frame; default: none is. */
  readonly isGiven?: (frame: number, what: ObjectReference) => boolean;
}

type Unmeasured = Omit<TrackRecord, "frame" | "timeSec" | "state" | "speed"> & { readonly given: boolean };

/** What is remembered of an object. */
interface Remembered {
  readonly meter: Speedometer;
  readonly whereabouts: Whereabouts;
}

/** Fed with every frame in order, its objects, its points, or both; remembers only the last places of each. */
export class Recorder {
  private readonly options: RecorderOptions;
  /** Of the objects in the previous frame, and in this one. */
  private before = new Map<string, Remembered>();
  private now = new Map<string, Remembered>();
  private frame = -1;

  constructor(options: RecorderOptions = {}) {
    this.options = options;
  }

  objects(moment: FrameMoment, objects: readonly TrackedObject[]): TrackRecord[] {
    const { names, kind } = this.options;
    const nameOf = (id: number): string =>
      kind === undefined || kind === String(Number(kind)) ? String(id) : `${kind} ${id}`;
    const found = objects.map(({ id, area, box, centroid, confidence, visible }) => {
      const name = names?.get(id) ?? nameOf(id);
      return { name, label: id, given: this.isGiven(moment, id), visible, confidence, place: centroid, box, area };
    });
    return this.measured(moment, found);
  }

  points(moment: FrameMoment, points: readonly TrackedPoint[]): TrackRecord[] {
    const found = points.map(({ name, x, y, visible, confidence }, i): Unmeasured => {
      const given = this.isGiven(moment, name);
      return { name, label: pointLabel(i), given, visible, confidence, place: [x, y], box: null, area: null };
    });
    return this.measured(moment, found);
  }

  private isGiven({ index }: FrameMoment, what: ObjectReference): boolean {
    return this.options.isGiven?.(index, what) ?? false;
  }

  private measured({ index, timeSec, cut = false }: FrameMoment, found: readonly Unmeasured[]): TrackRecord[] {
    if (index !== this.frame) [this.frame, this.before, this.now] = [index, this.now, new Map()];
    return found.map(({ given, ...one }) => {
      const { meter, whereabouts } = this.remembered(one.name);
      if (cut) {
        meter.interrupt();
        whereabouts.forget();
      }
      const state = whereabouts.at({ timeSec, given, ...one });
      // Where the mask may be wrong, its way is not the object's.
      const isSure = state === "given" || state === "visible";
      const speed = isSure && one.place !== null ? meter.at(timeSec, one.place) : meter.interrupt();
      return { frame: index, timeSec, ...one, state, speed };
    });
  }

  private remembered(name: string): Remembered {
    const known = this.before.get(name) ?? {
      meter: new Speedometer(),
      whereabouts: new Whereabouts(this.options.size),
    };
    this.now.set(name, known);
    return known;
  }
}
