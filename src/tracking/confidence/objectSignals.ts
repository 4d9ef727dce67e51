/**
 * @file Signals, without the truth, of whether an object is still followed: where its cells match when they are matched
 * back to the labelled frame, whether the labelled cells match into the new mask and in the same arrangement, how sure
 * the label weights are, colours, and jumps of area and place. Computed while tracking from features and label weights
 * that are there anyway; the cost grows with the objects, not with the frame.
 */
import { median } from "../../core/median.ts";
import type { Resumable } from "../../core/resumable.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { Point } from "../../video/point.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { cellColours, colourDifference } from "./cellColours.ts";
import { type CellSample, leading, sampleCells, spreadEvenly, thinOut } from "./cellSample.ts";
import { type LabelShape, labelShape, strongestLabels } from "./labelShape.ts";
import { sameLayout } from "./layout.ts";

/** What a frame shows. */
export interface SeenFrame {
  readonly frame: RgbPicture;
  readonly features: FeatureMap;
}

/** The signals of one object in one frame. */
export interface ObjectSignals {
  /** Mean weight of the label over its cells, 0..1. */
  readonly mass: number;
  /** Overlap with the truth that the label weights themselves expect, 0..1. */
  readonly overlap: number;
  /** Share of its cells that match the object in the labelled frame, 0..1. */
  readonly back: number;
  /** Mean similarity of its cells with their best match on the object in the labelled frame, −1..1. */
  readonly similarity: number;
  /** Share of the object's labelled cells that match its cells in this frame, 0..1. */
  readonly found: number;
  /** Mean similarity of these labelled cells with their best match in this mask, −1..1. */
  readonly likeness: number;
  /** Whether the cells that they match are arranged as they are, see `sameLayout`, 0..1. */
  readonly layout: number;
  /**
   * How far matching colours are shifted as a whole, see `colourDifference`, 0..; the lower value of both ways, since one of
   * them misleads where only a part of the object is seen. 0 for objects of fewer than 36 cells.
   */
  readonly tint: number;
  /** How much matching colours differ beyond that shift, see `colourDifference`, 0..; the rest as with `tint`. */
  readonly mottle: number;
  /** How much less like the labelled cells it is than it was lately, while it could be seen, see `likeness`, −2..2. */
  readonly estrangement: number;
  /** ln of how much more spread out its cells are than in the labelled frame, see `spreadOf`; 0 where they are not, 0.. */
  readonly sprawl: number;
  /** |ln(area / median area of the latest frames)|; of what comes back, by the area in the labelled frame. */
  readonly areaJump: number;
  /** Distance of the centre from where its last two places predict it, over the root of the area. */
  readonly placeJump: number;
}

/** Cells that are compared: of an object as queries, of it as keys, of all that is not it. */
const QUERIES = 32;
const KEYS = 64;
const OTHERS = 192;
/** Where a label has this share of the weight that it was given, nothing else claims its cells in earnest. */
const UNCLAIMED = 0.75;
/** In fewer cells most lie on the edge and mix an object's colours with what is around it. */
const LEAST_TINTED = 36;
/** Frames whose median area, and whose median likeness, a new one is compared with. */
const HISTORY = 7;
const LIKENESSES = 15;
/** The likeness that is expected of a thing before it was ever seen again: that of most things in real footage. */
const USUAL_LIKENESS = 0.85;

/** What an object did in the latest frames that had it, the latest first. */
export interface RecentShapes {
  /** Cells. */
  readonly areas: readonly number[];
  readonly centres: readonly { readonly x: number; readonly y: number }[];
  /** See `ObjectSignals`. */
  readonly likenesses: readonly number[];
}

/** One object's own part of the labelled frame, and what it did lately. */
interface Known {
  readonly queries: CellSample;
  readonly keys: CellSample;
  /** Of the queries and of the keys. */
  readonly queryColours: Float32Array;
  readonly keyColours: Float32Array;
  readonly others: CellSample;
  /** Cells in the labelled frame; 0 for an object too small to win one. */
  readonly area: number;
  /** Mean weight of the label over these, 0..1. */
  readonly mass: number;
  /** See `spreadOf`. */
  readonly spread: number;
  readonly areas: number[];
  readonly centres: { readonly x: number; readonly y: number }[];
  readonly likenesses: number[];
}

/** An object in the latest frame. */
interface Latest extends LabelShape {
  /** See `ObjectSignals`; undefined where it was not measured. */
  readonly likeness?: number;
}

/** Computes the signals of one clip's objects, frame by frame. */
export class SignalMeter implements Resumable<readonly RecentShapes[]> {
  private readonly labels: number;
  private readonly grid: CellGrid;
  private readonly known: readonly Known[];
  private latest: readonly Latest[] = [];

