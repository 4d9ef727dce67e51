/** @file summary.json of a tracked clip: settings, objects per frame, what it cost. */
import type { Mode } from "./modes.ts";
import type { TrackedObject } from "./objects.ts";
import type { TrackedFrame } from "./propagation.ts";
import type { Protocol } from "./protocols.ts";

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

/** An object in a frame, with how fast it went there. */
export interface SummaryObject extends Omit<TrackedObject, "signals"> {
  /** Path of the centroid since the frame before over the time between, px/s; null if it is missing in either. */
  readonly speed: number | null;
}

export interface SummaryFrame {
  readonly index: number;
  readonly name: string;
  readonly timeSec: number;
  /** The camera cut to another shot before this frame. */
  readonly cut: boolean;
  readonly objects: readonly SummaryObject[];
}

/** Seconds of the whole run; encoding runs beside matching and writing, so the parts may add up to more than `total`. */
export interface Seconds {
  readonly total: number;
  /** Decoding the video or images. */
  readonly read: number;
  readonly encode: number;
  readonly match: number;
  /** Cells to masks and their measures. */
  readonly decode: number;
  /** Masks and overlay. */
  readonly write: number;
}

/** The file. */
export interface TrackSummary {
  readonly versions: Readonly<Record<string, string>>;
  readonly video: string;
  readonly labels: string;
  /** Index of the frame with the given labels. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** False when the run was stopped before the end. */
  readonly complete: boolean;
  readonly settings: TrackSettings;
  readonly framesPerSecond: number;
  readonly seconds: Seconds;
  readonly peakRssMb: number;
  /** Indices of the frames before which the camera cut. */
  readonly cuts: readonly number[];
  /** Boxes are [x, y, width, height], centroids (x, y), both px with the origin at the corner of the first pixel. */
  readonly frames: readonly SummaryFrame[];
}

/** Collects what a summary needs, frame by frame. */
export class SummaryBuilder {
  private readonly begin = performance.now();
  private readonly frames: SummaryFrame[] = [];
  private readonly sums = { read: 0, encode: 0, match: 0, decode: 0, write: 0 };

  get count(): number {
    return this.frames.length;
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  add({ frame, objects, cut, seconds }: TrackedFrame): void {
    const before = this.frames.at(-1);
    const { index, name, timeSec } = frame;
    const records = objects.map(({ id, area, box, centroid, confidence, visible }, i) => {
      return { id, area, box, centroid, confidence, visible, speed: speed(centroid, timeSec, before, i) };
    });
    this.frames.push({ index, name, timeSec, cut, objects: records });
    for (const part of ["read", "encode", "match", "decode"] as const) this.sums[part] += seconds[part];
  }

  /** Adds time spent on writing results. */
  wrote(seconds: number): void {
    this.sums.write += seconds;
  }

  finish(about: Omit<TrackSummary, "framesPerSecond" | "seconds" | "peakRssMb" | "cuts" | "frames">): TrackSummary {
    return {
      ...about,
      framesPerSecond: this.count / this.elapsed,
      seconds: { total: this.elapsed, ...this.sums },
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      cuts: this.frames.filter(({ cut }) => cut).map(({ index }) => index),
      frames: this.frames,
    };
  }
}

function speed(
  centroid: TrackedObject["centroid"],
  timeSec: number,
  before: SummaryFrame | undefined,
  i: number,
): number | null {
  const from = before?.objects[i].centroid ?? null;
  if (before === undefined || from === null || centroid === null || timeSec <= before.timeSec) return null;
  return Math.hypot(centroid[0] - from[0], centroid[1] - from[1]) / (timeSec - before.timeSec);
}
