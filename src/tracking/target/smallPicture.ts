/**
 * @file Advice from the same tracking on a small picture. There a cell sees more of the frame, which tells what and
 * where the object is better than the large picture does; where its edges and thin parts are only the large one knows.
 */
import { resizeArea, resizeFloat } from "../../video/resize.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { strongestLabels } from "../confidence/labelShape.ts";

/** How far the small picture shifts a logit at most. */
const STRENGTH = 0.5;
/** Logits of its weights are divided by this, and cut at ±1. */
const SOFTNESS = 3;
/** Weights nearer to 0 and 1 count as this. */
const FLOOR = 1e-3;
/**
 * An object of which its cells show less than the first share (IoU) gets no advice, one of which they show the second
 * gets it in full: it cannot know what is too thin for it.
 */
const SHOWN = { least: 0.8, full: 0.9 };

/** Label weights of a picture's cells. */
export interface WeightedCells {
  /** `[cells, labels]`; label 0 is the background. */
  readonly weights: Float32Array;
  readonly grid: CellGrid;
}

/** Turns the cells of a small picture into advice for those of a large one. */
export class SmallPicture {
  private readonly labels: number;
  private readonly grid: CellGrid;
  private readonly small: CellGrid;
  /** By object, 0..1. */
  private readonly strengths: readonly number[];

  /** @param large of the labelled frame. */
  constructor(large: WeightedCells, small: Pick<WeightedCells, "grid">, labels: number) {
    this.labels = labels;
    this.grid = large.grid;
    this.small = small.grid;
    const shown = sharesShown(large, small.grid, labels);
    this.strengths = shown.map((share) => Math.min(1, Math.max(0, (share - SHOWN.least) / (SHOWN.full - SHOWN.least))));
  }

  /** Whether it never says anything. */
  get isSilent(): boolean {
    return this.strengths.every((strength) => strength === 0);
  }

  /**
   * Shifts of the large picture's logits, see `shiftWeights`.
   * @param weights `[cells, labels]` of the small picture. @param speaks by object.
   * @returns by object, `[cells]` of the large picture; undefined where nothing is said.
   */
  shifts(weights: Float32Array, speaks: readonly boolean[]): (Float32Array | undefined)[] {
    return this.strengths.map((strength, object) =>
      strength > 0 && speaks[object] ? this.shift(weights, object + 1, STRENGTH * strength) : undefined,
    );
  }

  private shift(weights: Float32Array, label: number, strength: number): Float32Array {
    const { labels, small, grid } = this;
    const shift = Float32Array.from({ length: small.width * small.height }, (_, cell) => {
      const weight = Math.min(1 - FLOOR, Math.max(FLOOR, weights[cell * labels + label]));
      return strength * Math.max(-1, Math.min(1, Math.log(weight / (1 - weight)) / SOFTNESS));
    });
    return resizeFloat(shift, [1, small.height, small.width], grid.width, grid.height);
  }
}

/** By object: IoU of its cells in the large picture with the same after a way through the small picture's cells. */
function sharesShown(large: WeightedCells, small: CellGrid, labels: number): number[] {
  const [own, back] = [large.weights, throughCells(large, small, labels)].map((weights) =>
    strongestLabels(weights, labels),
  );
  return Array.from({ length: labels - 1 }, (_, object) => {
    let [both, either] = [0, 0];
    for (const [cell, label] of own.entries()) {
      const count = Number(label === object + 1) + Number(back[cell] === object + 1);
      if (count === 2) both++;
      if (count > 0) either++;
    }
    return either === 0 ? 0 : both / either;
  });
}

/** Weights as coarse as those of a small grid, on the large one. */
function throughCells({ weights, grid }: WeightedCells, small: CellGrid, labels: number): Float32Array {
  const cells = grid.width * grid.height;
  const out = new Float32Array(weights.length);
  for (let label = 0; label < labels; label++) {
    const plane = Float32Array.from({ length: cells }, (_, cell) => weights[cell * labels + label]);
    const coarse = resizeArea(plane, [1, grid.height, grid.width], small.width, small.height);
    const fine = resizeFloat(coarse, [1, small.height, small.width], grid.width, grid.height);
    for (let cell = 0; cell < cells; cell++) out[cell * labels + label] = fine[cell];
  }
  return out;
}
