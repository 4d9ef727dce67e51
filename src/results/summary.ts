/**
 * @file summary.json of a tracked clip: settings, objects over the clip and (in short clips) per frame, and what
 * tracking cost.
 */
import type { TrackRecord } from "../annotations/trackRecord.ts";
import type { TrackState } from "../annotations/trackState.ts";
import type { Mode } from "../tracking/modes.ts";
import { type TrackedObject, withoutSignals } from "../tracking/objects.ts";
import type { TrackedPoint } from "../tracking/points/trackedPoint.ts";
import type { Protocol } from "../tracking/protocols.ts";
import { type ObjectTotals, Totals } from "./objectTotals.ts";

/** What was run. */
export interface TrackSettings {
  /** Name of the preset. */
  readonly protocolName: string;
  /** With all overrides applied. */
  readonly protocol: Protocol;
  /** Name of the mode. */
  readonly modeName: string;
  readonly mode: Mode;
  /** Name of the encoder and the weights file, as given. */
  readonly encoder: string;
  readonly weights: string;
  readonly device: string;
  /** Null = all cores. */
  readonly threads: number | null;
}

/** An item with its state and speed. */
export type Recorded<Item> = Item & {
  readonly state: TrackState;
  /** Path since the previous frame divided by the time between, px/s; null if it is not surely visible in both. */
  readonly speed: number | null;
};

/** A frame of a short clip. */
export interface SummaryFrame {
  readonly index: number;
  readonly name: string;
  readonly timeSec: number;
  /** The camera cut to another shot before this frame. */
  readonly cut: boolean;
  /** Of masks. */
  readonly objects: readonly Recorded<Omit<TrackedObject, "signals">>[];
  readonly points: readonly Recorded<Omit<TrackedPoint, "signals">>[];
}

/** The most frames that a summary lists; read longer clips from `tracks.jsonl`. */
export const MOST_LISTED_FRAMES = 1000;

/** Seconds of the whole run; its stages run in parallel, so the parts may add up to more than `total`. */
export interface Seconds {
  readonly total: number;
  /** Decoding the video or images. */
  readonly read: number;
  readonly encode: number;
  readonly match: number;
  /** Turning cells into masks, and measuring these. */
  readonly decode: number;
  /** Masks, tables and overlay. */
  readonly write: number;
}

/** What the latest run cost: of the whole clip, or of the frames that were left. */
export interface CostSummary {
  readonly framesPerSecond: number;
  readonly seconds: Seconds;
  readonly peakRssMb: number;
}

/** What was found in the clip, by this run or earlier ones. */
export interface ContentSummary {
  readonly frameCount: number;
  /** Every object and point over the whole clip. */
  readonly objects: readonly ObjectTotals[];
  /** Indices of the frames before which the camera cut. */
  readonly cuts: readonly number[];
  /**
   * Every frame, boxes [x, y, width, height], places (x, y), px with the origin at the corner of the first pixel; null
   * when there are more than `MOST_LISTED_FRAMES`.
   */
  readonly frames: readonly SummaryFrame[] | null;
}

/** The clip and its results. */
export interface ClipSummary extends CostSummary, ContentSummary {
  readonly versions: Readonly<Record<string, string>>;
  readonly video: string;
  /** Index of the first frame with given labels. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** Millimetres per pixel, as given; null = unknown. */
  readonly mmPerPx: number | null;
  /** False when the run was stopped before the end. */
  readonly complete: boolean;
}

/** The contents of the file. */
export interface TrackSummary extends ClipSummary {
  readonly labels: string;
  readonly settings: TrackSettings;
}

/** A frame as it was tracked. */
export interface TrackedContent {
  readonly index: number;
  readonly name: string;
  readonly timeSec: number;
  readonly cut: boolean;
  readonly objects: readonly TrackedObject[];
  readonly points: readonly TrackedPoint[];
}

/** Collects what was found, frame by frame, in order. */
export class SummaryBuilder {
  private count = 0;
  private readonly totals = new Totals();
  private readonly cuts: number[] = [];
  private frames: SummaryFrame[] | null = [];

  /** @param records of the frame's objects, then of its points. */
  add({ index, name, timeSec, cut, objects, points }: TrackedContent, records: readonly TrackRecord[]): void {
    this.count++;
    this.totals.add(records);
    if (cut) this.cuts.push(index);
    if (this.count > MOST_LISTED_FRAMES) this.frames = null;
    this.frames?.push({
      index,
      name,
      timeSec,
      cut,
      objects: objects.map((object, i) => ({ ...withoutSignals(object), ...shown(records[i]) })),
      points: points.map((point, i) => ({ ...withoutSignals(point), ...shown(records[objects.length + i]) })),
    });
  }

  /** @param mmPerPx null = no scale. */
  finish(mmPerPx: number | null): ContentSummary {
    return { frameCount: this.count, objects: this.totals.list(mmPerPx), cuts: this.cuts, frames: this.frames };
  }
}

const shown = ({ state, speed }: TrackRecord) => ({ state, speed: speed.raw });

type Part = Exclude<keyof Seconds, "total">;

/** Adds up what a run costs. */
export class RunCost {
  /** Frames tracked. */
  count = 0;
  private readonly begin = performance.now();
  private readonly sums: Record<Part, number> = { read: 0, encode: 0, match: 0, decode: 0, write: 0 };

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** Counts a frame. */
  add(seconds: Partial<Readonly<Record<Part, number>>>): void {
    this.count++;
    for (const part of Object.keys(this.sums) as Part[]) this.sums[part] += seconds[part] ?? 0;
  }

  /** Time spent writing results, apart from the frames' own. */
  wrote(seconds: number): void {
    this.sums.write += seconds;
  }

  get summary(): CostSummary {
    return {
      framesPerSecond: this.count / this.elapsed,
      seconds: { total: this.elapsed, ...this.sums },
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  }
}
