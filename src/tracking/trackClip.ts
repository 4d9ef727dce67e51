/**
 * @file Tracks one clip into a folder, from labels of any of its frames: a session (docs/sessions.md) with an overlay video and a summary of it.
 * Stopping keeps what is there, running again goes on.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Interrupted } from "../core/errors.ts";
import { silent, type Logger } from "../core/log.ts";
import { versionsInUse } from "../core/versions.ts";
import { type BoxRecord, writeBoxTracks } from "../formats/boxTracks.ts";
import { writePointTracks } from "../formats/pointTracks.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { FrameSource } from "../video/frame.ts";
import { type Mode, modes } from "./modes.ts";
import { progressLine } from "./progress.ts";
import type { Protocol } from "./protocols.ts";
import { type DiskUse, megabytes, requireDisk } from "./session/diskUse.ts";
import type { FrameLabels } from "./session/keyFrame.ts";
import type { Direction, TrackRange } from "./session/plan.ts";
import { Tracker } from "./session/tracker.ts";
import { type OverlayWriter, overlayBytes, renderOverlay, streamingOverlay } from "./sessionOverlay.ts";
import { RunCost, type TrackSummary, writeSummary } from "./summary.ts";

/** One clip, its labels, and where the results go. */
export interface TrackClipOptions {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  /** Exactly the labels of the frames that they belong to; key frames that the folder has of other frames stay. */
  readonly labels: readonly FrameLabels[];
  /** Folder of the session, with `overlay.mp4`, `summary.json`, and `points.csv` or `boxes.csv` where there are some. */
  readonly out: string;
  readonly protocolName: string;
  readonly protocol: Protocol;
  /** Name of the mode for the summary, and the mode; default `exact`. */
  readonly modeName?: string;
  readonly mode?: Mode;
  /** Default `forward`. */
  readonly direction?: Direction;
  /** Default all frames. */
  readonly range?: Partial<TrackRange>;
  /** For the summary. */
  readonly weights: string;
  /** For the summary. */
  readonly device: string;
  /** See `TrackerOptions`. */
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly threads?: number;
  /** Default true. */
  readonly overlay?: boolean;
  /** Aborted with `Interrupted`: stops after the frame in hand, with overlay and summary of what is done. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** What came of it. */
export interface TrackResult {
  readonly summary: TrackSummary;
  /** Frames tracked now; 0 when everything was there already. */
  readonly tracked: number;
  /** Frames that have results. */
  readonly frames: number;
  /** The overlay's file or folder; null without one. */
  readonly overlay: string | null;
  /** Further files that were written: `summary.json` or, with points alone, `tracks.json`; `points.csv`, `boxes.csv`. */
  readonly files: Readonly<Partial<Record<"summary" | "tracks" | "points" | "boxes", string>>>;
}

/**
 * @throws UserError of `Tracker` (`labels/*`, `session/*`, `tracking/*`), `disk/full` before anything is tracked, and of writing (`file/write`:
 * full disk or no permission; the results written before stay).
 */
export async function trackClip(options: TrackClipOptions): Promise<TrackResult> {
  const { source, labels, out, signal, logger = silent } = options;
  await using tracker = await Tracker.open({ ...options, folder: out });
  await tracker.setLabels(labels);
  await warnOfOtherMasks(join(out, "masks"), source, logger);
  await announceDisk(options, tracker);
  const cost = new RunCost();
  const overlay = await streamingOverlay(options, tracker);
  try {
    for await (const frame of tracker.track(signal === undefined ? {} : { signal })) {
      await overlay?.write(frame);
      cost.add(frame.seconds);
      const { done, total } = tracker.progress;
      logger.progress(progressLine({ count: done, elapsed: cost.elapsed }, total));
    }
    await overlay?.settled();
  } catch (error) {
    if (!(error instanceof Interrupted) || cost.count === 0) {
      await overlay?.abort();
      throw error;
    }
  }
  return await finish(options, tracker, cost, overlay);
}

/** Says how much room the results will take. @throws UserError `disk/full` */
async function announceDisk(options: TrackClipOptions, tracker: Tracker): Promise<void> {
  const { out, source, overlay = true, logger = silent } = options;
  const use: DiskUse = await tracker.diskUse();
  if (tracker.state === "done") return;
  const video = overlay ? overlayBytes(source, tracker.frames.length) : 0;
  const all = use.masks + use.records + use.state + video;
  const parts = [
    [use.masks, "masks"],
    [use.records, "records"],
    [use.state, "state while tracking"],
    [video, "overlay"],
  ] as const;
  const shown = parts.filter(([bytes]) => bytes > 0).map(([bytes, what]) => `${what} ${megabytes(bytes)}`);
  logger.info(`disk: about ${megabytes(all)} at most in ${out} (${shown.join(", ")})`);
  await requireDisk(out, all);
}

async function finish(
  options: TrackClipOptions,
  tracker: Tracker,
  cost: RunCost,
  overlay: OverlayWriter | undefined,
): Promise<TrackResult> {
  const complete = tracker.state === "done";
  const begin = performance.now();
  const video = overlay === undefined ? await overlayAgain(options, tracker, cost.count > 0) : await overlay.finish();
  cost.wrote((overlay?.seconds ?? 0) + (overlay === undefined ? (performance.now() - begin) / 1000 : 0));
  const summary: TrackSummary = { ...(await describe(options, tracker)), complete, ...cost.summary };
  const files = await writeFiles(options.out, tracker, summary);
  let frames = 0;
  for await (const _ of tracker.records()) frames++;
  return { summary, tracked: cost.count, frames, overlay: video, files };
}

/** Frames that did not come in order are drawn when all are there. */
async function overlayAgain(options: TrackClipOptions, tracker: Tracker, changed: boolean): Promise<string | null> {
  if (options.overlay === false || !changed || tracker.state !== "done") return null;
  return renderOverlay(options, tracker);
}

async function writeFiles(out: string, tracker: Tracker, summary: TrackSummary): Promise<TrackResult["files"]> {
  const parts = { objects: tracker.hasObjects, points: tracker.hasPoints };
  const kind = parts.objects ? "summary" : "tracks";
  const path = join(out, `${kind}.json`);
  await writeSummary(path, summary, tracker.records(), parts);
  const points = join(out, "points.csv");
  if (parts.points) await writePointTracks(points, tracker.records());
  const boxes = join(out, "boxes.csv");
  if (tracker.names.size > 0) await writeBoxTracks(boxes, boxRecords(tracker));
  return { [kind]: path, ...(parts.points && { points }), ...(tracker.names.size > 0 && { boxes }) };
}

/** Boxes of the objects that came as boxes. */
async function* boxRecords(tracker: Tracker): AsyncGenerator<BoxRecord, void, void> {
  const names = new Map([...tracker.names].map(([name, id]) => [id, name]));
  for await (const { frame, timeSec, objects } of tracker.records())
    for (const { id, box, confidence } of objects) {
      const name = names.get(id);
      if (name !== undefined && box !== null) yield { frame, timeSec, name, box, confidence };
    }
}

async function describe({ source, encoder, labels, ...rest }: TrackClipOptions, tracker: Tracker) {
  const { protocolName, protocol, modeName = "exact", mode = modes.exact, weights, device, threads = null } = rest;
  return {
    versions: await versionsInUse(),
    video: source.path,
    labels: [...new Set(labels.flatMap(({ name }) => name ?? []))].join(", "),
    start: tracker.keys[0].frame,
    width: source.width,
    height: source.height,
    settings: { protocolName, protocol, modeName, mode, encoder: encoder.name, weights, device, threads },
  };
}

/** Masks of an earlier run under other names would stay beside the new ones. */
async function warnOfOtherMasks(folder: string, { names }: FrameSource, logger: Logger): Promise<void> {
  const own = new Set(names.map((name) => `${name}.png`));
  const others = (await readdir(folder).catch(() => [])).filter((name) => !own.has(name));
  if (others.length > 0)
    logger.warn(`${folder} already holds ${others.length} file(s) of something else: ${others[0]}`);
}
