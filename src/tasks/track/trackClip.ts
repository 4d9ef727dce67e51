/**
 * @file Tracks one clip into a folder, from labels of any of its frames: a session (docs/sessions.md) with tables,
 * overlay, pictures and a summary (docs/results.md). Stopping keeps what is there, running again resumes.
 */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { counted } from "../../core/counted.ts";
import { Interrupted } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { silent, type Logger } from "../../core/log.ts";
import type { Machine } from "../../core/machine.ts";
import { versionsInUse } from "../../core/versions.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { DepthSource } from "../../video/depth/depthMap.ts";
import type { FrameSource } from "../../video/frame.ts";
import type { ArrivalWish } from "../../tracking/arrivals/arrivalOptions.ts";
import type { BoxShape } from "../../tracking/masks/boxLabels.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { progressLine } from "../../results/progressLine.ts";
import { CLIP_PICTURES } from "../../results/pictureNames.ts";
import type { WrittenResults } from "../../results/resultWriter.ts";
import { type DiskUse, megabytes, requireDisk } from "../../tracking/session/diskUse.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";
import type { TrackRange } from "../../tracking/session/plan.ts";
import { Tracker } from "../../tracking/session/tracker.ts";
import {
  overlayBytes,
  replay,
  type SessionResultOptions,
  type SessionResults,
  streamingResults,
} from "../../results/sessionResults.ts";
import { RunCost, type TrackSummary } from "../../results/summary.ts";

/**
 * One clip, its labels, and where the results go: `out` is the folder of the session, with all else that
 * docs/results.md lists.
 */
export interface TrackClipOptions extends SessionResultOptions, Machine {
  readonly encoder: FeatureExtractor;
  /** Exactly the labels of the frames that they belong to; key frames that the folder has of other frames stay. */
  readonly labels: readonly FrameLabels[];
  readonly protocolName: string;
  readonly protocol: Protocol;
  /** Name of the mode, for the summary; default `exact`. */
  readonly modeName?: string;
  /** Default all frames. */
  readonly range?: Partial<TrackRange> | undefined;
  /** See `TrackerOptions`. */
  readonly boxes?: BoxShape | undefined;
  /** See `TrackerOptions`. */
  readonly depth?: DepthSource | undefined;
  /** See `TrackerOptions`. */
  readonly arrivals?: ArrivalWish | undefined;
  /** For the summary. */
  readonly weights: string;
  /** See `TrackerOptions`. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** Aborted with `Interrupted`: stops after the frame in hand, with the results of what is done. */
  readonly signal?: AbortSignal | undefined;
}

/** The results; overlay and pictures of an earlier run are among them. */
export interface TrackResult extends WrittenResults {
  readonly summary: TrackSummary;
  /** Folder of the masks; null in a session of points alone. */
  readonly masks: string | null;
  /** Frames tracked now; 0 when everything was there already. */
  readonly tracked: number;
}

/**
 * @throws UserError of `Tracker` (`labels/*`, `session/*`, `tracking/*`), `disk/full` before anything is tracked, and
 * of writing (`file/write`: full disk or no permission; the results written before stay).
 */
export async function trackClip(options: TrackClipOptions): Promise<TrackResult> {
  const { source, labels, out, signal, logger = silent } = options;
  await using tracker = await Tracker.open({ ...options, folder: out });
  await tracker.setLabels(labels);
  await warnOfOtherMasks(join(out, "masks"), source, logger);
  await announceDisk(options, tracker);
  const cost = new RunCost();
  // Written last: without it the other results are those of an earlier run.
  if (tracker.state !== "done") await rm(join(out, "summary.json"), { force: true });
  // Nothing may fail between here and `try`: the thread that writes would stay.
  const streaming = await streamingResults(options, tracker);
  try {
    for await (const { frame, ...found } of tracker.track({ signal })) {
      const { index, name, timeSec } = frame;
      await streaming?.add({ index, name, timeSec, ...found, cut: found.cut === "before" }, frame, found.labels);
      cost.add(found.seconds);
      const { done, total } = tracker.progress;
      logger.progress(progressLine({ count: done, elapsed: cost.elapsed }, total));
    }
    await streaming?.settled();
  } catch (error) {
    if (!(error instanceof Interrupted) || cost.count === 0) {
      await streaming?.abort();
      throw error;
    }
  }
  return await finish(options, tracker, cost, streaming);
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
  streaming: SessionResults | undefined,
): Promise<TrackResult> {
  const { out, mmPerPx = null } = options;
  const complete = tracker.state === "done";
  const drawn = streaming === undefined ? await drawnBefore(options) : undefined;
  const results = streaming ?? (await replay(options, tracker, complete && drawn === undefined));
  const written = await results.finish();
  cost.wrote(results.seconds);
  const content = results.summary.finish(mmPerPx);
  const summary: TrackSummary = { ...(await describe(options, tracker)), complete, ...cost.summary, ...content };
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  const masks = tracker.hasObjects ? join(out, "masks") : null;
  return { summary, masks, tracked: cost.count, ...written, ...drawn };
}

/**
 * Overlay and pictures that exist and are up to date, or that were not asked for; undefined when something has to be
 * drawn.
 */
async function drawnBefore(
  options: TrackClipOptions,
): Promise<Pick<WrittenResults, "overlay" | "pictures"> | undefined> {
  const { out, overlay = true, pictures = true, mmPerPx = null } = options;
  if (!overlay && !pictures) return { overlay: null, pictures: [] };
  const last = await readFile(join(out, "summary.json"), "utf8").catch(() => undefined);
  if (last === undefined || (JSON.parse(last) as Partial<TrackSummary>).mmPerPx !== mmPerPx) return undefined;
  const video = await firstThere([join(out, "overlay.mp4"), join(out, "overlay_frames")]);
  const drawn = CLIP_PICTURES.map((name) => join(out, name));
  if (overlay && video === undefined) return undefined;
  if (pictures && (await firstThere(drawn)) === undefined) return undefined;
  return { overlay: overlay ? (video ?? null) : null, pictures: pictures ? drawn : [] };
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  return undefined;
}

async function describe({ source, encoder, labels, mmPerPx, ...rest }: TrackClipOptions, tracker: Tracker) {
  const { protocolName, protocol, modeName = "exact", weights, device, threads = null } = rest;
  const { mode } = tracker;
  return {
    versions: await versionsInUse(),
    video: source.path,
    labels: [...new Set(labels.flatMap(({ name }) => name ?? []))].join(", "),
    start: tracker.keys[0].frame,
    width: source.width,
    height: source.height,
    mmPerPx: mmPerPx ?? null,
    settings: { protocolName, protocol, modeName, mode, encoder: encoder.name, weights, device, threads },
  };
}

/** Masks of an earlier run under other names would stay beside the new ones. */
async function warnOfOtherMasks(folder: string, { names }: FrameSource, logger: Logger): Promise<void> {
  const own = new Set(names.map((name) => `${name}.png`));
  const others = (await readdir(folder).catch(() => [])).filter((name) => !own.has(name));
  if (others.length > 0)
    logger.warn(`${folder} already holds ${counted(others.length, "file")} of something else: ${others[0]}`);
}
