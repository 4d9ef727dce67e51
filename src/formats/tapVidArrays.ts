/**
 * @file The arrays of TAP-Vid's evaluation (tapnet's `compute_tapvid_metrics`), as JSON or in an `.npz`: tracks by query, (x, y) in
 * pixels of 256 × 256, queries (t, y, x). Each query has its own track, and several may follow one point: these arrays
 * are not annotations and are read unchanged.
 */
import { extname } from "node:path";
import { z } from "zod";
import { parseJson, type ReadOptions, readText } from "./json.ts";
import { readNpz, withNumpyErrors } from "./npz.ts";
import { type NumpyArray, numbersOf } from "../core/numpyArray.ts";

/** An array with or without a leading video axis of size 1. */
const oneVideo = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([
    schema,
    z
      .array(schema)
      .length(1)
      .transform((videos) => videos[0]),
  ]);
const occluded = oneVideo(z.array(z.array(z.boolean())));
const tracks = oneVideo(z.array(z.array(z.tuple([z.number(), z.number()]))));

const truthSchema = z.object({
  /** `[points][t, y, x]`. */
  query_points: oneVideo(z.array(z.tuple([z.number(), z.number(), z.number()]))),
  gt_tracks: tracks,
  gt_occluded: occluded,
});
const predictionSchema = z.object({ pred_tracks: tracks, pred_occluded: occluded });

/** Queries and true tracks. */
export type TapVidTruth = z.output<typeof truthSchema>;

/** Predicted tracks, one for each query. */
export type TapVidPrediction = z.output<typeof predictionSchema>;

/**
 * Undefined when the file holds something else.
 * @throws UserError `json/invalid` where it is not JSON, `format/npz`, `file/missing`
 */
export async function readTapVidTruth(path: string, options?: ReadOptions): Promise<TapVidTruth | undefined> {
  return truthSchema.safeParse(await valueIn(path, options)).data;
}

/** As `readTapVidTruth`. */
export async function readTapVidPrediction(path: string, options?: ReadOptions): Promise<TapVidPrediction | undefined> {
  return predictionSchema.safeParse(await valueIn(path, options)).data;
}

async function valueIn(path: string, options?: ReadOptions): Promise<unknown> {
  if (extname(path).toLowerCase() !== ".npz") return parseJson(await readText(path, "file of points", options), path);
  const names = new Set([truthSchema, predictionSchema].flatMap(({ shape }) => Object.keys(shape)));
  const arrays = await readNpz(path, names);
  return withNumpyErrors(path, () => Object.fromEntries([...arrays].map(([name, array]) => [name, nested(array)])));
}

/** As JSON has it. */
function nested(array: NumpyArray): unknown {
  const isTruth = array.type.endsWith("b1");
  const values: unknown[] = Array.from(numbersOf(array), (value) => (isTruth ? value === 1 : value));
  return array.shape.slice(1).reduceRight((parts, length) => grouped(parts, length), values);
}

function grouped(values: readonly unknown[], length: number): unknown[] {
  return length === 0
    ? []
    : Array.from({ length: values.length / length }, (_, i) => values.slice(i * length, (i + 1) * length));
}
