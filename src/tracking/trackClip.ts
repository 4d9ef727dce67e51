/** @file Tracks one clip into a folder: masks and tables as they come, an overlay video, a summary. Stopping keeps what is there. */
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
import { progressLine } from "./results/progressLine.ts";
import { Recorder, type SeenObject } from "./results/recorder.ts";
import { overlayVideo, ResultWriter, type WrittenResults } from "./resultWriter.ts";
import { SummaryBuilder, type TrackSummary } from "./summary.ts";

/** One clip, its first labels, and where the results go. */
export interface TrackClipOptions {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  /** Path of the first mask, see `firstLabels`; only its name when `first` is given. */
  readonly labels: string;
  /** The first mask, if it does not lie in the file `labels`. */
  readonly first?: LabelMap;
  /** Folder for `masks/NAME.png` and all else that docs/results.md lists. */
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
  /** Trajectories, speed and heat map at the end; default true. */
  readonly pictures?: boolean;
  /** Names of the boxes that the objects of `first` came from, by id: `boxes.csv` is written too. Default: objects are called by their ids. */
  readonly boxNames?: ReadonlyMap<number, string>;
  /** Millimetres a pixel, for speeds in mm/s. */
  readonly mmPerPx?: number;
  /** Aborted with `Interrupted`: stops after the frame in hand, with overlay and summary of what is done. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** What came of it. */
export interface TrackResult extends WrittenResults {
  readonly summary: TrackSummary;
}

/**
 * @throws UserError of reading the mask, of `propagateMasks`, of writing (`file/write`: full disk or no permission; the masks
 * written before stay).
 */
export async function trackClip(options: TrackClipOptions): Promise<TrackResult> {
  const {
    source,
    labels,
    out,
    start = 0,
    overlay = true,
    pictures = true,
    boxNames,
    mmPerPx = null,
    logger = silent,
  } = options;
  const first = options.first ?? (await readMaskPng(labels));
  await warnOfOtherMasks(join(out, "masks"), source, logger);
  const builder = new SummaryBuilder<SeenObject>();
  const recorder = new Recorder(boxNames);
  const tables = { labels: boxNames === undefined ? [] : (["boxes"] as const), mmPerPx };
  const video = overlay ? overlayVideo(source, start) : undefined;
  const writer = new ResultWriter({ out, masks: true, video, tables, pictures }, logger);
  let complete = true;
  try {
    for await (const tracked of propagateMasks({ ...options, first, firstName: labels })) {
      const { frame, labels: mask, objects } = tracked;
      const records = recorder.objects(frame, objects);
      await writer.write({ name: frame.name, picture: frame, labels: mask, records });
      builder.add(tracked, objects, records);
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
  const written = await writer.finish();
  builder.wrote(writer.seconds.mask + writer.seconds.overlay);
  const summary = { ...(await describe(options)), complete, ...builder.finish(mmPerPx) };
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  return { summary, ...written };
}

async function describe({ source, encoder, labels, start = 0, mmPerPx, ...rest }: TrackClipOptions) {
  const { protocolName, protocol, modeName = "exact", mode = modes.exact, weights, device, threads = null } = rest;
  return {
    versions: await versionsInUse(),
    video: source.path,
    labels,
    start,
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
    logger.warn(`${folder} already holds ${others.length} file(s) of something else: ${others[0]}`);
}
