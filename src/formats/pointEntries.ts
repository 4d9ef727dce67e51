/**
 * @file Points and boxes as a list of entries that name their frame: what the JSON and the CSV format have in
 * common; docs/keypoints.md describes both. Positions are pixels of the original frame with the origin at the corner of
 * the first pixel.
 */
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import { namedBoxSchema } from "../annotations/box.ts";
import { problemsIn } from "../annotations/check.ts";
import { mergeFrames } from "../annotations/merge.ts";
import { namedPointSchema } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";

const placed = {
  /** Index of the frame, from 0. */
  frame: z.int().min(0),
  /** Seconds on the clip's clock. */
  timeSec: z.number().exactOptional(),
  confidence: z.number().min(0).max(1).exactOptional(),
};

/** A point in a frame. */
export const pointEntrySchema = namedPointSchema.extend({ ...placed, visible: z.boolean().default(true) });

/** A box in a frame. */
export const boxEntrySchema = namedBoxSchema.extend(placed);

/** What a file holds, in its order. */
export interface PointEntries {
  readonly points: readonly z.output<typeof pointEntrySchema>[];
  readonly boxes: readonly z.output<typeof boxEntrySchema>[];
}

/**
 * The entries as annotations, by frame. Points come before boxes among the objects, each in the file's order.
 * @param path of the file, for messages.
 * @throws UserError `points/empty`, `points/twice`
 */
export function annotationsOf({ points, boxes }: PointEntries, path: string): Annotations {
  if (points.length + boxes.length === 0)
    throw new UserError("points/empty", { what: `${path} has no point and no box`, expected: "at least one" });
  const frames = mergeFrames([
    ...points.map(({ frame, timeSec, ...point }) => ({ ...momentOf(frame, timeSec), points: [point] })),
    ...boxes.map(({ frame, timeSec, ...box }) => ({ ...momentOf(frame, timeSec), boxes: [box] })),
  ]);
  const names = new Set([...points, ...boxes].map(({ name }) => name));
  const annotations = { objects: [...names].map((name) => ({ name })), frames };
  requireOnce(annotations, path);
  return annotations;
}

const momentOf = (frame: number, timeSec?: number) => ({ frame, ...(timeSec !== undefined && { timeSec }) });

function requireOnce(annotations: Annotations, path: string): void {
  for (const problem of problemsIn(annotations))
    if (problem.kind === "twice")
      throw new UserError("points/twice", {
        what: `${path} has the ${problem.shape} "${problem.name}" twice in frame ${problem.frame}`,
        todo: "give each its own name",
      });
}
