/**
 * @file Tracks a live source into a folder, with how late every mask is. The first frame that comes has the labels, or
 * the one that looks most like the labelled picture. A consumer slower than the source drops frames; memory does not
 * grow. Masks and tables are on disk frame by frame, for readers that follow them.
 */
import { join } from "node:path";
import type { FrameSize } from "../../annotations/point.ts";
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import { RowFile } from "../../core/rowFile.ts";
import { versionsInUse } from "../../core/versions.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { Recorder } from "../../results/recorder.ts";
import { TrackFiles } from "../../results/trackFiles.ts";
import { type ArrivalWish, arrivalName } from "../../tracking/arrivals/arrivalOptions.ts";
import { firstLabels } from "../../tracking/masks/firstLabels.ts";
import { Likeness } from "../../tracking/masks/likeness.ts";
import type { Mode } from "../../tracking/modes.ts";
import { withoutSignals } from "../../tracking/objects.ts";
import { propagateMasks, type TrackedFrame } from "../../tracking/propagation.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { Frame } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { writeMaskPng } from "../../video/masks/maskPng.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { LiveFrames } from "../../video/sources/liveSource.ts";
import { ALIKE, labelledStart } from "./labelledStart.ts";
import { LatencyHistogram, type LatencySummary } from "./latency.ts";

/** The labels of a live source. */
export interface LiveLabels {
  /** Labels of the picture that was labelled (`labelled`, else the first frame), and names of objects by id. */
  readonly first: (picture: RgbPicture) => { readonly mask: LabelMap; readonly names: ReadonlyMap<number, string> };
  /** Name of these labels in messages. */
  readonly firstName: string;
  /** The picture that was labelled: looked for among the first frames. Default: the labels are those of the first one. */
  readonly labelled?: LabelledPicture | undefined;
}

/** A picture of the source that was labelled before. */
export interface LabelledPicture {
  readonly picture: RgbPicture;
  /** In messages. */
  readonly name: string;
  /** The number of frames among which it is looked for. */
  readonly within: number;
}

