/**
 * @file The demonstration: a clip that is rendered here, tracked from its first mask, scored against the exact truth of
 * the renderer, with an overlay and a sheet of frames to look at.
 */
import { join } from "node:path";
import { counted } from "../../core/counted.ts";
import { Interrupted } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Machine } from "../../core/machine.ts";
import type { SequenceScore } from "../../metrics/davis.ts";
import { scoreFolder, scoreSequence, truthNames } from "../../evaluation/benchmarks/davisFolders.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { type ProductionLineOptions, renderProductionLine } from "../../synthetic/productionLine.ts";
import { resolveMode, usualMode } from "../../tracking/modes.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import { removeSession } from "../../tracking/session/folder.ts";
import { trackClip, type TrackResult } from "../track/trackClip.ts";
import { contactSheet, spreadIndices } from "../../video/drawing/contactSheet.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import { drawOverlay } from "../../video/drawing/overlay.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { encodeJpeg } from "../../video/writing/jpeg.ts";

/** Settings of `runDemo`. */
export interface DemoOptions extends Machine {
  /** A folder, made if missing; files of an earlier demo in it are replaced. */
  readonly out: string;
  /** What to render; `renderProductionLine` has the defaults. */
  readonly clip?: ProductionLineOptions;
  readonly encoder: FeatureExtractor;
  /** Of the encoder, for the summary. */
  readonly weights: string;
  /** See `TrackerOptions`. */
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly logger?: Logger | undefined;
  /** Aborting ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The outcome. */
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

/**
 * Renders `clip/`, `truth/` and `first.png` into the folder; tracks into it as `trackClip` does, and draws
 * `contact.png`.
 * @throws UserError those of the renderer, of tracking and of writing files.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { out, logger = silent } = options;
  const begin = performance.now();
  const { clip, first, truth } = await writeClip(out, { fps: FPS, ...options.clip }, logger, options.signal);
  const rendered = performance.now();
  await using source = await openFrameSource(clip);
  const { summary, overlay } = await track(options, source, first);
  const seconds = { render: (rendered - begin) / 1000, track: (performance.now() - rendered) / 1000 };
  const masks = join(out, "masks");
  const sheet = join(out, "contact.png");
  await writeFileAtomic(sheet, await contactSheet(await shownPictures(source, masks, truth), SHEET));
  return {
    score: await scoreFolder(masks, truth, "background"),
    floor: await copiedScore(truth),
    frames: summary.frameCount,
    seconds,
    paths: { clip, first, masks, overlay: overlay ?? out, sheet },
  };
}

async function writeClip(
  out: string,
  clip: ProductionLineOptions,
  logger: Logger,
  signal: AbortSignal | undefined,
): Promise<{ clip: string; first: string; truth: string }> {
  const truth = join(out, "truth");
  const first = join(out, "first.png");
  let count = 0;
  for (const { frame, labels } of renderProductionLine(clip)) {
    signal?.throwIfAborted();
    await writeFileAtomic(join(out, "clip", `${frame.name}.jpg`), await encodeJpeg(frame));
    await writeMaskPng(join(truth, `${frame.name}.png`), labels);
    if (count++ === 0) await writeMaskPng(first, labels);
    logger.progress(`rendered ${counted(count, "frame")}`);
  }
  return { clip: join(out, "clip"), first, truth };
}

/** @throws the signal's reason when it was stopped: a part of a clip has no score. */
async function track(
  { out, encoder, weights, identity = {}, device, threads, logger, signal }: DemoOptions,
  source: FrameSource,
  labels: string,
): Promise<TrackResult> {
  // An earlier demo may have had another encoder or clip.
  await removeSession(out);
  const modeName = usualMode("default");
  const result = await trackClip({
    source,
    encoder,
    labels: [{ frame: 0, mask: await readMaskPng(labels), name: labels }],
    out,
    protocolName: "default",
    protocol: resolveProtocol("default"),
    modeName,
    mode: resolveMode(modeName),
    weights,
    identity,
    device,
    threads,
    logger,
    signal,
  });
  if (!result.summary.complete) throw signal?.reason ?? new Interrupted("interrupted");
  return result;
}

/** The score of copying the first mask. */
async function copiedScore(truth: string): Promise<SequenceScore> {
  const names = await truthNames(truth);
  const path = join(truth, names[0]);
  const copied = { path, labels: await readMaskPng(path) };
  return scoreSequence({ folder: truth, names }, () => Promise.resolve(copied), "background");
}

/** Frames spread over the clip: the tracked masks in colour, the border of the truth as a white line. */
async function shownPictures(source: FrameSource, masks: string, truth: string): Promise<RgbPicture[]> {
  const pictures: RgbPicture[] = [];
  for (const index of spreadIndices(source.frameCount, SHEET.columns * SHEET.rows)) {
    const frame = await source.frame(index);
    const { width, height, name } = frame;
    const tracked = await readMaskPng(join(masks, `${name}.png`));
    const data = drawOverlay(frame, tracked, { outlinePixels: 0 });
    pictures.push(outlined({ width, height, data }, await readMaskPng(join(truth, `${name}.png`))));
  }
  return pictures;
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
