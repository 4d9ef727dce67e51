/**
 * @file Writes masks, tables, the overlay video and pictures of a tracked clip on a separate thread, while the next
 * frames are tracked.
 */
import type { Bone } from "../annotations/skeleton.ts";
import { silent, type Logger } from "../core/log.ts";
import { builtScript, WorkerCalls } from "../core/workerCalls.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";
import type { FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { VideoWriterOptions } from "../video/writing/writer.ts";
import type { TrackTableOptions } from "./trackFiles.ts";

/** What is written, and where. */
export interface ResultOptions {
  /** Folder of all results; docs/results.md lists them. */
  readonly out: string;
  /** Whether masks are written, `masks/NAME.png`. */
  readonly masks: boolean;
  /** The overlay's size and times; undefined = no overlay. */
  readonly video: Omit<VideoWriterOptions, "logger"> | undefined;
  /** `tracks.csv` and the other tables; undefined = none. */
  readonly tables?: TrackTableOptions;
  /** Whether trajectories, speed and heat map are drawn at the end; default false. */
  readonly pictures?: boolean | undefined;
  /** Lines between points, drawn in the overlay; default none. */
  readonly skeleton?: readonly Bone[] | undefined;
}

/** Options for an overlay with the clip's size and times. @param end one past the last frame. */
export function overlayVideo(
  source: FrameSource,
  start: number,
  end = source.frameCount,
): NonNullable<ResultOptions["video"]> {
  const { width, height } = source;
  const timesSec = source.timesSec.slice(start, end);
  const length = timesSec[timesSec.length - 1] - timesSec[0];
  const fps = length > 0 ? (timesSec.length - 1) / length : 25;
  return { width, height, fps, timesSec };
}

/** One frame to be written. */
export interface ResultFrame {
  /** Name of its mask, without extension. */
  readonly name: string;
  /** Undefined where there is neither an overlay nor pictures. */
  readonly picture?: RgbPicture | undefined;
  /** Undefined for points. */
  readonly labels?: LabelMap | undefined;
  /** Its objects; default none: no rows, no trails, no names. */
  readonly records?: readonly TrackRecord[];
}

/** How long writing one frame took. */
export interface WrittenFrame {
  readonly seconds: { readonly mask: number; readonly overlay: number };
  readonly warnings: readonly string[];
}

/** The files at the end. */
export interface WrittenResults {
  /** The overlay's file or folder; null without one. */
  readonly overlay: string | null;
  /** Paths of the tables. */
  readonly tables: readonly string[];
  /** Paths of the pictures of the whole clip. */
  readonly pictures: readonly string[];
}

/** The most frames that wait for the writer; each holds its picture. */
const MOST_WAITING = 3;

/** Takes frames in order and writes them in order; `write` waits only when the writer is several frames behind. */
export class ResultWriter {
  /** Seconds of all frames written so far. */
  readonly seconds = { mask: 0, overlay: 0 };
  private readonly worker: WorkerCalls;
  private readonly logger: Logger;
  private readonly waiting: Promise<void>[] = [];

  constructor(options: ResultOptions, logger: Logger = silent) {
    this.logger = logger;
    this.worker = new WorkerCalls(builtScript("./resultWorker.js", import.meta.url));
    this.waiting.push(this.watched(this.worker.call("open", options)));
  }

  /** @throws the error of an earlier frame's writing: UserError `file/write`, those of `openVideoWriter` */
  async write({ picture, ...rest }: ResultFrame): Promise<void> {
    const frame: ResultFrame = { ...rest, picture: picture && onlyPicture(picture) };
    this.waiting.push(this.watched(this.worker.call<WrittenFrame>("write", frame).then((one) => this.note(one))));
    while (this.waiting.length > MOST_WAITING) await this.waiting.shift();
  }

  /** Waits for all frames, completes overlay and tables, draws the pictures. @throws as `write` */
  async finish(): Promise<WrittenResults> {
    try {
      await this.settled();
      return await this.worker.call<WrittenResults>("finish", undefined);
    } finally {
      await this.worker.close();
    }
  }

  /** Waits for the frames given so far. @throws as `write` */
  async settled(): Promise<void> {
    for (const one of this.waiting.splice(0)) await one;
  }

  /** Leaves no overlay behind; masks and the rows so far are kept. Harmless after an error or `finish`. */
  async abort(): Promise<void> {
    await this.worker.call("abort", undefined).catch(() => {});
    await this.worker.close();
  }

  private note({ seconds, warnings }: WrittenFrame): void {
    this.seconds.mask += seconds.mask;
    this.seconds.overlay += seconds.overlay;
    for (const line of warnings) this.logger.warn(line);
  }

  /** A failure is reported where the promise is awaited, not as an unhandled rejection before that. */
  private watched(work: Promise<void>): Promise<void> {
    work.catch(() => {});
    return work;
  }
}

/** The picture without a frame's other fields. */
const onlyPicture = ({ width, height, data }: RgbPicture): RgbPicture => ({ width, height, data });
