/**
 * @file The overlay video of a session: drawn as frames come where they come in order and for the first time, else from the folder when all
 * are there.
 */
import { join } from "node:path";
import { type Logger, silent } from "../core/log.ts";
import type { FrameSource } from "../video/frame.ts";
import { readMaskPng } from "../video/maskPng.ts";
import { drawOverlay } from "../video/overlay.ts";
import { type DrawnPoint, drawPoints } from "../video/pointOverlay.ts";
import { openVideoWriter } from "../video/writer.ts";
import { ResultWriter } from "./resultWriter.ts";
import type { SessionFrame } from "./session/execution.ts";
import type { FrameRecord } from "./session/journal.ts";
import type { Direction } from "./session/plan.ts";
import type { Tracker } from "./session/tracker.ts";

/** Which clip, and where the overlay goes. */
export interface SessionOverlayOptions {
  readonly source: FrameSource;
  /** The folder. */
  readonly out: string;
  readonly direction?: Direction;
  readonly overlay?: boolean;
  readonly logger?: Logger;
}

/** Draws frames as they come. */
export interface OverlayWriter {
  /** Seconds spent so far. */
  readonly seconds: number;
  write(frame: SessionFrame): Promise<void>;
  settled(): Promise<void>;
  finish(): Promise<string | null>;
  abort(): Promise<void>;
}

/** Seconds of a point's trail. */
const TRAIL_SEC = 1;

/** Bits of video for a pixel, at most on usual footage. */
const BITS_PER_PIXEL = 1;

/** About the size of an overlay of so many frames. */
export function overlayBytes({ width, height }: FrameSource, frames: number): number {
  return (frames * width * height * BITS_PER_PIXEL) / 8;
}

/** On a thread of its own; undefined where the overlay has to wait for all frames. */
export async function streamingOverlay(
  options: SessionOverlayOptions,
  tracker: Tracker,
): Promise<OverlayWriter | undefined> {
  const { out, direction = "forward", overlay = true, logger = silent } = options;
  if (!overlay || direction !== "forward" || tracker.hasPoints || tracker.state === "done") return undefined;
  for await (const _ of tracker.records()) return undefined;
  const writer = new ResultWriter({ out, masks: false, video: videoOf(options, tracker) }, logger);
  return {
    get seconds() {
      return writer.seconds.overlay;
    },
    write: ({ frame, labels }) => writer.write({ name: frame.name, picture: frame, labels }),
    settled: () => writer.settled(),
    finish: () => writer.finish(),
    abort: () => writer.abort(),
  };
}

/** Reads the clip once more. @returns the overlay's file or folder */
export async function renderOverlay(options: SessionOverlayOptions, tracker: Tracker): Promise<string> {
  const { source, out, logger = silent } = options;
  const { frames } = tracker;
  await using writer = await openVideoWriter(join(out, "overlay.mp4"), { ...videoOf(options, tracker), logger });
  const pictures = source.frames({ start: frames[0], end: frames[frames.length - 1] + 1 })[Symbol.asyncIterator]();
  const trails = new Trails();
  for await (const record of tracker.records()) {
    let picture = await pictures.next();
    while (picture.done !== true && picture.value.index < record.frame) picture = await pictures.next();
    if (picture.done === true) break;
    let data = picture.value.data;
    if (tracker.hasObjects)
      data = drawOverlay(picture.value, await readMaskPng(join(out, "masks", `${record.name}.png`)));
    if (tracker.hasPoints) data = drawPoints({ ...picture.value, data }, trails.after(record));
    await writer.write(data);
    logger.progress(`drawing the overlay: frame ${record.frame} of ${frames[frames.length - 1]}`);
  }
  await pictures.return?.();
  await writer.finish();
  return writer.path;
}

function videoOf({ source }: SessionOverlayOptions, { frames }: Tracker) {
  const { width, height } = source;
  const timesSec = Float64Array.from(frames, (frame) => source.timesSec[frame]);
  const length = timesSec[timesSec.length - 1] - timesSec[0];
  const fps = length > 0 ? (timesSec.length - 1) / length : 25;
  return { width, height, fps, timesSec };
}

/** Where points were in the last second. */
class Trails {
  private readonly recent: Pick<FrameRecord, "timeSec" | "points">[] = [];

  /** @returns a trail for each point of the frame */
  after({ timeSec, points }: Pick<FrameRecord, "timeSec" | "points">): DrawnPoint[][] {
    this.recent.push({ timeSec, points });
    while (this.recent[0].timeSec < timeSec - TRAIL_SEC) this.recent.shift();
    return points.map(({ name }) =>
      this.recent.flatMap((one) => one.points.find((point) => point.name === name) ?? []),
    );
  }
}
