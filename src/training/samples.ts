/** @file What the network reconstructs, as a picture: reference, target, target as rebuilt, and where it was wrong. */
import { writeFileAtomic } from "../core/files.ts";
import { contactSheet } from "../video/drawing/contactSheet.ts";
import { drawHeat } from "../video/drawing/heatMap.ts";
import { labToRgb } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type Batch, wholeFrames } from "./batches.ts";
import type { HeatMaps } from "./parts/part.ts";
import type { RunParts } from "./runParts.ts";

/** Differences of Lab values (which span about ±1) from 0 to this become black to white. */
const ERROR_RANGE = 0.25;

/** Samples of a batch that are shown. */
const SHOWN = 4;

/** What a step gave for a batch, by name: what the parts show. */
export interface SampleOutputs extends Readonly<Record<string, Float32Array>> {
  /** `[Pr, 1, S, S]`: the hidden channel of the pairs apart in time as copied from their references. */
  readonly reconstruction: Float32Array;
}

/**
 * Writes a row for each of the first samples of a batch: reference, target, reconstruction, error; then the heat maps
 * of the parts, and where the target moves, with any part that asks for motion.
 */
export async function writeSamples(path: string, batch: Batch, outputs: SampleOutputs, run: RunParts): Promise<void> {
  const { pairs, size } = run.settings;
  const { claimed, temporal } = run.plan;
  const area = size * size;
  const whole = wholeFrames(batch, run);
  const frame = (slot: number): Float32Array => whole.subarray(slot * 3 * area, (slot + 1) * 3 * area);
  const heats = heatsOf(batch, outputs, run);
  const rows = Array.from({ length: Math.min(temporal, SHOWN) }, (_, i) => {
    const p = claimed + i;
    const rebuilt = outputs.reconstruction.subarray(i * area, (i + 1) * area);
    const truth = batch.hidden.subarray(p * area, (p + 1) * area);
    const target = rgbOf(frame(p), size);
    return [
      rgbOf(frame(pairs + p), size),
      target,
      rgbOf(frame(p), size, { channel: batch.hiddenChannel, values: rebuilt }),
      errorMap(rebuilt, truth, size),
      ...heats.map((heat) => heatOf(target, heat, i)),
    ];
  });
  await writeFileAtomic(path, await contactSheet(rows.flat(), { columns: rows[0].length, gap: 0 }));
}

/** The parts' own maps, then the motion that the last of them was fed. */
function heatsOf({ parts: feeds }: Batch, outputs: SampleOutputs, { active }: RunParts): HeatMaps[] {
  const motion = active.findLast((part) => part.fedMotion !== undefined)?.fedMotion?.(feeds);
  const own = active.map((part) => part.heat?.(outputs));
  return [...own, motion].filter((heat) => heat !== undefined);
}

/** Square number `i` of the maps over a picture. */
function heatOf(picture: RgbPicture, { values, first, side }: HeatMaps, i: number): RgbPicture {
  const own = values.subarray((first + i) * side * side, (first + i + 1) * side * side);
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
