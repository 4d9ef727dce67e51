/** @file Where each object was and how fast, over a clip of any length: what the pictures at the end are drawn from. */
import { BoundedSeries } from "../core/boundedSeries.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";

/** An object at a time, or over a short stretch of a long clip. */
export interface PathSample {
  readonly timeSec: number;
  /** Pixels; null where it is not visible. */
  readonly place: TrackRecord["place"];
  /** Smoothed, px/s. */
  readonly speed: number | null;
}

/** Of one object. */
export interface ObjectPath {
  readonly name: string;
  readonly label: number;
  readonly samples: readonly PathSample[];
}

/** Samples that an object keeps at most: more than a chart has pixels. */
export const MOST_SAMPLES = 1024;

/** Takes the records of every frame. */
export class PathLog {
  private readonly byName = new Map<string, { label: number; series: BoundedSeries<PathSample> }>();

  add(records: readonly TrackRecord[]): void {
    for (const { name, label, timeSec, visible, place, speed } of records) {
      const known = this.byName.get(name) ?? { label, series: new BoundedSeries(merged, MOST_SAMPLES) };
      this.byName.set(name, known);
      known.series.add({ timeSec, place: visible ? place : null, speed: speed.smooth });
    }
  }

  /** In the order in which the objects came. */
  paths(): ObjectPath[] {
    return [...this.byName].map(([name, { label, series }]) => ({ name, label, samples: series.items() }));
  }
}

/** A stretch ends where its later part ends; its speed is the mean. */
function merged(earlier: PathSample, later: PathSample): PathSample {
  const speed =
    earlier.speed !== null && later.speed !== null ? (earlier.speed + later.speed) / 2 : (earlier.speed ?? later.speed);
  return { timeSec: later.timeSec, place: later.place ?? earlier.place, speed };
}
