/**
 * @file The target model: for every object a linear model of "this object or not", learned on the clip from the given
 * labels and from what was tracked for sure since. It is asked in every frame, apart from the memory that labels are
 * copied from, and so stops what copying alone does: small errors that are copied on and grow (docs/target.md).
 *
 * Ridge regression of ±1 on the descriptors of cells (descriptor.ts), one object against the rest, in closed form. The
 * target models of supervised trackers are convolutions learned by descent (Robinson et al. 2020, FRTM; Bhat et al.
 * 2020, LWL) on features that were trained with masks; these features know of none.
 */
import type { ResumableWith } from "../../core/resumable.ts";
import { CellModels } from "../../kernels/moments.ts";
import type { FeatureMap } from "../../method/features.ts";
import { unitLength } from "../../method/unitLength.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import type { AppendedChannels } from "../matching/frameMatcher.ts";
import type { Protocol } from "../protocols.ts";
import { CellDescriptor, constantDim, descriptorDims, firstMotion } from "./descriptor.ts";
import type { FrameMotion, SeenMotion } from "./frameMotion.ts";
import { grown } from "./grown.ts";
import {
  copyOf,
  type DimRange,
  type Lesson,
  lessonsOf,
  mixIn,
  noLesson,
  solveLessons,
  sureLabels,
  type TaughtAs,
  UNKNOWN,
} from "./lessons.ts";
import { motionDims, motionPlanes } from "./motionPlanes.ts";
import { shiftWeights } from "./shiftWeights.ts";

/** Frames from one lesson to the next. */
export const LESSON_EVERY = 3;
/** What a lesson leaves of those before it. */
const KEPT = 0.9;
/** From this weight on a cell is an object's, in the labels given and in those tracked. */
const GIVEN = 0.8;
const SURE = 0.9;
/** λ, as a share of the mean of the diagonal. */
const RIDGE = 0.01;
/** Length of what is appended to a unit feature. */
const APPENDED = 0.7;
/** How far a score of 1 shifts a logit. */
const STRENGTH = 0.5;
/** Cells with less weight than this are left alone, unless an object was so near, cells. */
const LEAST = 0.01;
const NEAR = 3;
/** By how much an object's score by looks exceeds the others' where looks tell it from them. */
const TOLD_APART = 0.5;
/** Scores are kept as whole numbers of this part: what is saved is what was computed with. */
const STEPS = 127;

/** The share of an object that a score stands for: sin²(π/4 · (1 + score)), by the score from −127 on. */
const SHARES = Float64Array.from(
  { length: 2 * STEPS + 1 },
  (_, i) => Math.sin((Math.PI / 4) * (1 + (i - STEPS) / STEPS)) ** 2,
);

/** What a frame shows. */
export interface DescribedFrame {
  readonly frame: RgbPicture;
  readonly features: FeatureMap;
}

/** What resuming after a frame needs of it, beside its features. */
export interface TargetState {
  /** `[objects, cells]`: scores in 1/127. */
  readonly scores: Int8Array;
  /** By object, of all lessons since the labelled frame; null where the frame was not one to learn from. */
  readonly learned: readonly Lesson[] | null;
}

/** What decides where target models are used. */
export interface TargetUse {
  readonly protocol: Protocol;
  /** Values that every cell carries: labels, and those of points. */
  readonly columns: number;
  /** Background and objects. */
  readonly labels: number;
}

/** Whether objects have target models. */
export function hasTargets({ protocol, labels }: Pick<TargetUse, "protocol" | "labels">): boolean {
  return protocol.target !== "none" && labels > 1;
}

/** Whether these also know how cells move. */
export function seesMotion(use: Pick<TargetUse, "protocol" | "labels">): boolean {
  return hasTargets(use) && use.protocol.target === "motion";
}

/**
 * What is appended to the features that are matched; undefined = nothing. What target models say of a cell is nothing to
 * points: they match as they would alone. Beside features whose length counts, unit ones would be lost.
 */
export function appendedFor(use: TargetUse): AppendedChannels | undefined {
  const { protocol, columns, labels } = use;
  return hasTargets(use) && columns === labels && protocol.similarity === "cosine" ? appendedTo(labels) : undefined;
}

/** What `matched` appends. @param labels background and objects. */
export function appendedTo(labels: number): AppendedChannels {
  return { count: labels, square: 1 + APPENDED ** 2 };
}

/** What a frame shows of motion, and the label weights of the frame before, `[cells, labels]`. */
export interface MovedFrom {
  readonly moves: SeenMotion;
  readonly before: Float32Array;
}

