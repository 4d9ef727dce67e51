/** @file The labels of a track task: masks of frames, files of points and boxes, ends of objects. */
import { z } from "zod";
import type { Annotations } from "../../annotations/annotations.ts";
import { forTracking } from "../../annotations/forTracking.ts";
import { type FrameAnnotation, shapesIn } from "../../annotations/frameAnnotation.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { defined } from "../../core/defined.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { AnnotationFormat } from "../../formats/format.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { maskPicture } from "../../formats/maskPicture.ts";
import { formatFor, formatOf, hasLayout, labelFormats, pointFormats } from "../../formats/registry.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";
import type { LabelMaskOptions } from "../../video/masks/labelMask.ts";
import { ColourIds } from "../../video/masks/maskKinds.ts";
import { strict } from "../task.ts";
import type { GivenLabels } from "./givenLabels.ts";

const labelParts = strict({
  path: z.string().describe("A mask (.png, or another picture), or a file or folder of another format."),
  frame: z.int().min(0).exactOptional().describe("The frame that a mask belongs to. Default: the task's start."),
});
export type LabelFile = z.output<typeof labelParts>;

/** A file of labels: FILE, FILE@FRAME, or both apart. */
export const labelFile = z.union([z.string().transform(labelFileOf), labelParts], {
  error: "expected a file of labels, as FILE, FILE@FRAME or an object with path and frame",
});

function labelFileOf(text: string): LabelFile {
  const { path = text, frame } = /^(?<path>.+)@(?<frame>\d+)$/u.exec(text)?.groups ?? {};
  return { path, ...(frame !== undefined && { frame: Number(frame) }) };
}

/** The end of an object or a point. */
export const endOfObject = strict({
  what: z.union([z.int().min(1), z.string()]).describe("The id of an object, or the name of a point."),
  frame: z.int().min(0).describe("It is not there from this frame on."),
});

/** Whether a file holds points and boxes, not a mask. */
export function isPointFile({ path }: LabelFile): boolean {
  return pointFormats.some((format) => hasLayout(format, path));
}

/** The task's keys that count here. */
export interface LabelSettings {
  readonly encoding?: string;
  /** The format of all files; default: told by their contents. */
  readonly format?: string;
  readonly labels: readonly LabelFile[];
  readonly ends?: readonly z.output<typeof endOfObject>[];
  readonly start?: number;
}

/** Formats that nobody takes for others. */
const OWN: ReadonlySet<string> = new Set(["mask-picture", "mask-folder", "points-csv", "points-json", "other-tools"]);

/**
 * Labels by frame. Masks without a frame belong to `start` (0); of files of points and boxes, `start` takes the frame
 * with this index only. Colours of masks mean the same object in all of them. `placeLabels` finds which frames named
 * pictures are.
 * @throws UserError `labels/start`, those of `readLabelMask` and of the formats
 */
export async function readLabels(
  { labels, ends = [], start, encoding, format: named }: LabelSettings,
  logger: Logger,
): Promise<GivenLabels[]> {
  const options = { logger, ...(encoding !== undefined && { encoding }) };
  const colours = new ColourIds();
  const read: GivenLabels[] = [];
  for (const file of labels) {
    const format = await (named === undefined
      ? formatOf(file.path, labelFormats, options)
      : formatFor(file.path, named));
    if (named === undefined && format !== undefined && !OWN.has(format.name))
      logger.info(`${file.path}: read as ${format.name} (--format to choose another)`);
    const given =
      format === undefined || format.name === maskPicture.name
        ? await maskOf(file, start ?? 0, { logger, colours })
        : await shapesOf({ path: file.path, format, wanted: file.frame ?? start }, options);
    read.push(...given);
  }
  const ended = ends.map(({ what, frame }) => ({ frame, ends: [what], name: `--end ${what}@${frame}` }));
  return [...read, ...ended];
}

/** @param start the frame of a mask that has none. */
async function maskOf({ path, frame }: LabelFile, start: number, options: LabelMaskOptions): Promise<FrameLabels[]> {
  const { frames } = await maskPicture.read(path, options);
  return frames.flatMap(({ mask }) => (mask === undefined ? [] : [{ frame: frame ?? start, mask, name: path }]));
}

/** A file or folder of labels in a known format. */
interface FormattedFile {
  readonly path: string;
  readonly format: AnnotationFormat;
  /** The one frame that is asked for. */
  readonly wanted: number | undefined;
}

/** What is tracked of them; of masks only those that are asked for are kept in memory, of the others their frames. */
async function annotationsOf(
  { path, format, wanted }: FormattedFile,
  options: ReadOptions,
): Promise<Annotations & { readonly elsewhere: readonly number[] }> {
  const stream = await format.read?.(path, options);
  const frames: FrameAnnotation[] = [];
  const elsewhere: number[] = [];
  for await (const frame of stream?.frames ?? []) {
    const isWanted = wanted === undefined || frame.image !== undefined || frame.frame === wanted;
    if (isWanted) frames.push(frame);
    else if (isLabelled(frame)) elsewhere.push(frame.frame);
  }
  return { ...forTracking({ objects: [], ...stream, frames }), elsewhere };
}

/** Every frame with a mask or visible shapes, or the one with this index. @throws UserError `labels/start` */
async function shapesOf(file: FormattedFile, options: ReadOptions): Promise<GivenLabels[]> {
  const { path, wanted } = file;
  const { frames, size, skeleton, relative, elsewhere } = await annotationsOf(file, options);
  const labelled = frames.filter(isLabelled);
  // Which frame a named picture is, only the clip can tell.
  const used = labelled.filter(({ frame, image }) => wanted === undefined || image !== undefined || frame === wanted);
  const common = {
    name: path,
    ...(size !== undefined && { size }),
    ...(relative && { relative }),
    ...(skeleton !== undefined && { skeleton }),
    ...(wanted !== undefined && { only: wanted }),
  };
  if (used.length > 0)
    return used.map(({ frame, image, mask, objects, points = [], boxes = [], polygons }) => {
      return { ...common, frame, points, boxes, ...defined({ image, mask, objects, outlines: polygons }) };
    });
  throw nothingThere(
    path,
    [...elsewhere, ...labelled.map(({ frame }) => frame)].sort((a, b) => a - b),
    wanted,
  );
}

const isLabelled = (frame: FrameAnnotation): boolean => frame.mask !== undefined || shapesIn([frame]).some(isVisible);

function nothingThere(path: string, frames: readonly number[], wanted: number | undefined): UserError {
  if (frames.length === 0)
    return new UserError("labels/start", {
      what: `${path} has no mask, no box and no visible point`,
      expected: "a file of labels, or a folder of masks",
      todo: "check the path, and that something in it is visible",
    });
  return new UserError("labels/start", {
    what: `${path} has no visible point and no box in the frame to start from`,
    got: `labels in frame ${frames.slice(0, 5).join(", ")}`,
    expected: `some in ${wanted === undefined ? "one frame" : `frame ${wanted}`}`,
    todo: "choose the labelled frame with --start, counted from 0",
  });
}
