/**
 * @file Totals of each object over a whole clip, added up frame by frame: memory grows with the objects, not with the
 * clip.
 */
import type { TrackRecord } from "../annotations/trackRecord.ts";
import { TRACK_STATES, type TrackState } from "../annotations/trackState.ts";

/** A moment in the clip. */
interface Moment {
  /** Index of the frame. */
  readonly frame: number;
  readonly timeSec: number;
}

/** An object over the whole clip; docs/results.md defines each value. */
export interface ObjectTotals {
  readonly name: string;
  readonly label: number;
  readonly firstVisible: Moment | null;
  readonly lastVisible: Moment | null;
  readonly framesVisible: number;
  readonly framesHidden: number;
  /** Every frame counts in one state. */
  readonly framesInState: Readonly<Record<TrackState, number>>;
  /** 0..1, over the frames where it is visible; null if it is never visible. */
  readonly meanConfidence: number | null;
  /** The smoothed speed (the raw one where there is none yet) summed over the time, px. */
  readonly pathPx: number;
  /** Path over the time in which it was visible; null when that is 0. */
  readonly meanSpeedPxPerSec: number | null;
  /** The largest smoothed speed. */
  readonly maxSpeedPxPerSec: number | null;
  /** With a scale: the same in mm. */
  readonly pathMm?: number;
  readonly meanSpeedMmPerSec?: number | null;
  readonly maxSpeedMmPerSec?: number | null;
}

class Total {
  readonly label: number;
  private readonly name: string;
  private first: Moment | null = null;
  private last: Moment | null = null;
  private readonly frames = { visible: 0, hidden: 0 };
  private readonly inState = Object.fromEntries(TRACK_STATES.map((state) => [state, 0])) as Record<TrackState, number>;
  private confidence = 0;
  private path = 0;
  private movingSec = 0;
  private fastest: number | null = null;
  private beforeSec = 0;

  constructor({ name, label }: TrackRecord) {
    this.name = name;
    this.label = label;
  }

  add({ frame, timeSec, visible, confidence, state, speed }: TrackRecord): void {
    this.frames[visible ? "visible" : "hidden"]++;
    this.inState[state]++;
    if (visible) {
      this.first ??= { frame, timeSec };
      this.last = { frame, timeSec };
      this.confidence += confidence;
    }
    const pace = speed.smooth ?? speed.raw;
    if (pace !== null) {
      this.path += pace * (timeSec - this.beforeSec);
      this.movingSec += timeSec - this.beforeSec;
    }
    if (speed.smooth !== null) this.fastest = Math.max(this.fastest ?? 0, speed.smooth);
    this.beforeSec = timeSec;
  }

  total(mmPerPx: number | null): ObjectTotals {
    const { visible, hidden } = this.frames;
    const mean = this.movingSec > 0 ? this.path / this.movingSec : null;
    const scaled = (value: number | null): number | null => (value === null ? null : value * (mmPerPx ?? 1));
    return {
      name: this.name,
      label: this.label,
      firstVisible: this.first,
      lastVisible: this.last,
      framesVisible: visible,
      framesHidden: hidden,
      framesInState: { ...this.inState },
      meanConfidence: visible > 0 ? this.confidence / visible : null,
      pathPx: this.path,
      meanSpeedPxPerSec: mean,
      maxSpeedPxPerSec: this.fastest,
      ...(mmPerPx !== null && {
        pathMm: this.path * mmPerPx,
        meanSpeedMmPerSec: scaled(mean),
        maxSpeedMmPerSec: scaled(this.fastest),
      }),
    };
  }
}

/** Adds up the records of all objects. */
export class Totals {
  private readonly byName = new Map<string, Total>();

  add(records: readonly TrackRecord[]): void {
    for (const record of records) {
      const total = this.byName.get(record.name) ?? new Total(record);
      this.byName.set(record.name, total);
      total.add(record);
    }
  }

  /** In the order in which the objects appeared. @param mmPerPx null = no scale. */
  list(mmPerPx: number | null): ObjectTotals[] {
    return [...this.byName.values()].map((total) => total.total(mmPerPx));
  }
}