/** The models of one clip's objects. */
export class TargetModel implements ResumableWith<TargetState, number> {
  private readonly grid: CellGrid;
  private readonly labels: number;
  private readonly taughtAs: TaughtAs;
  private readonly models: CellModels;
  private readonly descriptor: CellDescriptor;
  private given: readonly Lesson[];
  private learned: readonly Lesson[];
  private weights: readonly Float32Array[];
  /** By object, those of a model by looks alone, once it was asked for. */
  private looks: Float32Array[] = [];
  /** The numbers that tell how cells move; undefined where there are none. */
  private readonly motionRange: DimRange | undefined;
  private scores: Int8Array;
  /** Of the latest frame: its features, and the same of unit length. */
  private unit: { readonly of: FeatureMap; readonly map: FeatureMap };
  private time = 0;
  /** How the latest frame moves, see `motionPlanes`; undefined where nothing is known of it. */
  private planes: Float32Array | undefined;
  /** The labelled frame, until it is known how it moves. */
  private labelled: (DescribedFrame & { readonly weights: Float32Array }) | undefined;

  /**
   * @param weights `[cells, labels]` of the labelled frame; label 0 is the background.
   * @param seesMotion whether descriptors say how cells move.
   */
  constructor(
    { frame, features }: DescribedFrame,
    weights: Float32Array,
    labels: number,
    grid: CellGrid,
    seesMotion = false,
  ) {
    const motions = seesMotion ? motionDims(labels) : 0;
    const dims = descriptorDims(features.channels, motions);
    this.grid = grid;
    this.labels = labels;
    this.motionRange = seesMotion
      ? { from: firstMotion(features.channels), to: constantDim(features.channels, motions) }
      : undefined;
    this.taughtAs = { labels, grid, constant: constantDim(features.channels, motions) };
    this.models = new CellModels(dims, grid);
    this.descriptor = new CellDescriptor(this.models, grid, motions);
    this.unit = { of: features, map: this.descriptor.describe(frame, features) };
    this.given = this.lessonsOfLabelled(weights);
    this.labelled = seesMotion ? { frame, features, weights } : undefined;
    this.learned = this.given.map(() => noLesson(dims));
    this.weights = [];
    this.solve();
    this.scores = this.scored();
  }

  /** Scores the cells of the next frame. */
  see({ frame, features }: DescribedFrame, motion?: MovedFrom): void {
    this.time++;
    this.seeLabelled(motion?.moves.ofLabelled);
    this.planes = motion?.moves.own && this.planesOf(motion.moves.own, motion.before);
    this.unit = { of: features, map: this.descriptor.describe(frame, features, this.planes) };
    this.scores = this.scored();
  }

  /** How the labelled frame moves, which is known from the next frame on: its lessons are learned anew. */
  seeLabelled(motion: FrameMotion | undefined): void {
    const { labelled } = this;
    this.labelled = undefined;
    if (labelled === undefined || motion === undefined) return;
    const { frame, features, weights } = labelled;
    this.descriptor.describe(frame, features, this.planesOf(motion, weights));
    this.given = this.lessonsOfLabelled(weights);
    this.solve();
  }

  /**
   * A frame's features of unit length, and with them what the latest scores say of each cell, so that cells match those
   * of which they say the same: √ of the shares of background and objects.
   * @returns `[channels + labels, height, width]`, see `appendedTo`.
   */
  matched(features: FeatureMap): FeatureMap {
    const { height, width, channels, data } = this.unit.of === features ? this.unit.map : unitLength(features);
    const cells = height * width;
    const total = channels + this.labels;
    const out = new Float32Array(total * cells);
    out.set(data);
    const shares = new Float64Array(this.labels);
    for (let cell = 0; cell < cells; cell++) {
      this.readShares(cell, shares);
      for (let label = 0; label < total - channels; label++)
        out[(channels + label) * cells + cell] = APPENDED * Math.sqrt(shares[label]);
    }
    return { height, width, channels: total, data: out };
  }

  /**
   * Shifts the label weights of the latest frame to where the scores point.
   * @param weights `[cells, labels]`, changed in place. @param before those of the frame before.
   * @param speaks by object.
   */
  advise(weights: Float32Array, before: Float32Array, speaks: readonly boolean[]): void {
    const shifts = speaks.map((does, object) => (does ? this.shifts(weights, before, object) : undefined));
    shiftWeights(weights, this.labels, shifts);
  }

  /**
   * Learns from the latest frame, if it is its turn.
   * @param weights `[cells, labels]`, as they stand. @param visible by object: of others nothing is learned.
   */
  learn(weights: Float32Array, visible: readonly boolean[]): void {
    if (!this.learns || !visible.includes(true)) return;
    const taught = sureLabels(weights, this.labels, SURE).map((label, cell) =>
      this.agrees(label, cell) ? label : UNKNOWN,
    );
    for (const [object, lesson] of lessonsOf(this.models, taught, this.taughtAs).entries())
      if (visible[object]) mixIn(this.learned[object], lesson, KEPT);
    this.solve();
  }

