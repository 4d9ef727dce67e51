/** @file Points and boxes by hand or from another tool, as JSON. */
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import type { AnnotationFormat } from "./format.ts";
import { checkJson, parseJson, readText } from "./json.ts";
import { annotationsOf, boxEntrySchema, ENTRIES_HOLD, pointEntrySchema } from "./pointEntries.ts";

/**
 * The name may be a number, `id` may replace `name`, and `visible` may be 1 or 0; an invalid confidence is ignored, as
 * other keys are.
 */
function asEntry(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null) return entry;
  const { id, name = id, confidence, visible, timeSec: _, ...rest } = entry as Record<string, unknown>;
  const isSure = typeof confidence === "number" && confidence >= 0 && confidence <= 1;
  return {
    ...rest,
    name: typeof name === "number" ? String(name) : name,
    ...(visible !== undefined && { visible: visible === 0 || visible === 1 ? visible === 1 : visible }),
    ...(isSure && { confidence }),
  };
}

const entries = <Schema extends z.ZodType>(schema: Schema) => z.array(z.preprocess(asEntry, schema)).default([]);
const fileSchema = z.object({
  points: entries(pointEntrySchema),
  boxes: entries(boxEntrySchema),
  skeleton: z.array(z.tuple([z.string(), z.string()])).default([]),
});

/**
 * `{"points": [{"frame": 0, "name": "nose", "x": 10.5, "y": 20, "visible": true}], "boxes": [{"frame": 0, "name":
 * "car", "x": 5, "y": 8, "width": 40, "height": 20}], "skeleton": [["nose", "neck"]]}`, or one array of both, in which
 * what has a width and a height is a box. `confidence` (0..1) is read if present; other keys are ignored. Reading throws
 * UserError `points/empty`, `points/twice`, `json/invalid`, `text/encoding`, `file/missing`.
 */
export const pointsJson: AnnotationFormat<Annotations> = {
  name: "points-json",
  layout: [".json"],
  holds: { ...ENTRIES_HOLD, skeleton: true },
  async read(path, options = {}) {
    const value = parseJson(await readText(path, "file of points", options), path);
    const file = Array.isArray(value) ? byKind(value) : value;
    const { skeleton, ...entries } = checkJson(file, fileSchema, path);
    return { ...annotationsOf(entries, path, options.logger), ...(skeleton.length > 0 && { skeleton }) };
  },
};

/** As in a table: what has a width and a height is a box. */
function byKind(entries: readonly unknown[]): { points: unknown[]; boxes: unknown[] } {
  return { points: entries.filter((entry) => !isBox(entry)), boxes: entries.filter(isBox) };
}

function isBox(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && "width" in entry && "height" in entry;
}
