/** @file Tracks one clip into a folder: masks as they come, an overlay video, a summary. Stopping keeps what is there. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Interrupted } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { silent, type Logger } from "../core/log.ts";
import { versionsInUse } from "../core/versions.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { readMaskPng } from "../video/maskPng.ts";
import { type Mode, modes } from "./modes.ts";
import { propagateMasks } from "./propagation.ts";
import type { Protocol } from "./protocols.ts";
import { type ResultOptions, ResultWriter } from "./resultWriter.ts";
import { SummaryBuilder, type TrackSummary } from "./summary.ts";

/** One clip, its first labels, and where the results go. */
export interface TrackClipOptions {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  /** Path of the first mask, see `firstLabels`; only its name when `first` is given. */
  readonly labels: string;
  /** The first mask, if it does not lie in the file `labels`. */
  readonly first?: LabelMap;
  /** Folder for `masks/NAME.png`, `overlay.mp4`, `summary.json`. */
  readonly out: string;
  readonly protocolName: string;
  readonly protocol: Protocol;
  /** Name of the mode for the summary, and the mode; default `exact`. */
  readonly modeName?: string;
  readonly mode?: Mode;
  /** For the summary. */
  readonly weights: string;
  /** For the summary. */
  readonly device: string;
  /** Index of the labelled frame; default 0. */
  readonly start?: number;
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
  /** The overlay's file or folder; null without one. */
  readonly overlay: string | null;
}

/**
 * @throws UserError of reading the mask, of `propagateMasks`, of writing (`file/write`: full disk or no permission; the masks
 * written before stay).
 */
export async function trackClip(options: TrackClipOptions): Promise<TrackResult> {
  const { source, labels, out, start = 0, logger = silent } = options;
  const first = options.first ?? (await readMaskPng(labels));
  await warnOfOtherMasks(join(out, "masks"), source, logger);
  const builder = new SummaryBuilder();
  const writer = new ResultWriter({ out, masks: true, video: overlayOptions(options) }, logger);
  let complete = true;
  try {
    for await (const tracked of propagateMasks({ ...options, first, firstName: labels })) {
      await writer.write({ name: tracked.frame.name, picture: tracked.frame, labels: tracked.labels });
      builder.add(tracked);
      logger.progress(progressLine(builder, source.frameCount - start));
    }
    await writer.settled();
  } catch (error) {
    complete = false;
    if (!(error instanceof Interrupted) || builder.count === 0) {
      await writer.abort();
      throw error;
    }
  }
  const path = await writer.finish();
  builder.wrote(writer.seconds.mask + writer.seconds.overlay);
  const summary = builder.finish({ ...(await describe(options)), complete });
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  return { summary, overlay: path };
}

/** The overlay keeps the clip's size and times. */
function overlayOptions({ source, start = 0, overlay = true, mode }: TrackClipOptions): ResultOptions["video"] {
  if (!overlay) return undefined;
  const { width, height } = source;
  const timesSec = source.timesSec.slice(start);
  const length = timesSec[timesSec.length - 1] - timesSec[0];
  const fps = length > 0 ? (timesSec.length - 1) / length : 25;
  return { width, height, fps, timesSec, effort: mode?.overlayEffort };
}

async function describe({ source, encoder, labels, start = 0, ...rest }: TrackClipOptions) {
  const { protocolName, protocol, modeName = "exact", mode = modes.exact, weights, device, threads = null } = rest;
  return {
    versions: await versionsInUse(),
    video: source.path,
    labels,
    start,
    width: source.width,
    height: source.height,
    settings: { protocolName, protocol, modeName, mode, encoder: encoder.name, weights, device, threads },
  };
}

/** How far tracking is. @param count frames done in `elapsed` seconds. */
export function progressLine({ count, elapsed }: { count: number; elapsed: number }, total: number): string {
  const rate = count / elapsed;
  const left = Math.ceil((total - count) / rate);
  const time = left >= 60 ? `${Math.floor(left / 60)} min ${left % 60} s` : `${left} s`;
  return `tracking ${count}/${total} frames, ${rate.toFixed(1)} frames/s, ${time} left`;
}

/** Masks of an earlier run under other names would stay beside the new ones. */
async function warnOfOtherMasks(folder: string, { names }: FrameSource, logger: Logger): Promise<void> {
  const own = new Set(names.map((name) => `${name}.png`));
  const others = (await readdir(folder).catch(() => [])).filter((name) => !own.has(name));
  if (others.length > 0)
    logger.warn(`${folder} already holds ${others.length} file(s) of something else: ${others[0]}`);
}
