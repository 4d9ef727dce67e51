/**
 * @file The arrays of TAP-Vid's evaluation (tapnet's `compute_tapvid_metrics`) as JSON: tracks by query, (x, y) in
 * pixels of 256 × 256, queries (t, y, x). Each query has its own track, and several may follow one point: these arrays
 * are not annotations and are read unchanged.
 */
import { z } from "zod";
import { parseJson, type ReadOptions, readText } from "./json.ts";

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
 * @throws UserError `json/invalid` where it is not JSON, `file/missing`
 */
export async function readTapVidTruth(path: string, options?: ReadOptions): Promise<TapVidTruth | undefined> {
  return truthSchema.safeParse(await jsonIn(path, options)).data;
}

/** As `readTapVidTruth`. */
export async function readTapVidPrediction(path: string, options?: ReadOptions): Promise<TapVidPrediction | undefined> {
  return predictionSchema.safeParse(await jsonIn(path, options)).data;
}

async function jsonIn(path: string, options?: ReadOptions): Promise<unknown> {
  return parseJson(await readText(path, "file of points", options), path);
}
