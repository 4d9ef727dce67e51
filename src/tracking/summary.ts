/** @file summary.json of a tracked clip: settings, objects over the clip and, in short clips, per frame, what it cost. */
import type { TrackRecord } from "../formats/trackRecord.ts";
import type { Frame } from "../video/frame.ts";
import type { Mode } from "./modes.ts";
import type { Protocol } from "./protocols.ts";
import { type ObjectTotals, Totals } from "./results/objectTotals.ts";
import type { SeenObject } from "./results/recorder.ts";

/** What was run. */
export interface TrackSettings {
  /** Name of the preset. */
  readonly protocolName: string;
  /** With everything that was overridden. */
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

/** With how fast it went there. */
export type WithSpeed<Item> = Item & {
  /** Path since the frame before over the time between, px/s; null if it cannot be seen in either. */
  readonly speed: number | null;
};

/** An object of a mask in a frame. */
export type SummaryObject = WithSpeed<SeenObject>;

/** A frame of a short clip. */
export interface SummaryFrame<Item> {
  readonly index: number;
  readonly name: string;
  readonly timeSec: number;
  readonly objects: readonly WithSpeed<Item>[];
}

/** Frames that a summary lists at most; longer clips are to be read from `tracks.jsonl`. */
export const MOST_LISTED_FRAMES = 1000;

/** Seconds of the whole run; encoding runs beside matching and writing, so the parts may add up to more than `total`. */
export interface Seconds {
  readonly total: number;
  /** Decoding the video or images. */
  readonly read: number;
  readonly encode: number;
  readonly match: number;
  /** Cells to masks and their measures. */
  readonly decode: number;
  /** Masks, tables and overlay. */
  readonly write: number;
}

/** What a run saw and what it cost. */
export interface RunSummary<Item> {
  readonly framesPerSecond: number;
  readonly seconds: Seconds;
  readonly peakRssMb: number;
  readonly frameCount: number;
  /** Every object over the whole clip. */
  readonly objects: readonly ObjectTotals[];
  /**
   * Every frame, boxes [x, y, width, height], places (x, y), px with the origin at the corner of the first pixel; null when there are
   * more than `MOST_LISTED_FRAMES`.
   */
  readonly frames: readonly SummaryFrame<Item>[] | null;
}

/** Which clip it was, of masks and of points. */
export interface ClipSummary<Item> extends RunSummary<Item> {
  readonly versions: Readonly<Record<string, string>>;
  readonly video: string;
  /** Index of the frame with the given labels. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** Millimetres a pixel, as given; null = unknown. */
  readonly mmPerPx: number | null;
  /** False when the run was stopped before the end. */
  readonly complete: boolean;
}

/** The file. */
export interface TrackSummary extends ClipSummary<SeenObject> {
  readonly labels: string;
  readonly settings: TrackSettings;
}

type Part = Exclude<keyof Seconds, "total">;

/** Collects what a summary needs, frame by frame. */
export class SummaryBuilder<Item> {
  count = 0;
  private readonly begin = performance.now();
  private readonly totals = new Totals();
  private frames: SummaryFrame<Item>[] | null = [];
  private readonly sums: Record<Part, number> = { read: 0, encode: 0, match: 0, decode: 0, write: 0 };

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** @param items and their records, in one order. */
  add(
    { frame, seconds }: { readonly frame: Frame; readonly seconds: Partial<Readonly<Record<Part, number>>> },
    items: readonly Item[],
    records: readonly TrackRecord[],
  ): void {
    this.count++;
    this.totals.add(records);
    if (this.count > MOST_LISTED_FRAMES) this.frames = null;
    const { index, name, timeSec } = frame;
    const objects = items.map((item, i) => ({ ...item, speed: records[i].speed.raw }));
    this.frames?.push({ index, name, timeSec, objects });
    for (const part of Object.keys(this.sums) as Part[]) this.sums[part] += seconds[part] ?? 0;
  }

  /** Adds time spent on writing results. */
  wrote(seconds: number): void {
    this.sums.write += seconds;
  }

  /** @param mmPerPx null = no scale. */
  finish(mmPerPx: number | null): RunSummary<Item> {
    return {
      framesPerSecond: this.count / this.elapsed,
      seconds: { total: this.elapsed, ...this.sums },
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      frameCount: this.count,
      objects: this.totals.list(mmPerPx),
      frames: this.frames,
    };
  }
}