  /** @param weights `[cells, labels]` of the labelled frame; label 0 is the background. */
  constructor({ frame, features }: SeenFrame, weights: Float32Array, labels: number, grid: CellGrid) {
    this.labels = labels;
    this.grid = grid;
    const won = strongestLabels(weights, labels);
    this.known = this.shapes(weights, won).map((shape, i) => {
      const own = shape.cells.length > 0 ? shape.cells : [heaviestCell(weights, labels, i + 1)];
      const [queries, keys] = [QUERIES, KEYS].map((most) => thinOut(own, most));
      return {
        queries: sampleCells(features, queries),
        keys: sampleCells(features, keys),
        queryColours: cellColours(frame, grid, queries),
        keyColours: cellColours(frame, grid, keys),
        others: sampleCells(features, othersOf(won, i + 1)),
        area: shape.cells.length,
        mass: shape.mass,
        spread: spreadOf(own, grid.width),
        areas: shape.cells.length > 0 ? [shape.cells.length] : [],
        centres: shape.centre === undefined ? [] : [shape.centre],
        likenesses: [],
      };
    });
  }

  /**
   * Cells that an object won in the labelled frame; one without any is too small to be judged by cells.
   * @param object from 0 on.
   */
  labelledArea(object: number): number {
    return this.known[object].area;
  }

  /**
   * How far an object's label leads over all others in its cells, compared with the labelled frame: 0 = others claim
   * these cells as much, 1 = none does.
   * @param object from 0 on.
   */
  lead(object: number, { mass }: ObjectSignals): number {
    const share = mass / this.known[object].mass;
    return Math.min(1, Math.max(0, (share - 0.5) / (UNCLAIMED - 0.5)));
  }

  /** Where an object was seen last, cells; undefined after a cut. @param object from 0 on. */
  lastPlace(object: number): Point | undefined {
    return this.known[object].centres[0];
  }

  /**
   * The signals of the next frame's objects, by label from 1 on; undefined for one without any cell. `remember` then
   * takes those to keep.
   * @param anew by object: it comes back or just did, and is compared with what was given, not with the latest frames.
   */
  next(seen: SeenFrame, weights: Float32Array, anew: readonly boolean[] = []): (ObjectSignals | undefined)[] {
    const won = strongestLabels(weights, this.labels);
    const shapes = this.shapes(weights, won);
    const signals = shapes.map((shape, i) => {
      if (shape.centre === undefined) return undefined;
      const known = anew[i] ? asGiven(this.known[i]) : this.known[i];
      return this.measure(known, shape, seen, sampleCells(seen.features, othersOf(won, i + 1)));
    });
    this.latest = shapes.map((shape, i) => ({ ...shape, ...(signals[i] && { likeness: signals[i].likeness }) }));
    return signals;
  }

  /**
   * Areas and places of the latest frame are those that the next is compared with; `anew`: and no earlier ones. Its
   * likeness is one of those of an object that can be seen, unless it is found anew.
   * @param how by object.
   */
  remember(how: readonly ("yes" | "no" | "anew")[]): void {
    for (const [i, { cells, centre, likeness }] of this.latest.entries()) {
      const { areas, centres, likenesses } = this.known[i];
      if (how[i] === "yes" && likeness !== undefined) likenesses.unshift(likeness);
      likenesses.length = Math.min(likenesses.length, LIKENESSES);
      if (how[i] === "anew") areas.length = centres.length = 0;
      if (how[i] !== "no" && centre !== undefined) remember(this.known[i], cells.length, centre);
    }
  }

  /**
   * The labels of the latest frame are known: these areas and places are remembered in place of what was found.
   * @param weights `[cells, labels]`.
   * @returns by object: whether it has a cell.
   */
  correct(weights: Float32Array): boolean[] {
    const known = this.shapes(weights, strongestLabels(weights, this.labels));
    for (const [i, { areas, centres, likenesses }] of this.known.entries()) {
      const { centre, likeness } = this.latest[i] ?? {};
      if (centres[0] !== centre) continue;
      areas.shift();
      centres.shift();
      if (likenesses[0] === likeness) likenesses.shift();
    }
    this.latest = known;
    this.remember(known.map(() => "yes"));
    return known.map(({ centre }) => centre !== undefined);
  }

  /** By object. The labelled frame is not part of it: a meter is resumed with the same one. */
  state(): RecentShapes[] {
    return this.known.map(({ areas, centres, likenesses }) => ({
      areas: [...areas],
      centres: [...centres],
      likenesses: [...likenesses],
    }));
  }

