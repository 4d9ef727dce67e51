/** @file What the network reconstructs, as a picture: reference, target, target as rebuilt, and where it was wrong. */
import { writeFileAtomic } from "../core/files.ts";
import { contactSheet } from "../video/contactSheet.ts";
import { labToRgb } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type Batch, wholeFrames } from "./batches.ts";
import type { TrainingConfig } from "./config.ts";
import { batchPlan } from "./objective.ts";

/** Differences of Lab values (which span about ±1) from 0 to this become black to white. */
const ERROR_RANGE = 0.25;

/**
 * Writes a row for each of the first samples of a batch: reference, target, reconstruction, error.
 * @param reconstruction `[Pr, 1, S, S]`: the hidden channel of the pairs apart in time as copied from their references.
 */
export async function writeSamples(
  path: string,
  batch: Batch,
  reconstruction: Float32Array,
  config: TrainingConfig,
): Promise<void> {
  const { pairs, size } = config;
  const { pseudo, temporal } = batchPlan(config);
  const area = size * size;
  const shown = Math.min(temporal, 4);
  const whole = wholeFrames(batch, size);
  const frame = (slot: number): Float32Array => whole.subarray(slot * 3 * area, (slot + 1) * 3 * area);
  const sheet: RgbPicture[] = [];
  for (let i = 0; i < shown; i++) {
    const p = pseudo + i;
    const rebuilt = reconstruction.subarray(i * area, (i + 1) * area);
    const truth = batch.hidden.subarray(p * area, (p + 1) * area);
    const panels = [
      rgbOf(frame(pairs + p), size),
      rgbOf(frame(p), size),
      rgbOf(frame(p), size, { channel: batch.hiddenChannel, values: rebuilt }),
      errorMap(rebuilt, truth),
    ];
    sheet.push(...panels.map((data) => ({ width: size, height: size, data })));
  }
  await writeFileAtomic(path, await contactSheet(sheet, { columns: 4, gap: 0 }));
}

/** A frame in colour, one channel replaced if wanted. */
function rgbOf(lab: Float32Array, size: number, replacement?: { channel: number; values: Float32Array }): Uint8Array {
  const shown = lab.slice();
  if (replacement !== undefined) shown.set(replacement.values, replacement.channel * size * size);
  return labToRgb(shown, size, size).data;
}

function errorMap(a: Float32Array, b: Float32Array): Uint8Array {
  const grey = new Uint8ClampedArray(a.length * 3);
  for (let i = 0; i < a.length; i++) grey.fill((Math.abs(a[i] - b[i]) / ERROR_RANGE) * 255, i * 3, i * 3 + 3);
  return new Uint8Array(grey.buffer);
}