/** What is tracked, and where the results go. */
export interface TrackLiveOptions extends Threads, LiveLabels {
  /** Closed at the end. */
  readonly live: LiveFrames;
  /** Name of the source, for `live.json`. */
  readonly sourceName: string;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** See `PropagationOptions`. */
  readonly arrivals?: ArrivalWish | undefined;
  /** Folder for `masks/NAME.png`, `frames.jsonl`, `tracks.csv`, `tracks.jsonl` and `live.json`. */
  readonly out: string;
  /** Millimetres per pixel, for speeds in mm/s. */
  readonly mmPerPx?: number | undefined;
  /** Aborting ends the source; results so far are kept. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** `live.json` */
export interface LiveResult {
  readonly versions: Readonly<Record<string, string>>;
  readonly source: string;
  /** Index of the frame that the labels were taken for; those before it are not tracked. Null without any frame. */
  readonly start: number | null;
  /** How much it looks like the labelled picture, at most 1; null without one. */
  readonly likeness: number | null;
  /** Frames with masks. */
  readonly frames: number;
  /** Frames that came while an older one was being tracked. */
  readonly dropped: number;
  readonly framesPerSecond: number;
  /** Seconds from when a decoded frame came to when its mask was on disk. */
  readonly latencySec: LatencySummary;
  readonly peakRssMb: number;
  /** Millimetres per pixel, as given; null = unknown. */
  readonly mmPerPx: number | null;
}

/** @throws UserError `video/live`, `video/not-video`, `labels/size`, of `first`, `propagateMasks` and of writing (`file/write`) */
export async function trackLive(options: TrackLiveOptions): Promise<LiveResult> {
  const { live, out, sourceName, signal, logger = silent, mmPerPx = null } = options;
  const stop = (): void => void live.close();
  signal?.addEventListener("abort", stop, { once: true });
  const latency = new LatencyHistogram();
  let begin: number | undefined;
  let start: Start | undefined;
  try {
    start = await startOf(options);
    for await (const ageSec of start === undefined ? [] : tracked(options, start)) {
      begin ??= performance.now();
      latency.add(ageSec);
      const { median } = latency.summary;
      const count = counted(latency.count, "frame");
      logger.progress(`${count}, ${live.dropped} dropped, latency ${median.toFixed(2)} s (median)`);
    }
  } catch (error) {
    // Stopping ends the source; only a run without any frame is an error.
    if (signal?.aborted !== true || latency.count === 0) throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", stop);
    await live.close();
  }
  const result: LiveResult = {
    versions: await versionsInUse(),
    source: sourceName,
    start: start?.frame.index ?? null,
    likeness: start?.likeness ?? null,
    frames: latency.count,
    dropped: live.dropped,
    framesPerSecond: latency.count < 2 ? 0 : (latency.count - 1) / ((performance.now() - (begin ?? 0)) / 1000),
    latencySec: latency.summary,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    mmPerPx,
  };
  await writeFileAtomic(join(out, "live.json"), `${JSON.stringify(result, undefined, 1)}\n`);
  return result;
}

/** The frame with the labels, and what comes after it. */
interface Start {
  readonly frame: Frame;
  readonly mask: LabelMap;
  readonly names: ReadonlyMap<number, string>;
  readonly likeness: number | null;
  /** From this frame on. */
  readonly frames: AsyncIterable<Frame>;
}

/** @returns undefined without any frame */
async function startOf(options: TrackLiveOptions): Promise<Start | undefined> {
  const { live, first, firstName, labelled, logger = silent } = options;
  const frames = live[Symbol.asyncIterator]();
  const one = await frames.next();
  if (one.done === true) return undefined;
  if (labelled !== undefined) requireSameSize(labelled, one.value);
  // The things in boxes take a while to find.
  live.catchUp();
  const labels = first(labelled?.picture ?? one.value);
  const all = following([one.value], frames);
  if (labelled === undefined) {
    logger.info(
      `${firstName}: taken for labels of the first frame that came; --labels-frame PICTURE looks for the frame that was labelled`,
    );
    return { ...labels, frame: one.value, likeness: null, frames: all };
  }
  const known = firstLabels(labels.mask, one.value, firstName).mask;
  const like = new Likeness(labelled.picture, known);
  const found = await labelledStart(all, { likeness: (frame) => like.of(frame), most: labelled.within });
  if (found === undefined) return undefined;
  tellStart(found, labelled, logger);
  const { frame, after, likeness } = found;
  return { ...labels, frame, likeness, frames: following([frame, ...after], all) };
}

function tellStart(
  { frame, likeness, looked }: { readonly frame: Frame; readonly likeness: number; readonly looked: number },
  { name }: LabelledPicture,
  logger: Logger,
): void {
  const found = `frame ${frame.name}, likeness ${likeness.toFixed(2)} of 1`;
  if (likeness >= ALIKE) logger.info(`${name}: found again in ${found}`);
  else
    logger.warn(
      `none of the first ${counted(looked, "frame")} looks like ${name}; tracking starts with the one most alike (${found}), and its labels may be wrong`,
    );
}

/** @throws UserError `labels/size` */
function requireSameSize({ picture, name }: LabelledPicture, { width, height }: FrameSize): void {
  if (picture.width === width && picture.height === height) return;
  throw new UserError("labels/size", {
    what: `${name} has another size than the video`,
    got: `${picture.width}x${picture.height}`,
    expected: `${width}x${height}`,
    todo: "take the picture from this source: tsumugi snapshot",
  });
}

/** Masks and records on disk, frame by frame. @returns how old each frame is then, seconds */
async function* tracked(options: TrackLiveOptions, start: Start): AsyncGenerator<number, void, void> {
  const { live, out, signal, mmPerPx = null, arrivals } = options;
  const records = new RowFile(join(out, "frames.jsonl"), true);
  const tables = new TrackFiles(out, { labels: [], mmPerPx, inPlace: true });
  const isGiven = (index: number): boolean => index === start.frame.index;
  const recorder = new Recorder({
    names: start.names,
    size: start.frame,
    isGiven,
    kind: arrivals && arrivalName(arrivals.what),
  });
  // In the first frame the encoder learns its ranges, and workers start.
  live.catchUp();
  try {
    for await (const found of propagateMasks({
      ...options,
      source: start.frames,
      first: start.mask,
      names: start.names,
    })) {
      const { frame, labels, objects, cut } = found;
      await writeMaskPng(join(out, "masks", `${frame.name}.png`), labels);
      await records.append(`${recordOf(found)}\n`);
      await tables.append(recorder.objects({ index: frame.index, timeSec: frame.timeSec, cut }, objects));
      yield live.age(frame);
      signal?.throwIfAborted();
    }
  } finally {
    await records.finish();
    await tables.finish();
  }
}

/** A line of `frames.jsonl`. */
function recordOf({ frame: { index, name, timeSec }, cut, objects }: TrackedFrame): string {
  return JSON.stringify({ frame: index, name, timeSec, cut, objects: objects.map(withoutSignals) });
}

/** Some frames, then those that follow them; the end reaches the source at once. */
function following(
  first: readonly Frame[],
  rest: AsyncIterator<Frame, unknown>,
): AsyncIterableIterator<Frame, unknown> {
  const waiting = [...first];
  const frames: AsyncIterableIterator<Frame, unknown> = {
    [Symbol.asyncIterator]: () => frames,
    async next() {
      const value = waiting.shift();
      return value === undefined ? rest.next() : { done: false, value };
    },
    async return() {
      return (await rest.return?.()) ?? { done: true, value: undefined };
    },
  };
  return frames;
}
