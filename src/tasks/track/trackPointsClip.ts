/**
 * @file Tracks points through one clip into a folder: tables as they come, an overlay video with trails, a summary.
 * Stopping keeps what is there.
 */
import { join } from "node:path";
import type { Bone } from "../../annotations/skeleton.ts";
import { Interrupted } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { silent, type Logger } from "../../core/log.ts";
import { versionsInUse } from "../../core/versions.ts";
import { progressLine } from "../../results/progressLine.ts";
import { Recorder } from "../../results/recorder.ts";
import { overlayVideo, ResultWriter, type WrittenResults } from "../../results/resultWriter.ts";
import { type ClipSummary, RunCost, SummaryBuilder } from "../../results/summary.ts";
import { type PointTrackingOptions, trackPoints } from "../../tracking/points/trackPoints.ts";

/** One clip, its points, and where the results go. */
export interface TrackPointsClipOptions extends PointTrackingOptions {
  /** Folder for the results; docs/results.md lists them. */
  readonly out: string;
  /** Noted in `summary.json`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Default true. */
  readonly overlay?: boolean | undefined;
  /** Trajectories, speed and heat map at the end; default true. */
  readonly pictures?: boolean | undefined;
  /** Lines between points, drawn in the overlay; default none. */
  readonly skeleton?: readonly Bone[] | undefined;
  /** Millimetres a pixel, for speeds in mm/s. */
  readonly mmPerPx?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** `summary.json` of points. */
export interface PointSummary extends ClipSummary {
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The outcome. */
export interface PointTrackResult extends WrittenResults {
  readonly summary: PointSummary;
}

/** @throws UserError of `trackPoints` and of writing (`file/write`) */
export async function trackPointsClip(options: TrackPointsClipOptions): Promise<PointTrackResult> {
  const {
    source,
    out,
    start = 0,
    overlay = true,
    pictures = true,
    mmPerPx = null,
    skeleton,
    logger = silent,
  } = options;
  const [builder, cost] = [new SummaryBuilder(), new RunCost()];
  const recorder = new Recorder({ size: source, isGiven: (frame) => frame === start });
  const video = overlay ? overlayVideo(source, start) : undefined;
  const tables = { labels: ["points"] as const, mmPerPx };
  const writer = new ResultWriter({ out, masks: false, video, tables, pictures, skeleton }, logger);
  let complete = true;
  try {
    for await (const { frame, points, cut, seconds } of trackPoints(options)) {
      const { index, name, timeSec } = frame;
      const records = recorder.points({ index, timeSec, cut }, points);
      await writer.write({ name, picture: frame, records });
      builder.add({ index, name, timeSec, cut, objects: [], points }, records);
      cost.add(seconds);
      logger.progress(progressLine(cost, source.frameCount - start));
    }
    await writer.settled();
  } catch (error) {
    complete = false;
    if (!(error instanceof Interrupted) || cost.count === 0) {
      await writer.abort();
      throw error;
    }
  }
  const written = await writer.finish();
  cost.wrote(writer.seconds.mask + writer.seconds.overlay);
  const summary = { ...(await describe(options)), complete, ...cost.summary, ...builder.finish(mmPerPx) };
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  return { summary, ...written };
}

async function describe({ source, settings, start = 0, mmPerPx }: TrackPointsClipOptions) {
  const { path: video, width, height } = source;
  return { versions: await versionsInUse(), video, start, width, height, mmPerPx: mmPerPx ?? null, settings };
}
