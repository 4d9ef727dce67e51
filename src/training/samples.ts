/** @file What the network reconstructs, as a picture: reference, target, target as rebuilt, and where it was wrong. */
import { writeFileAtomic } from "../core/files.ts";
import { contactSheet } from "../video/contactSheet.ts";
import { drawHeat } from "../video/heatMap.ts";
import { labToRgb } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type Batch, wholeFrames } from "./batches.ts";
import type { TrainingConfig } from "./config.ts";
import { batchPlan, PART_INPUTS } from "./objective.ts";

/** Differences of Lab values (which span about ±1) from 0 to this become black to white. */
const ERROR_RANGE = 0.25;

/** Samples of a batch that are shown. */
const SHOWN = 4;

/** What a step gave for a batch. */
export interface SampleOutputs {
  /** `[Pr, 1, S, S]`: the hidden channel of the pairs apart in time as copied from their references. */
  readonly reconstruction: Float32Array;
  /** `[Pr, 1, h, w]`: value maps of the targets, with VEN. */
  readonly value?: Float32Array | undefined;
}

/**
 * Writes a row for each of the first samples of a batch: reference, target, reconstruction, error; then the value map, with
 * VEN, and where the target moves, with any part that asks for motion.
 */
export async function writeSamples(
  path: string,
  batch: Batch,
  { reconstruction, value }: SampleOutputs,
  config: TrainingConfig,
): Promise<void> {
  const { pairs, size } = config;
  const { pseudo, temporal, cells } = batchPlan(config);
  const area = size * size;
  const whole = wholeFrames(batch, config);
  const frame = (slot: number): Float32Array => whole.subarray(slot * 3 * area, (slot + 1) * 3 * area);
  const moving = motionOf(batch, config);
  const rows = Array.from({ length: Math.min(temporal, SHOWN) }, (_, i) => {
    const p = pseudo + i;
    const rebuilt = reconstruction.subarray(i * area, (i + 1) * area);
    const truth = batch.hidden.subarray(p * area, (p + 1) * area);
    const target = rgbOf(frame(p), size);
    return [
      rgbOf(frame(pairs + p), size),
      target,
      rgbOf(frame(p), size, { channel: batch.hiddenChannel, values: rebuilt }),
      errorMap(rebuilt, truth, size),
      ...(value === undefined ? [] : [heatOf(target, value, i, cells)]),
      ...(moving === undefined ? [] : [heatOf(target, moving.values, moving.first + i, moving.side)]),
    ];
  });
  await writeFileAtomic(path, await contactSheet(rows.flat(), { columns: rows[0].length, gap: 0 }));
}

/** Squares of `side` × `side` values, the first pair's at index `first`. */
interface MotionValues {
  readonly values: Float32Array;
  readonly first: number;
  readonly side: number;
}

/** Motion of the targets from whatever the parts were fed: m̂ itself, what VEN learns, or MEE's motion images. */
function motionOf({ parts }: Batch, config: TrainingConfig): MotionValues | undefined {
  const { pseudo, cells } = batchPlan(config);
  const values = parts[PART_INPUTS.strength] ?? parts[PART_INPUTS.moving];
  if (values !== undefined) return { values: values as Float32Array, first: 0, side: cells };
  const images = parts[PART_INPUTS.motion];
  if (images === undefined) return undefined;
  // The first channel of each image is the strength.
  const area = config.size ** 2;
  const planes = new Float32Array(config.pairs * area);
  for (let p = 0; p < config.pairs; p++)
    planes.set((images as Float32Array).subarray(3 * p * area, (3 * p + 1) * area), p * area);
  return { values: planes, first: pseudo, side: config.size };
}

/** Square number `i` of `values` over a picture. */
function heatOf(picture: RgbPicture, values: Float32Array, i: number, side: number): RgbPicture {
  const own = values.subarray(i * side * side, (i + 1) * side * side);
  return drawHeat(picture, { width: side, height: side, values: own, extent: picture });
}

/** A frame in colour, one channel replaced if wanted. */
function rgbOf(lab: Float32Array, size: number, replacement?: { channel: number; values: Float32Array }): RgbPicture {
  const shown = lab.slice();
  if (replacement !== undefined) shown.set(replacement.values, replacement.channel * size * size);
  return labToRgb(shown, size, size);
}

function errorMap(a: Float32Array, b: Float32Array, size: number): RgbPicture {
  const grey = new Uint8ClampedArray(a.length * 3);
  for (let i = 0; i < a.length; i++) grey.fill((Math.abs(a[i] - b[i]) / ERROR_RANGE) * 255, i * 3, i * 3 + 3);
  return { width: size, height: size, data: new Uint8Array(grey.buffer) };
}
