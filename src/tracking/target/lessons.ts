/**
 * @file What one frame's cells teach the target models: for every object the sums of ridge regression, in which the
 * object has half of the weight and everything else the other half, of which again half lies around the object.
 */
import type { CellModels } from "../../kernels/moments.ts";
import { thinOut } from "../confidence/cellSample.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { contextScale } from "./descriptor.ts";
import { grown } from "./grown.ts";

/** The sums of one object: M = Σ w φ φᵀ and b = Σ w y φ with y = 1 on the object and −1 elsewhere. */
export interface Lesson {
  /** The rows of the lower triangle one after the other, `[dims · (dims + 1) / 2]` float32. */
  readonly matrix: Float32Array;
  /** `[dims]` float32. */
  readonly vector: Float32Array;
}

/** Cells of no label for sure. */
export const UNKNOWN = -1;

/** Cells around an object lie so many cells away from it at most, in a grid of the usual size (`contextScale`). */
const RING = 8;
/** Fewer of them say too little. */
const LEAST_RING = 10;
/** Of more cells of a kind, a regular sample of so many is taken. */
const ENOUGH_CELLS = 1500;
/** An object of fewer cells has less than half of the weight. */
const LEAST_CELLS = 20;

/** What the cells of a lesson are. */
export interface TaughtAs {
  /** Background and objects. */
  readonly labels: number;
  readonly grid: CellGrid;
  /** Which number of a descriptor is 1 everywhere. */
  readonly constant: number;
}

/** Sums of nothing. */
export function noLesson(dims: number): Lesson {
  return { matrix: new Float32Array((dims * (dims + 1)) / 2), vector: new Float32Array(dims) };
}

/** Sums that do not change with the lesson's. */
export function copyOf({ matrix, vector }: Lesson): Lesson {
  return { matrix: matrix.slice(), vector: vector.slice() };
}

/**
 * The label that every cell has for sure.
 * @param weights `[cells, labels]`; label 0 is the background. @param sure least weight of an object, and of all that is
 * no object.
 * @returns `[cells]`, `UNKNOWN` where none is sure.
 */
export function sureLabels(weights: Float32Array, labels: number, sure: number): Int16Array {
  const out = new Int16Array(weights.length / labels).fill(UNKNOWN);
  for (let cell = 0, at = 0; cell < out.length; cell++, at += labels) {
    let most = 0;
    for (let label = 1; label < labels; label++) {
      most = Math.max(most, weights[at + label]);
      if (weights[at + label] > sure) out[cell] = label;
    }
    if (most < 1 - sure) out[cell] = 0;
  }
  return out;
}

/**
 * A frame's lesson by object.
 * @param models hold the frame's descriptors. @param taught `[cells]`, see `sureLabels`.
 */
export function lessonsOf(models: CellModels, taught: Int16Array, { labels, grid, constant }: TaughtAs): Lesson[] {
  const members = Array.from({ length: labels }, (): number[] => []);
  for (const [cell, label] of taught.entries()) if (label !== UNKNOWN) members[label].push(cell);
  const moments = members.map((cells) => momentsOf(models, cells));
  const all = sumOf(moments);
  const known = members.reduce((count, cells) => count + cells.length, 0);
  return members.slice(1).map((own, object) => {
    const ring = ringAround(taught, object + 1, grid);
    const lesson = noLesson(models.dims);
    const hasRing = ring.length > LEAST_RING;
    const others = all.map((sum, i) => sum - moments[object + 1][i]);
    const shareOfOwn = 0.5 / Math.max(own.length, LEAST_CELLS);
    const shareOfOthers = (hasRing ? 0.25 : 0.5) / Math.max(1, known - own.length);
    addMoments(lesson, moments[object + 1], constant, shareOfOwn, 1);
    addMoments(lesson, others, constant, shareOfOthers, -1);
    if (hasRing) addMoments(lesson, momentsOf(models, ring), constant, 0.25 / ring.length, -1);
    return lesson;
  });
}

/** `into` becomes `kept` of itself and the rest of `lesson`. */
export function mixIn(into: Lesson, lesson: Lesson, kept: number): void {
  for (const part of ["matrix", "vector"] as const)
    for (let i = 0; i < into[part].length; i++) into[part][i] = kept * into[part][i] + (1 - kept) * lesson[part][i];
}

/** Numbers of a descriptor, those from `from` to below `to`. */
export interface DimRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The weights of the model that lessons add up to: (M + λ I)⁻¹ b, λ a share of the mean of M's diagonal.
 * @param without numbers that this model does without: their weights are 0.
 * @returns `[dims]`.
 */
export function solveLessons(
  models: CellModels,
  lessons: readonly Lesson[],
  ridge: number,
  without?: DimRange,
): Float32Array {
  const { dims } = models;
  const matrix = new Float64Array(dims * dims);
  const vector = new Float64Array(dims);
  for (const lesson of lessons) {
    for (let row = 0, at = 0; row < dims; row++)
      for (let column = 0; column <= row; column++, at++) matrix[row * dims + column] += lesson.matrix[at];
    for (let d = 0; d < dims; d++) vector[d] += lesson.vector[d];
  }
  let trace = 0;
  for (let d = 0; d < dims; d++) trace += matrix[d * dims + d];
  // The last term keeps models of nothing solvable.
  for (let d = 0; d < dims; d++) matrix[d * dims + d] += (ridge * trace) / dims + 1e-10;
  if (without !== undefined) leaveOut(matrix, vector, without);
  return models.solve(matrix, vector);
}

/** As if these numbers were 0 everywhere. */
function leaveOut(matrix: Float64Array, vector: Float64Array, { from, to }: DimRange): void {
  const dims = vector.length;
  for (let k = from; k < to; k++) {
    for (let d = 0; d < dims; d++) {
      matrix[k * dims + d] = 0;
      matrix[d * dims + k] = 0;
    }
    matrix[k * dims + k] = 1;
    vector[k] = 0;
  }
}

/** Σ φ φᵀ over cells, by as many of them as are enough. */
function momentsOf(models: CellModels, cells: readonly number[]): Float64Array {
  const some = thinOut(cells, ENOUGH_CELLS);
  const sums = models.outer(some);
  const share = cells.length / Math.max(1, some.length);
  return share === 1 ? sums : sums.map((value) => share * value);
}

function sumOf(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts[0].length);
  for (const part of parts) for (let i = 0; i < out.length; i++) out[i] += part[i];
  return out;
}

/** @param sums Σ φ φᵀ, whose row `constant` is Σ φ. @param y of these cells. */
function addMoments({ matrix, vector }: Lesson, sums: Float64Array, constant: number, weight: number, y: number): void {
  const dims = vector.length;
  for (let row = 0, at = 0; row < dims; row++)
    for (let column = 0; column <= row; column++, at++) matrix[at] += weight * sums[row * dims + column];
  for (let d = 0; d <= constant; d++) vector[d] += y * weight * sums[constant * dims + d];
}

/** Cells known not to be the object and close to it. */
function ringAround(taught: Int16Array, label: number, grid: CellGrid): number[] {
  const close = grown(
    Uint8Array.from(taught, (one) => Number(one === label)),
    grid,
    RING * contextScale(grid),
  );
  const out: number[] = [];
  for (const [cell, one] of taught.entries()) if (close[cell] === 1 && one !== label && one !== UNKNOWN) out.push(cell);
  return out;
}
