/** @file Each object's places and speeds over a clip of any length: the data for the pictures at the end. */
import { BoundedSeries } from "../core/boundedSeries.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";

/** An object at one time, or over a short stretch of a long clip. */
export interface PathSample {
  readonly timeSec: number;
  /** Pixels; null where it is not visible. */
  readonly place: TrackRecord["place"];
  /** Smoothed, px/s. */
  readonly speed: number | null;
}

/** The samples of one object. */
export interface ObjectPath {
  readonly name: string;
  readonly label: number;
  readonly samples: readonly PathSample[];
}

/** The most samples kept per object: more than a chart has pixels. */
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

  /** In the order in which the objects appeared. */
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
