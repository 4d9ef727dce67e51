/** @file Features of one frame, cell by cell and of unit length, for comparing places with one another. */
import { linearTap } from "../../core/linearTap.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";

/** Keeps division by the length of a zero vector finite. */
const TINY = 1e-12;

/** Unit features. */
export class CellFeatures {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** `[height, width, channels]`, each cell of length 1. */
  readonly data: Float32Array;

  constructor({ width, height, channels, data }: FeatureMap) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = new Float32Array(data.length);
    const cells = width * height;
    for (let cell = 0; cell < cells; cell++) {
      for (let c = 0; c < channels; c++) this.data[cell * channels + c] = data[c * cells + cell];
      toUnitLength(this.data.subarray(cell * channels, (cell + 1) * channels));
    }
  }

  /** The feature at a place, bilinear between the centres of cells, of length 1. @param place in cells. */
  at({ x, y }: Point): Float32Array {
    const { width, channels, data } = this;
    const across = linearTap(x, width);
    const down = linearTap(y, this.height);
    const out = new Float32Array(channels);
    for (const [row, rowWeight] of [
      [down.low, 1 - down.weight],
      [down.high, down.weight],
    ])
      for (const [column, columnWeight] of [
        [across.low, 1 - across.weight],
        [across.high, across.weight],
      ]) {
        const from = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) out[c] += rowWeight * columnWeight * data[from + c];
      }
    return toUnitLength(out);
  }

  /** Cosine similarity of a cell with a feature of length 1. */
  similarity(column: number, row: number, feature: Float32Array): number {
    const { channels, data } = this;
    const from = (row * this.width + column) * channels;
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[from + c] * feature[c];
    return sum;
  }
}

function toUnitLength(values: Float32Array): Float32Array {
  let square = TINY;
  for (const value of values) square += value * value;
  const scale = 1 / Math.sqrt(square);
  for (let i = 0; i < values.length; i++) values[i] *= scale;
  return values;
}
