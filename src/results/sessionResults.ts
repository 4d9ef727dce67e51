/**
 * @file What a session's folder has beside masks and records: tables, overlay, pictures, totals. Written as frames come where they come in order and
 * for the first time, else from the folder when all are there: either way the same.
 */
import { join } from "node:path";
import { type Logger, silent } from "../core/log.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { readMaskPng } from "../video/maskPng.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type Mode, modes } from "../tracking/modes.ts";
import { Recorder } from "./recorder.ts";
import { overlayVideo, ResultWriter, type WrittenResults } from "./resultWriter.ts";
import type { Direction } from "../tracking/session/plan.ts";
import type { Tracker } from "../tracking/session/tracker.ts";
import { SummaryBuilder, type TrackedContent } from "./summary.ts";

/** Which clip, and what is wanted of it. */
export interface SessionResultOptions {
  readonly source: FrameSource;
  /** The folder. */
  readonly out: string;
  readonly direction?: Direction;
  /** How well the overlay is compressed; default `exact`. */
  readonly mode?: Mode;
  /** Default true. */
  readonly overlay?: boolean;
  /** Trajectories, speed and heat map at the end; default true. */
  readonly pictures?: boolean;
  /** Millimetres a pixel, for speeds in mm/s. */
  readonly mmPerPx?: number;
  /** Aborting ends `replay` with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** Bits of video for a pixel, at most on usual footage. */
const BITS_PER_PIXEL = 1;

/** About the size of an overlay of so many frames. */
export function overlayBytes({ width, height }: FrameSource, frames: number): number {
  return (frames * width * height * BITS_PER_PIXEL) / 8;
}

/** Takes a session's frames in order. */
export class SessionResults {
  readonly summary = new SummaryBuilder();
  private readonly writer: ResultWriter;
  private readonly recorder: Recorder;
  private readonly hasMasks: boolean;

  /** @param draw whether overlay and pictures are drawn, if they are wanted at all. */
  constructor(options: SessionResultOptions, tracker: Tracker, draw: boolean) {
    const {
      source,
      out,
      overlay = true,
      pictures = true,
      mmPerPx = null,
      mode = modes.exact,
      logger = silent,
    } = options;
    const { frames, names, hasObjects, hasPoints } = tracker;
    const video =
      draw && overlay
        ? { ...overlayVideo(source, frames[0], frames[frames.length - 1] + 1), effort: mode.overlayEffort }
        : undefined;
    const labels = [...(names.size > 0 ? (["boxes"] as const) : []), ...(hasPoints ? (["points"] as const) : [])];
    const tables = { labels, mmPerPx };
    this.writer = new ResultWriter({ out, masks: false, video, tables, pictures: draw && pictures }, logger);
    this.recorder = new Recorder(new Map([...names].map(([name, id]) => [id, name])));
    this.hasMasks = hasObjects;
  }

  /** Seconds spent so far. */
  get seconds(): number {
    return this.writer.seconds.mask + this.writer.seconds.overlay;
  }

  /** @param picture with `labels` where there is something to draw. @throws as `ResultWriter.write` */
  async add(frame: TrackedContent, picture?: RgbPicture, labels?: LabelMap): Promise<void> {
    const { name, objects, points } = frame;
    const records = [...this.recorder.objects(frame, objects), ...this.recorder.points(frame, points)];
    await this.writer.write({ name, picture, labels: this.hasMasks ? labels : undefined, records });
    this.summary.add(frame, records);
  }

  /** Waits for the frames given so far. @throws as `ResultWriter.write` */
  settled(): Promise<void> {
    return this.writer.settled();
  }

  /** @throws as `ResultWriter.write` */
  finish(): Promise<WrittenResults> {
    return this.writer.finish();
  }

  /** Leaves no overlay behind. */
  abort(): Promise<void> {
    return this.writer.abort();
  }
}

/** Results that are written as frames come; undefined where they have to wait for all frames. */
export async function streamingResults(
  options: SessionResultOptions,
  tracker: Tracker,
): Promise<SessionResults | undefined> {
  const { direction = "forward" } = options;
  if (direction !== "forward" || tracker.state === "done") return undefined;
  for await (const _ of tracker.records()) return undefined;
  return new SessionResults(options, tracker, true);
}

/**
 * Results of all that is there, in order; to draw, the clip is read once more.
 * @throws the signal's reason, and as `SessionResults.add`
 */
export async function replay(options: SessionResultOptions, tracker: Tracker, draw: boolean): Promise<SessionResults> {
  const { out, signal, logger = silent } = options;
  const results = new SessionResults(options, tracker, draw);
  const { frames } = tracker;
  const pictures = draw ? new Pictures(options.source, frames[0], frames[frames.length - 1] + 1) : undefined;
  try {
    for await (const { frame: index, ...record } of tracker.records()) {
      if (draw) signal?.throwIfAborted();
      const picture = await pictures?.at(index);
      const mask = picture !== undefined && tracker.hasObjects ? join(out, "masks", `${record.name}.png`) : undefined;
      await results.add({ index, ...record }, picture, mask === undefined ? undefined : await readMaskPng(mask));
      if (draw) logger.progress(`drawing results: frame ${index} of ${frames[frames.length - 1]}`);
    }
    await results.settled();
  } catch (error) {
    await results.abort();
    throw error;
  } finally {
    await pictures?.close();
  }
  return results;
}

/** A clip's frames, some of them left out. */
class Pictures {
  private readonly frames: AsyncIterator<Frame, unknown>;

  constructor(source: FrameSource, start: number, end: number) {
    this.frames = source.frames({ start, end })[Symbol.asyncIterator]();
  }

  /** @param index ascends. @returns undefined beyond the end. */
  async at(index: number): Promise<Frame | undefined> {
    for (;;) {
      const next = await this.frames.next();
      if (next.done === true) return undefined;
      if (next.value.index === index) return next.value;
    }
  }

  async close(): Promise<void> {
    await this.frames.return?.();
  }
}
