/** @file The labels that `tsumugi track` is given: masks as FILE or FILE@FRAME, files of points and boxes, ends of objects. */
import { InvalidArgumentError } from "commander";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { maskPicture } from "../formats/maskPicture.ts";
import { hasLayout, pointFormats, readPointLabels } from "../formats/registry.ts";
import type { FrameLabels } from "../tracking/session/keyFrame.ts";

/** A file of labels. */
export interface LabelFile {
  readonly path: string;
  /** The frame that a mask belongs to; undefined = where tracking starts. */
  readonly frame: number | undefined;
}

/** An object or a point that is not there from a frame on. */
export interface EndFlag {
  readonly what: number | string;
  readonly frame: number;
}

/** `FILE` or `FILE@FRAME`, one after another. */
export function labelFiles(text: string, before: readonly LabelFile[] = []): LabelFile[] {
  const { path = text, frame } = /^(?<path>.+)@(?<frame>\d+)$/u.exec(text)?.groups ?? {};
  return [...before, { path, frame: frame === undefined ? undefined : Number(frame) }];
}

/** `ID@FRAME` or `NAME@FRAME`, one after another. */
export function endFlags(text: string, before: readonly EndFlag[] = []): EndFlag[] {
  const { what, frame } = /^(?<what>.+)@(?<frame>\d+)$/u.exec(text)?.groups ?? {};
  if (what === undefined || frame === undefined)
    throw new InvalidArgumentError("Expected ID@FRAME, for example 2@150.");
  return [...before, { what: /^\d+$/u.test(what) ? Number(what) : what, frame: Number(frame) }];
}

/** `A:B`, B not included; either may be left out. */
export function frameRange(text: string): { start?: number; end?: number } {
  const { start, end } = /^(?<start>\d*):(?<end>\d*)$/u.exec(text)?.groups ?? {};
  if (start === undefined || end === undefined) throw new InvalidArgumentError("Expected A:B, for example 100:250.");
  return { ...(start !== "" && { start: Number(start) }), ...(end !== "" && { end: Number(end) }) };
}

/** Whether a file holds points and boxes, not a mask. */
export function isPointFile({ path }: LabelFile): boolean {
  return pointFormats.some((format) => hasLayout(format, path));
}

/** What the flags say. */
export interface LabelFlags {
  readonly labels: readonly LabelFile[];
  readonly end?: readonly EndFlag[];
  readonly start?: number;
}

/**
 * Labels by frame. Masks without a frame belong to `start` (0); of files of points and boxes, `start` takes the frame with this index only.
 * @throws UserError `labels/start`, those of `readMaskPng` and `readPointLabels`
 */
export async function readLabels({ labels, end = [], start }: LabelFlags): Promise<FrameLabels[]> {
  const read = await Promise.all(
    labels.map(async (file): Promise<FrameLabels[]> => {
      if (isPointFile(file)) return pointsAndBoxes(file.path, file.frame ?? start);
      const { frames } = await maskPicture.read(file.path);
      return frames.flatMap(({ mask }) => (mask ? [{ frame: file.frame ?? start ?? 0, mask, name: file.path }] : []));
    }),
  );
  const ends = end.map(({ what, frame }) => ({ frame, ends: [what], name: `--end ${what}@${frame}` }));
  return [...read.flat(), ...ends];
}

/** Every frame with visible points or boxes, or the one with this index. @throws UserError `labels/start` */
async function pointsAndBoxes(path: string, wanted: number | undefined): Promise<FrameLabels[]> {
  const { frames } = await readPointLabels(path);
  const labelled = frames.filter(({ points = [], boxes = [] }) => [...points, ...boxes].some(isVisible));
  const used = wanted === undefined ? labelled : labelled.filter(({ frame }) => frame === wanted);
  if (used.length > 0) return used.map(({ frame, points = [], boxes = [] }) => ({ frame, points, boxes, name: path }));
  throw nothingThere(
    path,
    labelled.map(({ frame }) => frame),
    wanted,
  );
}

function nothingThere(path: string, frames: readonly number[], wanted: number | undefined): UserError {
  return new UserError("labels/start", {
    what: `${path} has no visible point and no box in the frame to start from`,
    got: frames.length === 0 ? "nothing visible in any frame" : `labels in frame ${frames.slice(0, 5).join(", ")}`,
    expected: `some in ${wanted === undefined ? "one frame" : `frame ${wanted}`}`,
    todo: "choose the labelled frame with --start, counted from 0",
  });
}