  /** Of the latest frame. */
  state(): TargetState {
    return { scores: this.scores, learned: this.learns ? this.learned.map(copyOf) : null };
  }

  /** @param time frames since the labelled one. */
  resume({ scores, learned }: TargetState, time: number): void {
    this.time = time;
    this.scores = scores;
    if (learned === null) return;
    this.learned = learned.map(copyOf);
    this.solve();
  }

  private lessonsOfLabelled(weights: Float32Array): Lesson[] {
    return lessonsOf(this.models, sureLabels(weights, this.labels, GIVEN), this.taughtAs);
  }

  private planesOf(motion: FrameMotion, weights: Float32Array): Float32Array {
    return motionPlanes(motion, { weights, labels: this.labels, grid: this.grid });
  }

  private get learns(): boolean {
    return this.time % LESSON_EVERY === 0;
  }

  private solve(): void {
    this.weights = this.given.map((_, object) => this.solved(object));
    this.looks = [];
  }

  private solved(object: number, without?: DimRange): Float32Array {
    return solveLessons(this.models, [this.given[object], this.learned[object]], RIDGE, without);
  }

  /** Whether it is known how an object moves. */
  private moves(object: number): boolean {
    const { cells } = this.models;
    return this.planes?.subarray(object * cells, (object + 1) * cells).some((value) => value !== 0) ?? false;
  }

  /** Scores by looks alone, `[cells]`. */
  private byLooks(object: number, motion: DimRange): Float32Array {
    this.looks[object] ??= this.solved(object, motion);
    return this.models.scores(this.looks[object]);
  }

  /**
   * `[objects, cells]` in 1/127. An object of which no motion is known is looked for by looks alone, where these tell it
   * from the other objects: a model that expects it to move as it did would not find what comes back.
   */
  private scored(): Int8Array {
    const all = this.weights.map((weights) => this.models.scores(weights));
    const unseen = this.motionRange === undefined ? [] : [...all.keys()].filter((object) => !this.moves(object));
    if (this.motionRange !== undefined && unseen.length > 0) {
      const { motionRange } = this;
      const looks = all.map((_, object) => this.byLooks(object, motionRange));
      for (const object of unseen) useLooks(all[object], looks, object);
    }
    const { cells } = this.models;
    const out = new Int8Array(all.length * cells);
    for (const [object, scores] of all.entries())
      for (let cell = 0, at = object * cells; cell < cells; cell++, at++)
        out[at] = Math.round(STEPS * Math.max(-1, Math.min(1, scores[cell])));
    return out;
  }

  /** −1..1. */
  private score(object: number, cell: number): number {
    return this.scores[object * this.models.cells + cell] / STEPS;
  }

  /** Shares of background and objects in a cell, by the scores alone; they sum to 1. */
  private readShares(cell: number, shares: Float64Array): void {
    const { cells } = this.models;
    shares[0] = 1;
    let sum = 0;
    for (let label = 1; label < shares.length; label++) {
      shares[label] = SHARES[STEPS + this.scores[(label - 1) * cells + cell]];
      shares[0] *= 1 - shares[label];
      sum += shares[label];
    }
    sum += shares[0];
    for (let label = 0; label < shares.length; label++) shares[label] /= sum;
  }

  private shifts(weights: Float32Array, before: Float32Array, object: number): Float32Array {
    const { labels, grid } = this;
    const label = object + 1;
    const was = new Uint8Array(this.models.cells);
    for (let cell = 0, at = label; cell < was.length; cell++, at += labels) was[cell] = before[at] > 0.5 ? 1 : 0;
    const near = grown(was, grid, NEAR);
    const out = new Float32Array(was.length);
    for (let cell = 0, at = label; cell < out.length; cell++, at += labels)
      if (near[cell] === 1 || weights[at] >= LEAST) out[cell] = STRENGTH * this.score(object, cell);
    return out;
  }

  /** Whether the scores say of a cell what its label says. */
  private agrees(label: number, cell: number): boolean {
    for (let other = 1; other < this.labels; other++) {
      const score = this.score(other - 1, cell);
      if (other === label ? score <= 0 : score >= 0) return false;
    }
    return true;
  }
}

/** Puts an object's scores by looks in place of its own, where they exceed those of the others. @param scores `[cells]`, changed in place. */
function useLooks(scores: Float32Array, looks: readonly Float32Array[], object: number): void {
  const others = looks.filter((_, other) => other !== object);
  for (let cell = 0; cell < scores.length; cell++) {
    const own = looks[object][cell];
    if (others.every((other) => own - other[cell] >= TOLD_APART)) scores[cell] = own;
  }
}
