/**
 * @file How much each cell of a frame looks like the examples of a class: a linear model as target models have it
 * (target/targetModel.ts), of the class instead of one object, learned from several views of the labelled frame.
 */
import { connectedParts } from "../../core/connectedParts.ts";
import { CellModels } from "../../kernels/moments.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { CellDescriptor, constantDim, descriptorDims } from "../target/descriptor.ts";
import { type Lesson, lessonsOf, mixIn, noLesson, solveLessons, sureLabels, UNKNOWN } from "../target/lessons.ts";
import type { DescribedFrame } from "../target/targetModel.ts";

/** From this weight on a cell is an example's. */
const GIVEN = 0.8;
const RIDGE = 0.01;
/** Unlabelled parts of the labelled frame that look like an example, with at least this share of its size, may be more. */
const PERHAPS_MORE = 0.35;
/** How often the labelled frame is looked at again for these. */
const ROUNDS = 3;
/** Cosine of features from which on a cell has not changed, and its score then: what was there did not come in. */
const SAME = 0.85;
const UNCHANGED = -0.7;

/** A frame with the weights of its cells. */
export interface LabelledCells extends DescribedFrame {
  /** `[cells, 2]`: everything else, and the examples. */
  readonly weights: Float32Array;
}

/** The model of a class; it learns nothing from frames that it sees. */
export class ClassLikeness {
  private readonly grid: CellGrid;
  private readonly models: CellModels;
  private readonly descriptor: CellDescriptor;
  private readonly constant: number;
  private readonly weights: Float32Array;
  /** Of the labelled frame, and of the latest one. */
  private readonly before: FeatureMap;
  private unit: FeatureMap;
  private readonly isExample: Uint8Array;

  /** @param views the labelled frame, then other views of it. @param usual cells of one example. */
  constructor(views: readonly LabelledCells[], grid: CellGrid, usual: number) {
    const [labelled] = views;
    const { channels } = labelled.features;
    this.grid = grid;
    this.constant = constantDim(channels);
    this.models = new CellModels(descriptorDims(channels), grid);
    this.descriptor = new CellDescriptor(this.models, grid);
    this.isExample = Uint8Array.from({ length: this.models.cells }, (_, c) => Number(labelled.weights[2 * c + 1] > 0));
    const mean = noLesson(this.models.dims);
    for (const [i, { frame, features, weights }] of views.entries()) {
      this.descriptor.describe(frame, features);
      mixIn(mean, this.examined(sureLabels(weights, 2, GIVEN), PERHAPS_MORE * usual), i / (i + 1));
    }
    this.weights = solveLessons(this.models, [mean], RIDGE);
    this.before = this.descriptor.describe(labelled.frame, labelled.features);
    this.unit = this.before;
  }

  /** Of the latest frame, of unit length. */
  get features(): FeatureMap {
    return this.unit;
  }

  /** The next frame's cells, −1..1: above 0 they look like an example. */
  see({ frame, features }: DescribedFrame): Float32Array {
    this.unit = this.descriptor.describe(frame, features);
    const score = this.models.scores(this.weights).map((value) => Math.max(-1, Math.min(1, value)));
    for (let cell = 0; cell < score.length; cell++)
      if (score[cell] > UNCHANGED && this.isSame(cell)) score[cell] = UNCHANGED;
    return score;
  }

  /** Whether a cell looks as it did in the labelled frame, where it was no example. */
  private isSame(cell: number): boolean {
    if (this.isExample[cell] === 1) return false;
    const { channels, data } = this.unit;
    const cells = this.isExample.length;
    let product = 0;
    for (let c = 0, at = cell; c < channels; c++, at += cells) product += data[at] * this.before.data[at];
    return product > SAME;
  }

  /** The lesson of the cells at hand, in which what may be more examples is left out. */
  private examined(labels: Int16Array, least: number): Lesson {
    let lesson = this.lesson(labels);
    for (let round = 0; round < ROUNDS; round++) {
      const scores = this.models.scores(solveLessons(this.models, [lesson], RIDGE));
      lesson = this.lesson(withoutMore(labels, scores, this.grid, least));
    }
    return lesson;
  }

  private lesson(labels: Int16Array): Lesson {
    return lessonsOf(this.models, labels, { labels: 2, grid: this.grid, constant: this.constant })[0];
  }
}

/** Labels in which what looks like an example, and is about as large, is no counterexample. */
function withoutMore(labels: Int16Array, scores: Float32Array, { width }: CellGrid, least: number): Int16Array {
  const alike = Uint8Array.from(labels, (label, cell) => Number(label !== 1 && scores[cell] > 0));
  const out = labels.slice();
  for (const part of connectedParts(alike, width))
    if (part.length >= least) for (const cell of part) out[cell] = UNKNOWN;
  return out;
}
