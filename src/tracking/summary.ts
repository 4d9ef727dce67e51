/** @file summary.json of a tracked clip: settings, what every frame has, what it cost. Written frame by frame, so that its length costs no memory. */
import { writeFileAtomic } from "../core/files.ts";
import type { Mode } from "./modes.ts";
import type { TrackedObject } from "./objects.ts";
import type { TrackedPoint } from "./points/trackPoints.ts";
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
export interface SummaryObject extends TrackedObject {
  /** Path of the centroid since the frame before over the time between, px/s; null if it is missing in either. */
  readonly speed: number | null;
}

/** A point in a frame, with how fast it went there. */
export interface SummaryPoint extends TrackedPoint {
  /** Path since the frame before over the time between, px/s; null where it is not visible in either. */
  readonly speed: number | null;
}

export interface SummaryFrame {
  readonly index: number;
  readonly name: string;
  readonly timeSec: number;
  readonly objects?: readonly SummaryObject[];
  readonly points?: readonly SummaryPoint[];
}

/** Seconds of the whole run; its steps run side by side, so the parts may add up to more than `total`. */
export interface Seconds {
  readonly total: number;
  /** Decoding the video or images. */
  readonly read: number;
  readonly encode: number;
  readonly match: number;
  /** Cells to masks and their measures. */
  readonly decode: number;
  /** Masks, records and overlay. */
  readonly write: number;
}

/** The file but for its frames. */
export interface TrackSummary {
  readonly versions: Readonly<Record<string, string>>;
  readonly video: string;
  readonly labels: string;
  /** Index of the first frame with given labels. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** False when the run was stopped before the end. */
  readonly complete: boolean;
  readonly settings: TrackSettings;
  /** Of the last run. */
  readonly framesPerSecond: number;
  readonly seconds: Seconds;
  readonly peakRssMb: number;
}

/** The file; boxes are [x, y, width, height], centroids (x, y), both px with the origin at the corner of the first pixel. */
export interface TrackSummaryFile extends TrackSummary {
  readonly frames: readonly SummaryFrame[];
}

/** A frame as it was tracked; in order. */
export interface TrackedRecord {
  readonly frame: number;
  readonly name: string;
  readonly timeSec: number;
  readonly objects: readonly TrackedObject[];
  readonly points: readonly TrackedPoint[];
}

/** Adds up what a run costs. */
export class RunCost {
  /** Frames tracked. */
  count = 0;
  private readonly begin = performance.now();
  private readonly sums = { read: 0, encode: 0, match: 0, decode: 0, write: 0 };

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  /** A frame. */
  add(seconds: Partial<Omit<Seconds, "total">>): void {
    this.count++;
    for (const part of ["read", "encode", "match", "decode", "write"] as const) this.sums[part] += seconds[part] ?? 0;
  }

  /** Time spent on writing results beside the frames' own. */
  wrote(seconds: number): void {
    this.sums.write += seconds;
  }

  get summary(): Pick<TrackSummary, "framesPerSecond" | "seconds" | "peakRssMb"> {
    return {
      framesPerSecond: this.count / this.elapsed,
      seconds: { total: this.elapsed, ...this.sums },
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  }
}

/** Which of both every frame has. */
export interface SummaryParts {
  readonly objects: boolean;
  readonly points: boolean;
}

/** One frame a line. Atomic. @throws UserError `file/write` */
export async function writeSummary(
  path: string,
  about: object,
  records: AsyncIterable<TrackedRecord>,
  parts: SummaryParts,
): Promise<void> {
  await writeFileAtomic(path, summaryText(about, records, parts));
}

async function* summaryText(
  about: object,
  records: AsyncIterable<TrackedRecord>,
  parts: SummaryParts,
): AsyncGenerator<string, void, void> {
  yield `${JSON.stringify(about, undefined, 1).slice(0, -2)},\n "frames": [`;
  let before: TrackedRecord | undefined;
  for await (const record of records) {
    yield `${before === undefined ? "" : ","}\n  ${JSON.stringify(summaryFrame(record, before, parts))}`;
    before = record;
  }
  yield "\n ]\n}\n";
}

function summaryFrame(record: TrackedRecord, before: TrackedRecord | undefined, parts: SummaryParts): SummaryFrame {
  const { frame: index, name, timeSec } = record;
  const seconds = timeSec - (before?.timeSec ?? timeSec);
  const objects = record.objects.map((object) => {
    const from = before?.objects.find(({ id }) => id === object.id);
    return { ...object, speed: speed(from?.centroid, object.centroid, seconds) };
  });
  const points = record.points.map((point) => {
    const from = before?.points.find(({ name }) => name === point.name);
    const seen = from?.visible === true && point.visible;
    return { ...point, speed: seen ? speed([from.x, from.y], [point.x, point.y], seconds) : null };
  });
  return { index, name, timeSec, ...(parts.objects && { objects }), ...(parts.points && { points }) };
}

type Place = readonly [number, number] | null | undefined;

function speed(from: Place, to: Place, seconds: number): number | null {
  if (from === null || from === undefined || to === null || to === undefined || seconds <= 0) return null;
  return Math.hypot(to[0] - from[0], to[1] - from[1]) / seconds;
}
