/**
 * @file What a session's folder has besides masks and records: tables, overlay, pictures, totals. If frames arrive
 * in order and for the first time, these are written as they arrive; otherwise from the folder at the end. Both give
 * the same files.
 */
import { join } from "node:path";
import type { ObjectReference } from "../annotations/object.ts";
import type { Bone } from "../annotations/skeleton.ts";
import { type Logger, silent } from "../core/log.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { readMaskPng } from "../video/masks/maskPng.ts";
import type { RgbPicture } from "../video/picture.ts";
import { arrivalName, type ArrivalWish } from "../tracking/arrivals/arrivalOptions.ts";
import { type Mode, modes } from "../tracking/modes.ts";
import { Recorder } from "./recorder.ts";
import { overlayVideo, ResultWriter, type WrittenResults } from "./resultWriter.ts";
import type { Direction } from "../tracking/session/plan.ts";
import type { Tracker } from "../tracking/session/tracker.ts";
import { SummaryBuilder, type TrackedContent } from "./summary.ts";

/** The clip, and which results to write. */
export interface SessionResultOptions {
  readonly source: FrameSource;
  /** The folder. */
  readonly out: string;
  readonly direction?: Direction;
  /** Decides how strongly the overlay is compressed; default `exact`. */
  readonly mode?: Mode | undefined;
  /** What comes in is named after what it looks like. */
  readonly arrivals?: ArrivalWish | undefined;
  /** Default true. */
  readonly overlay?: boolean | undefined;
  /** Trajectories, speed and heat map at the end; default true. */
  readonly pictures?: boolean | undefined;
  /** Lines between points, drawn in the overlay; default none. */
  readonly skeleton?: readonly Bone[] | undefined;
  /** Millimetres per pixel, for speeds in mm/s. */
  readonly mmPerPx?: number | undefined;
  /** Aborting ends `replay` with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** Bits of video per pixel, an upper bound for usual footage. */
const BITS_PER_PIXEL = 1;

/** Estimated size of an overlay of this many frames, bytes. */
export function overlayBytes({ width, height }: FrameSource, frames: number): number {
  return (frames * width * height * BITS_PER_PIXEL) / 8;
}

/** Takes a session's frames in order. */
export class SessionResults {
  readonly summary = new SummaryBuilder();
  private readonly writer: ResultWriter;
  private readonly recorder: Recorder;
  private readonly hasMasks: boolean;

  /** @param draw whether to draw the overlay and pictures that the options ask for. */
  constructor(options: SessionResultOptions, tracker: Tracker, draw: boolean) {
    const {
      source,
      out,
      overlay = true,
      pictures = true,
      mmPerPx = null,
      skeleton,
      mode = modes.exact,
      arrivals,
      logger = silent,
    } = options;
    const { frames, names, hasObjects, hasPoints } = tracker;
    const video =
      draw && overlay
        ? { ...overlayVideo(source, frames[0], frames[frames.length - 1] + 1), effort: mode.overlayEffort }
        : undefined;
    const labels = [...(names.size > 0 ? (["boxes"] as const) : []), ...(hasPoints ? (["points"] as const) : [])];
    const tables = { labels, mmPerPx };
    this.writer = new ResultWriter({ out, masks: false, video, tables, pictures: draw && pictures, skeleton }, logger);
    this.recorder = new Recorder({
      names: new Map([...names].map(([name, id]) => [id, name])),
      size: source,
      kind: arrivals && arrivalName(arrivals.what),
      isGiven: givenIn(tracker),
    });
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

/** Whether an object or a point has a label in a frame. */
function givenIn({ keys }: Tracker): (frame: number, what: ObjectReference) => boolean {
  const given = new Map(
    keys.map(({ frame, objects, points }) => [
      frame,
      new Set<ObjectReference>([...objects, ...points.map(({ name }) => name)]),
    ]),
  );
  return (frame, what) => given.get(frame)?.has(what) ?? false;
}

/** Results written as frames arrive; undefined if they have to wait for all frames. */
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
 * Writes the results of all tracked frames, in order; drawing reads the clip once more.
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

/** Reads chosen frames of a clip in order. */
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
