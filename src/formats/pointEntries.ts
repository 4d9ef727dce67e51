/**
 * @file Points and boxes as a list of entries that name their frame: what the JSON and the CSV format have in
 * common; docs/keypoints.md describes both. Positions are pixels of the original frame with the origin at the corner of
 * the first pixel.
 */
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import { problemsIn } from "../annotations/check.ts";
import { mergeFrames } from "../annotations/merge.ts";
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { usable } from "./usable.ts";

/** What both hold. */
export const ENTRIES_HOLD = {
  ...HOLDS_NOTHING,
  boxes: true,
  points: true,
  tracks: true,
  names: true,
  confidence: true,
  hidden: "points",
} as const satisfies Holdings;

const placed = {
  /** Index of the frame, from 0. */
  frame: z.int().min(0),
  /** Seconds on the clip's clock. */
  timeSec: z.number().exactOptional(),
  confidence: z.number().min(0).max(1).exactOptional(),
};

/** Null, which stands for what Python writes as NaN, is NaN. */
const coordinate = z.union([z.number(), z.null().transform(() => Number.NaN)], { error: "expected a number" });

/** A point in a frame; NaN where its place is not known. */
export const pointEntrySchema = z.object({
  ...placed,
  name: z.string().min(1),
  x: coordinate,
  y: coordinate,
  visible: z.boolean().default(true),
});

/** A box in a frame; its size may be of any sign, and NaN. */
export const boxEntrySchema = z.object({
  ...placed,
  name: z.string().min(1),
  x: coordinate,
  y: coordinate,
  width: coordinate,
  height: coordinate,
});

/** What a file holds, in its order. */
export interface PointEntries {
  readonly points: readonly z.output<typeof pointEntrySchema>[];
  readonly boxes: readonly z.output<typeof boxEntrySchema>[];
}

/**
 * The entries as annotations, by frame. Points come before boxes among the objects, each in the file's order. Entries
 * without a place or a size are left out.
 * @param path of the file, for messages.
 * @param logger see `usable`.
 * @throws UserError `points/empty`, `points/twice`, `points/value`
 */
export function annotationsOf({ points, boxes }: PointEntries, path: string, logger?: Logger): Annotations {
  if (points.length + boxes.length === 0)
    throw new UserError("points/empty", { what: `${path} has no point and no box`, expected: "at least one" });
  const frames = mergeFrames([
    ...points.map(({ frame, timeSec, ...point }) => ({ ...momentOf(frame, timeSec), points: [point] })),
    ...boxes.map(({ frame, timeSec, ...box }) => ({ ...momentOf(frame, timeSec), boxes: [box] })),
  ]);
  const names = new Set([...points, ...boxes].map(({ name }) => name));
  const annotations = usable({ objects: [...names].map((name) => ({ name })), frames }, path, logger);
  requireOnce(annotations, path);
  return annotations;
}

const momentOf = (frame: number, timeSec?: number) => ({ frame, ...(timeSec !== undefined && { timeSec }) });

/** @throws UserError `points/twice` */
export function requireOnce(annotations: Annotations, path: string): void {
  for (const problem of problemsIn(annotations))
    if (problem.kind === "twice")
      throw new UserError("points/twice", {
        what: `${path} has the ${problem.shape} "${problem.name}" twice in frame ${problem.frame}`,
        todo: "give each its own name",
      });
}
