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
import { type DepthMap, depthOfCells } from "../../video/depth/depthMap.ts";
import { depthDims, depthPlanes } from "./depthPlanes.ts";
import { CellDescriptor, constantDim, descriptorDims, firstCue } from "./descriptor.ts";
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
  /** Of the frame, where it is known. */
  readonly depth?: DepthMap | undefined;
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

/** What came before a frame. */
export interface ComesFrom {
  /** What the frame shows of motion, where that is seen. */
  readonly moves?: SeenMotion | undefined;
  /** The label weights of the frame before, `[cells, labels]`; undefined where the frame does not follow it. */
  readonly before?: Float32Array | undefined;
}

/** The frame that cells are compared with: how they moved from it, its label weights and its depth. */
interface Cues {
  readonly motion?: FrameMotion | undefined;
  readonly weights: Float32Array;
  readonly depth: Float32Array | undefined;
}

/** The models of one clip's objects. */
export class TargetModel implements ResumableWith<TargetState, number> {
  private readonly grid: CellGrid;
  private readonly labels: number;
  private readonly taughtAs: TaughtAs;
  private readonly models: CellModels;
  private readonly descriptor: CellDescriptor;
  private readonly seesMotion: boolean;
  /** `[cells]` of the latest frame; undefined where depth is not known at all. */
  private depth: Float32Array | undefined;
  private given: readonly Lesson[];
  private learned: readonly Lesson[];
  private weights: readonly Float32Array[];
  /** By object, those of a model by looks alone, once it was asked for. */
  private looks: Float32Array[] = [];
  /** The numbers that tell how cells move and how far away they are; undefined where there are none. */
  private readonly cueRange: DimRange | undefined;
  private scores: Int8Array;
  /** Of the latest frame: its features, and the same of unit length. */
  private unit: { readonly of: FeatureMap; readonly map: FeatureMap };
  private time = 0;
  /** What motion and depth say of the latest frame, see `planesOf`; undefined where they say nothing. */
  private planes: Float32Array | undefined;
  /** The labelled frame, until it is known how it moves. */
  private labelled: (DescribedFrame & { readonly weights: Float32Array }) | undefined;

  /**
   * @param weights `[cells, labels]` of the labelled frame; label 0 is the background.
   * @param seesMotion whether descriptors say how cells move. They say how far away cells are if the labelled frame does.
   */
  constructor(labelled: DescribedFrame, weights: Float32Array, labels: number, grid: CellGrid, seesMotion = false) {
    const { frame, features } = labelled;
    const motions = seesMotion ? motionDims(labels) : 0;
    const cues = motions + (labelled.depth === undefined ? 0 : depthDims(labels));
    const dims = descriptorDims(features.channels, cues);
    this.seesMotion = seesMotion;
    this.grid = grid;
    this.labels = labels;
    this.cueRange =
      cues > 0 ? { from: firstCue(features.channels), to: constantDim(features.channels, cues) } : undefined;
    this.taughtAs = { labels, grid, constant: constantDim(features.channels, cues) };
    this.models = new CellModels(dims, grid);
    this.descriptor = new CellDescriptor(this.models, grid, cues);
    this.depth = labelled.depth && depthOfCells(labelled.depth, grid);
    this.planes = this.planesOf({ weights, depth: this.depth });
    this.unit = { of: features, map: this.descriptor.describe(frame, features, this.planes) };
    this.given = this.lessonsOfLabelled(weights);
    this.labelled = seesMotion ? { ...labelled, weights } : undefined;
    this.learned = this.given.map(() => noLesson(dims));
    this.weights = [];
    this.solve();
    this.scores = this.scored();
  }

  /** Scores the cells of the next frame. */
  see({ frame, features, depth }: DescribedFrame, { moves, before }: ComesFrom = {}): void {
    this.time++;
    this.seeLabelled(moves?.ofLabelled);
    const last = this.depth;
    this.again({ depth });
    this.planes = before && this.planesOf({ motion: moves?.own, weights: before, depth: last });
    this.unit = { of: features, map: this.descriptor.describe(frame, features, this.planes) };
    this.scores = this.scored();
  }

  /** A frame that was seen before a stop: the next one follows it. */
  again({ depth }: Pick<DescribedFrame, "depth">): void {
    if (this.depth !== undefined && depth !== undefined) this.depth = depthOfCells(depth, this.grid);
  }

  /** How the labelled frame moves, which is known from the next frame on: its lessons are learned anew. */
  seeLabelled(motion: FrameMotion | undefined): void {
    const { labelled } = this;
    this.labelled = undefined;
    if (labelled === undefined || motion === undefined) return;
    const { frame, features, weights } = labelled;
    const depth = labelled.depth && depthOfCells(labelled.depth, this.grid);
    this.descriptor.describe(frame, features, this.planesOf({ motion, weights, depth }, depth));
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

  /**
   * What motion and depth say of cells, as far as they are known; undefined where neither is.
   * @param now depth of these cells; default that of the latest frame
   */
  private planesOf({ motion, weights, depth }: Cues, now = this.depth): Float32Array | undefined {
    const { labels, grid } = this;
    if (motion === undefined && depth === undefined) return undefined;
    const moving = this.seesMotion ? motionDims(labels) * this.models.cells : 0;
    const out = new Float32Array(moving + (now === undefined ? 0 : depthDims(labels) * this.models.cells));
    if (motion !== undefined && moving > 0) out.set(motionPlanes(motion, { weights, labels, grid }));
    if (now !== undefined && depth !== undefined) out.set(depthPlanes(now, { weights, depth, labels }), moving);
    return out;
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

  /** Whether it is known how an object moves, or how far away it is. */
  private isPlaced(object: number): boolean {
    const { planes = new Float32Array(0), models, labels } = this;
    for (let at = object * models.cells; at < planes.length; at += (labels - 1) * models.cells)
      if (planes.subarray(at, at + models.cells).some((value) => value !== 0)) return true;
    return false;
  }

  /** Scores by looks alone, `[cells]`. */
  private byLooks(object: number, cues: DimRange): Float32Array {
    this.looks[object] ??= this.solved(object, cues);
    return this.models.scores(this.looks[object]);
  }

  /**
   * `[objects, cells]` in 1/127. An object of which neither motion nor depth is known is looked for by looks alone, where
   * these tell it from the other objects: a model that expects it to move as it did would not find what comes back.
   */
  private scored(): Int8Array {
    const { cueRange } = this;
    const all = this.weights.map((weights) => this.models.scores(weights));
    const unseen = cueRange === undefined ? [] : [...all.keys()].filter((object) => !this.isPlaced(object));
    if (cueRange !== undefined && unseen.length > 0) {
      const looks = all.map((_, object) => this.byLooks(object, cueRange));
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
