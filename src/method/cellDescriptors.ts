/**
 * @file What a feature cell looks like to the sampler: [Lab mean, λ_m · motion strength, λ_p · (x, y) / size] (method
 * §2, MCS).
 */
import { internal } from "../core/errors.ts";
import type { PictureSize } from "./features.ts";

/** A frame as the sampler sees it. */
export interface SampledFrame {
  /** `[3, H, W]` Lab scaled to [L/50 − 1, a/127, b/127]. */
  readonly lab: Float32Array;
  /** `[H, W]` motion strength m̂, 0..1; left out = no motion known, taken as 0 everywhere. */
  readonly strength?: Float32Array | undefined;
}

/** Weights of the parts of a descriptor against L/50, a/127 and b/127. */
export interface DescriptorWeights {
  /** Of a and b: they span less than L, but lighting hardly changes them. */
  readonly lambdaColour: number;
  /** λ_m, of the motion strength. */
  readonly lambdaMotion: number;
  /** λ_p, of the position: the frame's longer side is 1. */
  readonly lambdaPosition: number;
}

/** The grid of feature cells of a frame. */
export interface CellGrid {
  /** Cells, ⌈H / stride⌉. */
  readonly height: number;
  /** Cells, ⌈W / stride⌉. */
  readonly width: number;
}

/** Dimensions of a descriptor: L, a, b, motion, x, y. */
export const DESCRIPTOR_DIMS = 6;
/** Which of them is the motion. */
export const MOTION_DIM = 3;
/** How many of them, the first ones, are colours. */
export const COLOUR_DIMS = 3;

/** The cells of frames of `size` pixels. */
export function cellGrid(size: PictureSize, stride: number): CellGrid {
  return { height: Math.ceil(size.height / stride), width: Math.ceil(size.width / stride) };
}

/**
 * Descriptors of a frame's cells, each the mean of its pixels (those inside the frame).
 * @returns `[6, h, w]` float32
 */
export function describeCells(
  frame: SampledFrame,
  size: PictureSize,
  stride: number,
  weights: DescriptorWeights,
): Float32Array {
  const area = size.width * size.height;
  const { lab, strength } = frame;
  if (area === 0 || lab.length !== 3 * area || (strength !== undefined && strength.length !== area))
    throw internal(
      `a frame of ${lab.length} Lab and ${strength?.length} motion values for ${size.width}x${size.height}`,
    );
  const grid = cellGrid(size, stride);
  const cells = grid.height * grid.width;
  const out = new Float32Array(DESCRIPTOR_DIMS * cells);
  const scales = [1, weights.lambdaColour, weights.lambdaColour]; // COLOUR_DIMS of them
  scales.forEach((scale, c) =>
    cellMeans(lab.subarray(c * area, (c + 1) * area), size, stride, scale, out.subarray(c * cells, (c + 1) * cells)),
  );
  if (strength !== undefined)
    cellMeans(strength, size, stride, weights.lambdaMotion, out.subarray(MOTION_DIM * cells, (MOTION_DIM + 1) * cells));
  const unit = weights.lambdaPosition / Math.max(grid.height, grid.width);
  for (let cell = 0; cell < cells; cell++) {
    out[4 * cells + cell] = unit * ((cell % grid.width) + 0.5);
    out[5 * cells + cell] = unit * (Math.floor(cell / grid.width) + 0.5);
  }
  return out;
}

/** Means of the pixels of every cell, times `scale`: `[H, W]` to `[h, w]`, in `out` if given. */
export function cellMeans(
  plane: Float32Array,
  { width, height }: PictureSize,
  stride: number,
  scale = 1,
  out = new Float32Array(Math.ceil(width / stride) * Math.ceil(height / stride)),
): Float32Array {
  const columns = Math.ceil(width / stride);
  const sums = new Float64Array(columns);
  for (let top = 0, to = 0; top < height; top += stride, to += columns) {
    sums.fill(0);
    const bottom = Math.min(height, top + stride);
    for (let y = top; y < bottom; y++) addRow(plane, y * width, width, stride, sums);
    for (let column = 0; column < columns; column++) {
      const across = Math.min(stride, width - column * stride);
      out[to + column] = (scale * sums[column]) / (across * (bottom - top));
    }
  }
  return out;
}

/** Adds the pixels of a row to the sums of the cells they lie in. */
function addRow(plane: Float32Array, from: number, width: number, stride: number, sums: Float64Array): void {
  for (let column = 0, x = 0; x < width; column++) {
    const end = Math.min(width, x + stride);
    let sum = 0;
    for (; x < end; x++) sum += plane[from + x];
    sums[column] += sum;
  }
}
