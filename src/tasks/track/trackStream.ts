/** @file The task `track` on a video that is still coming in: a camera's address, a pipe, a file that grows. */
import { cornersOf } from "../../annotations/box.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { readPointLabels } from "../../formats/registry.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { boxMask, type BoxShape, outlineMask } from "../../tracking/masks/boxLabels.ts";
import { emptyMask } from "../../tracking/masks/firstLabels.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { readLabelMask } from "../../video/masks/labelMask.ts";
import { openImageFile } from "../../video/sources/imageFolder.ts";
import { openLiveFrames } from "../../video/sources/liveSource.ts";
import { openWeights } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import { releaseStream, streamInput } from "../settings/stream.ts";
import type { RunContext } from "../task.ts";
import { fitLabels } from "./fitLabels.ts";
import { drawOutlines } from "./outlineLabels.ts";
import { isPointFile, type LabelFile } from "./trackLabels.ts";
import { type LiveLabels, type LiveResult, trackLive } from "./trackLive.ts";
import type { TrackSettings } from "./trackSchema.ts";
import { requireUnusedFolder } from "./usedFolder.ts";
import { warmUp } from "./warmUp.ts";

/** A live source was tracked. */
export interface StreamOutcome {
  readonly kind: "stream";
  /** Folder of the results. */
  readonly out: string;
  readonly result: LiveResult;
}

/** Refuses what needs frames that have not come yet, or are gone. @throws UserError `track/live` */
export function refuseInStream({ video, direction, range, ends, start, depth, labels }: TrackSettings): void {
  const wrong =
    (direction !== "forward" && "--direction") ||
    (range !== undefined && "--range") ||
    (ends !== undefined && "--end") ||
    (start !== undefined && "--start") ||
    (depth !== undefined && "--depth") ||
    ((labels.length > 1 || labels[0].frame !== undefined) && "labels of several frames");
  if (wrong === false) return;
  throw new UserError("track/live", {
    what: `${video} is a live source: ${wrong} cannot be used`,
    expected: "labels of the first frame that comes",
    todo: "record it first to track it in other ways",
  });
}

/** What only streams need. @throws UserError `track/labels-frame` */
export function refuseInClip({ video, labelsFrame }: TrackSettings): void {
  if (labelsFrame === undefined) return;
  throw new UserError("track/labels-frame", {
    what: `${video} is a complete clip: --labels-frame is for live sources`,
    todo: "say which frame the labels belong to: --labels FILE@FRAME",
  });
}

/** @throws UserError `track/used`; those of `openLiveFrames`, `trackLive` and the labels; `track/live` for points */
export async function trackStream(task: TrackSettings, context: RunContext): Promise<StreamOutcome> {
  try {
    return await trackFrames(task, context);
  } finally {
    releaseStream(task);
  }
}

/** Everything is read, and the encoder works, before the source is opened: no frame is lost for it. */
async function trackFrames(task: TrackSettings, { logger, machine, signal }: RunContext): Promise<StreamOutcome> {
  const { video, out, mmPerPx, arrivals: what } = task;
  await requireUnusedFolder(out);
  const { size, ...labels } = await labelsOf(task, { logger });
  const { threads } = machine;
  const method = { protocol: protocolOf(task), mode: modeOf(task), threads };
  await using encoder: FeatureExtractor = await openWeights(task, machine);
  await warmUp({ ...method, encoder }, size);
  await using live = await openLiveFrames(streamInput(task));
  const work = { ...method, ...labels, live, sourceName: video, encoder, out, mmPerPx };
  const arrivals = what === undefined ? undefined : { what };
  const result = await trackLive({ ...work, arrivals, signal, logger });
  return { kind: "stream", out, result };
}

/** Size of the frames where neither the labels nor a picture say it. */
const USUAL_SIZE: FrameSize = { width: 854, height: 480 };

/** Labels, and the size that frames have, as far as these know it. */
async function labelsOf(
  { labels: [file], boxes = "refine", labelsFrame, labelsWithin, encoding }: TrackSettings,
  options: Required<Pick<ReadOptions, "logger">>,
): Promise<LiveLabels & { readonly size: FrameSize }> {
  const reading = { ...options, ...(encoding !== undefined && { encoding }) };
  const { first, size } = await firstMask(file, boxes, reading);
  const named = { first, firstName: file.path };
  if (labelsFrame === undefined) return { ...named, size: size ?? USUAL_SIZE };
  const picture = await pictureOf(labelsFrame);
  return { ...named, size: picture, labelled: { picture, name: labelsFrame, within: labelsWithin } };
}

async function pictureOf(path: string): Promise<RgbPicture> {
  await using source = await openImageFile(path);
  return source.frame(0);
}

/** Labels of a picture, once it is there. */
async function firstMask(
  file: LabelFile,
  shape: BoxShape,
  options: Required<Pick<ReadOptions, "logger">> & ReadOptions,
): Promise<Pick<LiveLabels, "first"> & { readonly size?: FrameSize }> {
  if (!isPointFile(file)) {
    const mask = await readLabelMask(file.path, { logger: options.logger });
    return { first: () => ({ mask, names: new Map() }), size: mask };
  }
  const { frames, size } = await readPointLabels(file.path, options);
  if (frames.some(({ points = [] }) => points.length > 0))
    throw new UserError("track/live", {
      what: `${file.path} has points, which cannot be followed in a live source yet`,
      expected: "a mask or boxes of the first frame",
    });
  const [{ frame, boxes = [], polygons = [] }] = frames;
  if (polygons.length > 0) return { ...outlinedMask(frames[0], file.path, options.logger), ...(size && { size }) };
  const labels = [{ frame, boxes, name: file.path }];
  const first: LiveLabels["first"] = (picture) => {
    const fitted = fitLabels(labels, picture, options.logger).flatMap((one) => one.boxes ?? []);
    const numbered = { boxes: fitted, ids: fitted.map((_, i) => i + 1), name: file.path };
    return {
      mask: shape === "exact" ? boxMask(numbered, picture) : outlineMask(numbered, picture, options.logger),
      names: new Map(fitted.map(({ name }, i) => [numbered.ids[i], name])),
    };
  };
  return { first, ...(size !== undefined && { size }) };
}

/** The outlines and boxes of a frame as a mask, once its picture is there; boxes are their rectangles. */
function outlinedMask(
  { frame, polygons = [], boxes = [] }: FrameAnnotation,
  name: string,
  logger: Logger,
): Pick<LiveLabels, "first"> {
  const rectangles = boxes.map((box) => ({ name: box.name, rings: [cornersOf(box)] }));
  const labels = [{ frame, name, outlines: [...rectangles, ...polygons] }];
  return {
    first: (picture) => ({
      mask: drawOutlines(labels, picture, logger)[0].mask ?? emptyMask(picture),
      names: new Map(),
    }),
  };
}
