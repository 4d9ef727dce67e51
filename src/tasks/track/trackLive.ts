/**
 * @file Tracks a live source into a folder, with how late every mask is. The first frame that comes has the labels. A
 * consumer slower than the source drops frames; memory does not grow.
 */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { writeError, writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import { versionsInUse } from "../../core/versions.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { Frame } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { LiveFrames } from "../../video/sources/liveSource.ts";
import { writeMaskPng } from "../../video/masks/maskPng.ts";
import { LatencyHistogram, type LatencySummary } from "./latency.ts";
import type { Mode } from "../../tracking/modes.ts";
import { withoutSignals } from "../../tracking/objects.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import type { Protocol } from "../../tracking/protocols.ts";

/** What is tracked, and where the results go. */
export interface TrackLiveOptions extends Threads {
  /** Closed at the end. */
  readonly live: LiveFrames;
  /** Name of the source, for `live.json`. */
  readonly sourceName: string;
  readonly encoder: FeatureExtractor;
  /** Labels of the first frame, once it has come. */
  readonly first: (frame: Frame) => LabelMap;
  /** Name of these labels in messages. */
  readonly firstName: string;
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Folder for `masks/NAME.png`, `frames.jsonl` and `live.json`. */
  readonly out: string;
  /** Aborting ends the source; results so far are kept. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** `live.json` */
export interface LiveResult {
  readonly versions: Readonly<Record<string, string>>;
  readonly source: string;
  /** Frames with masks. */
  readonly frames: number;
  /** Frames that came while an older one was being tracked. */
  readonly dropped: number;
  readonly framesPerSecond: number;
  /** Seconds from when a decoded frame came to when its mask was on disk. */
  readonly latencySec: LatencySummary;
  readonly peakRssMb: number;
}

/** @throws UserError `video/live`, of `first`, of `propagateMasks` and of writing (`file/write`) */
export async function trackLive(options: TrackLiveOptions): Promise<LiveResult> {
  const { live, out, sourceName, signal, logger = silent } = options;
  const stop = (): void => void live.close();
  signal?.addEventListener("abort", stop, { once: true });
  const latency = new LatencyHistogram();
  let begin: number | undefined;
  try {
    for await (const ageSec of tracked(options)) {
      begin ??= performance.now();
      latency.add(ageSec);
      const { median } = latency.summary;
      logger.progress(`${latency.count} frames, ${live.dropped} dropped, latency ${median.toFixed(2)} s (median)`);
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
    frames: latency.count,
    dropped: live.dropped,
    framesPerSecond: latency.count < 2 ? 0 : (latency.count - 1) / ((performance.now() - (begin ?? 0)) / 1000),
    latencySec: latency.summary,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  await writeFileAtomic(join(out, "live.json"), `${JSON.stringify(result, undefined, 1)}\n`);
  return result;
}

/** Masks and records on disk, frame by frame. @returns how old each frame is then, seconds */
async function* tracked(options: TrackLiveOptions): AsyncGenerator<number, void, void> {
  const { live, out, first, signal } = options;
  const frames = live[Symbol.asyncIterator]();
  const start = await frames.next();
  if (start.done === true) return;
  const mask = first(start.value);
  const run = propagateMasks({ ...options, source: following(start.value, frames), first: mask });
  const path = join(out, "frames.jsonl");
  for await (const { frame, labels, objects, cut } of run) {
    await writeMaskPng(join(out, "masks", `${frame.name}.png`), labels);
    const { index, name, timeSec } = frame;
    const record = { frame: index, name, timeSec, cut, objects: objects.map(withoutSignals) };
    await appendLine(path, JSON.stringify(record), index === start.value.index);
    yield live.age(frame);
    signal?.throwIfAborted();
  }
}

/** The first frame and those after it; its end reaches the source at once. */
function following(first: Frame, rest: AsyncIterator<Frame, unknown>): AsyncIterable<Frame> {
  let given = false;
  const next = async (): Promise<IteratorResult<Frame, unknown>> => {
    if (given) return rest.next();
    given = true;
    return { done: false, value: first };
  };
  const end = async (): Promise<IteratorResult<Frame, unknown>> =>
    (await rest.return?.()) ?? { done: true, value: undefined };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

/** @param anew whether an earlier run's lines go. @throws UserError `file/write` */
async function appendLine(path: string, line: string, anew: boolean): Promise<void> {
  try {
    const file = await open(path, anew ? "w" : "a");
    try {
      await file.appendFile(`${line}\n`);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeError(path, error);
  }
}
