/** @file Tracks points through one clip into a folder: `points.csv`, `tracks.json`, an overlay video with trails. Stopping keeps what is there. */
import { join } from "node:path";
import { Interrupted } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { silent, type Logger } from "../../core/log.ts";
import { versionsInUse } from "../../core/versions.ts";
import { writePointTracks } from "../../formats/pointTracks.ts";
import { drawPoints, type DrawnPoint } from "../../video/pointOverlay.ts";
import { ClipOverlay } from "../clipOverlay.ts";
import { progressLine } from "../trackClip.ts";
import { type PointTrackingOptions, type TrackedPoint, type TrackedPointFrame, trackPoints } from "./trackPoints.ts";

/** One clip, its points, and where the results go. */
export interface TrackPointsClipOptions extends PointTrackingOptions {
  /** Folder for the results. */
  readonly out: string;
  /** Noted in `tracks.json`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Default true. */
  readonly overlay?: boolean;
  readonly logger?: Logger;
}

/** A point in a frame, with how fast it went there. */
export interface PointRecord extends Omit<TrackedPoint, "signals"> {
  /** Path since the frame before over the time between, px/s; null in the first frame or where it is not visible in either. */
  readonly speed: number | null;
}

/** `tracks.json`; positions in pixels, origin at the corner of the first pixel. */
export interface PointTracks {
  readonly versions: Readonly<Record<string, string>>;
  readonly video: string;
  /** Index of the frame with the given points. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** False when the run was stopped before the end. */
  readonly complete: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly framesPerSecond: number;
  /** Seconds of the whole run; encoding runs beside matching and writing, so the parts may add up to more than `total`. */
  readonly seconds: Readonly<Record<"total" | "read" | "encode" | "match", number>>;
  readonly peakRssMb: number;
  readonly frames: readonly {
    readonly index: number;
    readonly name: string;
    readonly timeSec: number;
    /** The camera cut to another shot before this frame. */
    readonly cut: boolean;
    readonly points: readonly PointRecord[];
  }[];
}

/** What came of it. */
export interface PointTrackResult {
  readonly tracks: PointTracks;
  /** The overlay's file or folder; null without one. */
  readonly overlay: string | null;
}

/** Seconds of a trail. */
const TRAIL_SEC = 1;

/** @throws UserError of `trackPoints` and of writing (`file/write`) */
export async function trackPointsClip(options: TrackPointsClipOptions): Promise<PointTrackResult> {
  const { source, out, start = 0, logger = silent } = options;
  const overlay = new ClipOverlay(options);
  const log = new TrackLog();
  let complete = true;
  try {
    for await (const tracked of trackPoints(options)) {
      log.add(tracked);
      await overlay.write(() => drawPoints(tracked.frame, log.trails(TRAIL_SEC)));
      logger.progress(progressLine(log, source.frameCount - start));
    }
  } catch (error) {
    complete = false;
    if (!(error instanceof Interrupted) || log.count === 0) {
      await overlay.abort();
      throw error;
    }
  }
  const path = await overlay.finish();
  const tracks = { versions: await versionsInUse(), ...log.tracks(options), complete };
  await writePointTracks(
    join(out, "points.csv"),
    tracks.frames.map(({ index, ...rest }) => ({ frame: index, ...rest })),
  );
  await writeFileAtomic(join(out, "tracks.json"), `${JSON.stringify(tracks, undefined, 1)}\n`);
  return { tracks, overlay: path };
}

/** Collects what the results need, frame by frame. */
class TrackLog {
  private readonly begin = performance.now();
  private readonly frames: PointTracks["frames"][number][] = [];
  private readonly sums = { read: 0, encode: 0, match: 0 };

  get count(): number {
    return this.frames.length;
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000;
  }

  add({ frame: { index, name, timeSec }, points, cut, seconds }: TrackedPointFrame): void {
    const before = this.frames.at(-1);
    const records = points.map((point, i) => ({
      name: point.name,
      x: point.x,
      y: point.y,
      visible: point.visible,
      confidence: point.confidence,
      speed: before === undefined ? null : speed(before.points[i], point, timeSec - before.timeSec),
    }));
    this.frames.push({ index, name, timeSec, cut, points: records });
    for (const part of ["read", "encode", "match"] as const) this.sums[part] += seconds[part];
  }

  /** Each point's positions in the last seconds. */
  trails(seconds: number): DrawnPoint[][] {
    const last = this.frames.at(-1);
    if (last === undefined) return [];
    const from = this.frames.findIndex(({ timeSec }) => timeSec >= last.timeSec - seconds);
    const recent = this.frames.slice(from);
    return last.points.map((_, i) => recent.map(({ points }) => points[i]));
  }

  tracks({ source, settings, start = 0 }: TrackPointsClipOptions): Omit<PointTracks, "versions" | "complete"> {
    return {
      video: source.path,
      start,
      width: source.width,
      height: source.height,
      settings,
      framesPerSecond: this.count / this.elapsed,
      seconds: { total: this.elapsed, ...this.sums },
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      frames: this.frames,
    };
  }
}

function speed(from: TrackedPoint, to: TrackedPoint, seconds: number): number | null {
  if (!from.visible || !to.visible || seconds <= 0) return null;
  return Math.hypot(to.x - from.x, to.y - from.y) / seconds;
}
