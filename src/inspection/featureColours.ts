/**
 * @file Features as colours: their three strongest principal components are red, green and blue. One basis, with fixed
 * signs and one scale for a whole clip, so that equal colours in two frames mean equal features.
 */
import { internal } from "../core/errors.ts";
import { energyRotation } from "../kernels/rotation.ts";
import type { FeatureMap } from "../method/features.ts";
import { unitLength } from "../method/unitLength.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Steps of the orthogonal iteration: enough for eigenvectors that look converged. */
const STEPS = 40;
/** Values below and above these quantiles are shown as 0 and 255. */
const RANGE = [0.01, 0.99] as const;
const COMPONENTS = 3;

export class FeatureColours {
  private readonly unit: boolean;
  private readonly mean: Float64Array;
  /** `[3, channels]` */
  private readonly basis: Float64Array;
  /** By component: the values shown as 0 and as 255. */
  private readonly ranges: readonly (readonly [low: number, high: number])[];

  private constructor(unit: boolean, mean: Float64Array, basis: Float64Array, ranges: readonly [number, number][]) {
    this.unit = unit;
    this.mean = mean;
    this.basis = basis;
    this.ranges = ranges;
  }

  /**
   * @param maps features of frames spread over the clip, at least one.
   * @param unit whether features are compared as cosines: they are then normalised to length 1 first.
   */
  static fit(maps: readonly FeatureMap[], unit: boolean): FeatureColours {
    if (maps.length === 0) throw internal("principal components of no features");
    const all = sideBySide(maps.map((map) => (unit ? unitLength(map) : map)));
    const { channels, width: cells, data } = all;
    const mean = centre(data, channels, cells);
    const basis = principalAxes(data, channels, cells);
    const ranges = Array.from({ length: COMPONENTS }, (_, k) => {
      const values = Float32Array.from({ length: cells }, (_, cell) => project(all, cell, basis, k)).sort();
      const [low, high] = RANGE.map((q) => values[Math.round(q * (cells - 1))]);
      return [low, high] as [number, number];
    });
    return new FeatureColours(unit, mean, basis, ranges);
  }

  /** @returns a pixel for each cell. */
  picture(map: FeatureMap): RgbPicture {
    const { channels, width, height } = map;
    const shown = this.unit ? unitLength(map) : { ...map, data: map.data.slice() };
    const cells = width * height;
    for (let c = 0; c < channels; c++)
      for (let cell = 0; cell < cells; cell++) shown.data[c * cells + cell] -= this.mean[c];
    const data = new Uint8ClampedArray(cells * 3);
    this.ranges.forEach(([low, high], k) => {
      const scale = high > low ? 255 / (high - low) : 0;
      for (let cell = 0; cell < cells; cell++) {
        const value = project(shown, cell, this.basis, k);
        data[3 * cell + k] = scale === 0 ? 127 : scale * (value - low);
      }
    });
    return { width, height, data: new Uint8Array(data.buffer) };
  }
}

/** Maps of one size as a single row of cells. */
function sideBySide(maps: readonly FeatureMap[]): FeatureMap {
  const [{ channels }] = maps;
  const cells = maps.map(({ width, height }) => width * height);
  const total = cells.reduce((a, b) => a + b, 0);
  const data = new Float32Array(channels * total);
  let at = 0;
  maps.forEach((map, i) => {
    for (let c = 0; c < channels; c++) data.set(map.data.subarray(c * cells[i], (c + 1) * cells[i]), c * total + at);
    at += cells[i];
  });
  return { channels, height: 1, width: total, data };
}

/** Subtracts every channel's mean, in place. @returns the means. */
function centre(data: Float32Array, channels: number, cells: number): Float64Array {
  return Float64Array.from({ length: channels }, (_, c) => {
    const plane = data.subarray(c * cells, (c + 1) * cells);
    const mean = plane.reduce((sum, value) => sum + value, 0) / cells;
    for (let cell = 0; cell < cells; cell++) plane[cell] -= mean;
    return mean;
  });
}

/**
 * `[3, channels]`, strongest first; the largest component of each is positive, as its sign would otherwise be
 * arbitrary.
 */
function principalAxes(centred: Float32Array, channels: number, cells: number): Float64Array {
  const { rows } = energyRotation(centred, channels, cells, false, STEPS);
  const basis = new Float64Array(COMPONENTS * channels);
  for (let k = 0; k < Math.min(COMPONENTS, channels); k++) {
    const row = rows.subarray(k * channels, (k + 1) * channels);
    const largest = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    basis.set(
      row.map((value) => value * Math.sign(largest)),
      k * channels,
    );
  }
  return basis;
}

function project({ channels, width, height, data }: FeatureMap, cell: number, basis: Float64Array, k: number): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) sum += basis[k * channels + c] * data[c * width * height + cell];
  return sum;
}
