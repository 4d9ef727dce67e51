/**
 * @file The demonstration: a clip that is rendered here, tracked from its first mask, scored against the exact truth of
 * the renderer, with an overlay and a sheet of frames to look at.
 */
import { join } from "node:path";
import sharp from "sharp";
import { internal } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import { objectsIn, type SequenceScore, sequenceScorer } from "../evaluation/davis.ts";
import type { FeatureExtractor } from "../method/features.ts";
import { type ProductionLineOptions, renderProductionLine } from "../synthetic/productionLine.ts";
import { propagateMasks } from "../tracking/propagation.ts";
import { resolveProtocol } from "../tracking/protocols.ts";
import { contactSheet, spreadIndices } from "../video/contactSheet.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { writeMaskPng } from "../video/maskPng.ts";
import { drawOverlay } from "../video/overlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import { openVideoWriter } from "../video/writer.ts";

/** Settings of `runDemo`. */
export interface DemoOptions {
  /** A folder, made if missing; files of an earlier demo in it are replaced. */
  readonly out: string;
  /** What to render; `renderProductionLine` has the defaults. */
  readonly clip?: ProductionLineOptions;
  readonly encoder: FeatureExtractor;
  /** Worker threads for matching; default the available cores. */
  readonly threads?: number;
  readonly logger?: Logger;
  /** Aborting ends it with the signal's reason; the overlay is then not there. */
  readonly signal?: AbortSignal;
}

/** What came out. */
export interface DemoResult {
  readonly score: SequenceScore;
  /** The score of copying the first mask to every frame: what has to be beaten. */
  readonly floor: SequenceScore;
  readonly frames: number;
  readonly seconds: { readonly render: number; readonly track: number };
  /** Where things are. */
  readonly paths: {
    readonly clip: string;
    readonly first: string;
    readonly masks: string;
    readonly overlay: string;
    readonly sheet: string;
  };
}

const FPS = 24;
const SHEET = { columns: 3, rows: 2, gap: 6 };
const JPEG_QUALITY = 95;

/**
 * Renders `clip/`, `truth/` and `first.png` into the folder; tracks and writes `masks/`, `overlay.mp4` and `contact.png`.
 * @throws UserError those of the renderer, of tracking and of writing files.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { out, logger = silent } = options;
  const begin = performance.now();
  const { clip, first, truth } = await writeClip(out, { fps: FPS, ...options.clip }, logger, options.signal);
  const rendered = performance.now();
  const tracked = await trackClip(options, clip, truth);
  const sheet = join(out, "contact.png");
  await writeFileAtomic(sheet, await contactSheet(tracked.shown.map(shownPicture), SHEET));
  return {
    ...scores(tracked.masks, truth),
    frames: truth.length,
    seconds: { render: (rendered - begin) / 1000, track: tracked.seconds },
    paths: { clip, first, masks: join(out, "masks"), overlay: tracked.overlay, sheet },
  };
}

async function writeClip(
  out: string,
  clip: ProductionLineOptions,
  logger: Logger,
  signal: AbortSignal | undefined,
): Promise<{ clip: string; first: string; truth: LabelMap[] }> {
  const truth: LabelMap[] = [];
  for (const { frame, labels } of renderProductionLine(clip)) {
    signal?.throwIfAborted();
    const { width, height, data } = frame;
    const jpeg = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: JPEG_QUALITY });
    await writeFileAtomic(join(out, "clip", `${frame.name}.jpg`), await jpeg.toBuffer());
    await writeMaskPng(join(out, "truth", `${frame.name}.png`), labels);
    truth.push(labels);
    logger.progress(`rendered ${truth.length} frames`);
  }
  const first = join(out, "first.png");
  await writeMaskPng(first, truth[0]);
  return { clip: join(out, "clip"), first, truth };
}

/** A frame for the sheet. */
interface ShownFrame {
  readonly frame: RgbPicture;
  readonly labels: LabelMap;
  readonly truth: LabelMap;
}

async function trackClip(
  { out, encoder, threads, logger = silent, signal }: DemoOptions,
  clip: string,
  truth: readonly LabelMap[],
): Promise<{ masks: LabelMap[]; shown: ShownFrame[]; seconds: number; overlay: string }> {
  const begin = performance.now();
  await using source = await openFrameSource(clip);
  const { width, height } = source;
  await using video = await openVideoWriter(join(out, "overlay.mp4"), { width, height, fps: FPS, logger });
  const shownFrames = new Set(spreadIndices(truth.length, SHEET.columns * SHEET.rows));
  const masks: LabelMap[] = [];
  const shown: ShownFrame[] = [];
  const tracking = { encoder, source, first: truth[0], protocol: resolveProtocol("default"), logger };
  for await (const { frame, labels } of propagateMasks({
    ...tracking,
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  })) {
    await writeMaskPng(join(out, "masks", `${frame.name}.png`), labels);
    await video.write(drawOverlay(frame, labels));
    if (shownFrames.has(frame.index)) shown.push({ frame, labels, truth: truth[frame.index] });
    masks.push(labels);
    logger.progress(`tracked ${masks.length} of ${truth.length} frames`);
  }
  await video.finish();
  return { masks, shown, seconds: (performance.now() - begin) / 1000, overlay: video.path };
}

/** Without the first frame, whose mask is given, and the last, as DAVIS does. */
function scores(
  masks: readonly LabelMap[],
  truth: readonly LabelMap[],
): { score: SequenceScore; floor: SequenceScore } {
  if (masks.length !== truth.length) throw internal(`${masks.length} masks for ${truth.length} frames of the demo`);
  const objects = objectsIn(truth[0]);
  const [scorer, floor] = [sequenceScorer(objects, "background"), sequenceScorer(objects, "background")];
  for (let i = 1; i < truth.length - 1; i++) {
    scorer.add(masks[i], truth[i]);
    floor.add(truth[0], truth[i]);
  }
  return { score: scorer.score(), floor: floor.score() };
}

/** The tracked masks in colour, the border of the truth as a white line. */
function shownPicture({ frame, labels, truth }: ShownFrame): RgbPicture {
  const { width, height } = frame;
  return outlined({ width, height, data: drawOverlay(frame, labels, { outlinePixels: 0 }) }, truth);
}

/** White where an object's pixel has a neighbour to the left or above with another label, or the other way round. */
function outlined({ width, height, data }: RgbPicture, { data: labels }: LabelMap): RgbPicture {
  const out = data.slice();
  for (let p = 0; p < labels.length; p++) {
    const left = p % width > 0 && labels[p - 1] !== labels[p];
    const above = p >= width && labels[p - width] !== labels[p];
    if (left || above) out.fill(255, 3 * p, 3 * p + 3);
  }
  return { width, height, data: out };
}