  resume(recent: readonly RecentShapes[]): void {
    for (const [i, { areas, centres, likenesses }] of this.known.entries()) {
      areas.splice(0, areas.length, ...recent[i].areas);
      centres.splice(0, centres.length, ...recent[i].centres);
      likenesses.splice(0, likenesses.length, ...recent[i].likenesses);
    }
  }

  /** Earlier places and areas say nothing about the next frames. */
  forget(): void {
    for (const { areas, centres } of this.known) areas.length = centres.length = 0;
  }

  private measure(known: Known, shape: LabelShape, { frame, features }: SeenFrame, others: CellSample): ObjectSignals {
    const { cells, mass, overlap } = shape;
    const keys = thinOut(cells, KEYS);
    const back = leading(sampleCells(features, thinOut(cells, QUERIES)), known.keys, known.others);
    const found = leading(known.queries, sampleCells(features, keys), others);
    const matched = found.keys.map((key) => keys[key]);
    const [own, ownKeys] = [thinOut(cells, QUERIES), keys].map((some) => cellColours(frame, this.grid, some));
    const differences = [
      colourDifference(own, known.keyColours, back.keys),
      colourDifference(known.queryColours, ownKeys, found.keys),
    ];
    const isLarge = Math.min(cells.length, known.area) >= LEAST_TINTED;
    const usual = known.likenesses.length > 0 ? median(known.likenesses) : USUAL_LIKENESS;
    return {
      mass,
      overlap,
      back: back.share,
      similarity: back.similarity,
      found: found.share,
      likeness: found.similarity,
      layout: sameLayout(known.queries.cells, matched, this.grid.width),
      tint: isLarge ? Math.min(...differences.map(({ tint }) => tint)) : 0,
      mottle: isLarge ? Math.min(...differences.map(({ mottle }) => mottle)) : 0,
      estrangement: usual - found.similarity,
      sprawl: Math.max(0, Math.log(spreadOf(cells, this.grid.width) / known.spread)),
      areaJump: known.areas.length > 0 ? Math.abs(Math.log(cells.length / median(known.areas))) : 0,
      placeJump: placeJump(known.centres, shape) / Math.sqrt(cells.length),
    };
  }

  private shapes(weights: Float32Array, won: Uint8Array): LabelShape[] {
    const { labels, grid } = this;
    return Array.from({ length: labels - 1 }, (_, i) => labelShape(weights, won, { label: i + 1, labels, grid }));
  }
}

/**
 * As `thinOut` of all cells of other labels, without a list of them all: it is made for every object in every frame.
 */
function othersOf(won: Uint8Array, label: number): number[] {
  const total = won.reduce((count, one) => count + Number(one !== label), 0);
  const wanted = spreadEvenly(total, OTHERS);
  const cells: number[] = [];
  for (let cell = 0, seen = 0; cells.length < wanted.length; cell++) {
    if (won[cell] === label) continue;
    if (seen === wanted[cells.length]) cells.push(cell);
    seen++;
  }
  return cells;
}

/** An object too small to win a cell is where its weight is highest. */
function heaviestCell(weights: Float32Array, labels: number, label: number): number {
  let best = 0;
  for (let cell = 1; cell * labels < weights.length; cell++)
    if (weights[cell * labels + label] > weights[best * labels + label]) best = cell;
  return best;
}

/** What an object that comes back is compared with: how large it was given, wherever it is. */
function asGiven(known: Known): Known {
  return { ...known, areas: [known.area], centres: [] };
}

function remember(known: Known, area: number, centre: { readonly x: number; readonly y: number }): void {
  known.areas.unshift(area);
  known.areas.length = Math.min(known.areas.length, HISTORY);
  known.centres.unshift(centre);
  known.centres.length = Math.min(known.centres.length, 2);
}

/**
 * How spread out cells are: the mean square of their distances from their centre, as a part of their number. 0.16 for a
 * full disc, more for what is long or lies in pieces. A cell is a square: one alone has 1/6.
 */
function spreadOf(cells: readonly number[], width: number): number {
  const [columns, rows] = [cells.map((cell) => cell % width), cells.map((cell) => Math.floor(cell / width))];
  return (varianceOf(columns) + varianceOf(rows) + 1 / 6) / cells.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** How far the centre is from where it was heading, cells. */
function placeJump([last, before = last]: Known["centres"], { centre }: LabelShape): number {
  if (last === undefined || centre === undefined) return 0;
  return Math.hypot(centre.x - 2 * last.x + before.x, centre.y - 2 * last.y + before.y);
}
