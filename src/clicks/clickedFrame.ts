/**
 * @file A region from clicks, each of which adds or takes away the part that was clicked. A part grows from the click over
 * cells that differ little, as long as its outline gets sharper, and not beyond where the frame's border, or a click of the
 * other kind, is nearer; then its outline is drawn along the picture's edges (boxOutline.ts). Nothing here is learned from
 * masks.
 */
import { connectedParts } from "../core/connectedParts.ts";
import { UserError } from "../core/errors.ts";
import type { FeatureMap } from "../method/features.ts";
import { outlineIn, type PixelBox } from "../tracking/masks/boxOutline.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { CellGraph, type Distances } from "./cellGraph.ts";

/** A place that a person clicked. */
export interface Click {
  /** Pixels of the frame, origin at the corner of the first pixel. */
  readonly x: number;
  readonly y: number;
  /** Whether what is there belongs to the region, or does not. */
  readonly inside: boolean;
}

/** Cells of the smallest part, and the share of the frame that the first one has at most. */
const LEAST_CELLS = 12;
const MOST_SHARE = 0.6;
/** What is corrected is smaller than the rest: shares of the region that one more click adds or takes away at most. */
const MOST_ADDED = 1;
const MOST_TAKEN = 0.5;
/** How much a larger first part is preferred, see `Limits`. */
const LARGER = 0.15;
/** The share of the frame's border that is nearest to what was clicked, which may belong to it. */
const OWN_BORDER = 0.3;
/** How likely the part's rim is of it, and at most what lies around it, 0..1. */
const RIM = 0.55;
const BESIDE = 0.45;
/** Of the latter, the share of what is nearer to the outside. */
const BEYOND = 0.3;
/** How far around the part its outline is looked for, a share of √area. */
const AROUND = 0.25;
/** Up to this share of the part's reach a cell belongs to it for sure. */
const CORE = 0.25;
/** Regions that are kept, so that one more click takes the time of one. */
const MOST_KEPT = 8;

/** A frame that may be clicked any number of times. */
export class ClickedFrame {
  private readonly picture: RgbPicture;
  private readonly graph: CellGraph;
  private readonly kept = new Map<string, Uint8Array>();

  /**
   * @param picture of the size that masks shall have.
   * @param features of it, of whatever size it had when it was encoded.
   */
  constructor(picture: RgbPicture, features: FeatureMap) {
    this.picture = picture;
    this.graph = new CellGraph(picture, features);
  }

  /**
   * The region that the clicks mean, as label 1. The same clicks in the same order give the same pixels.
   * @throws UserError `clicks/outside` for a click beside the frame
   */
  region(clicks: readonly Click[]): LabelMap {
    const { width, height } = this.picture;
    for (const click of clicks) this.requireWithin(click);
    return { width, height, data: this.after(clicks).slice() };
  }

  /** `[height, width]`, kept for the next click. */
  private after(clicks: readonly Click[]): Uint8Array {
    const key = JSON.stringify(clicks.map(({ x, y, inside }) => [x, y, inside]));
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const { width, height } = this.picture;
    const click = clicks.at(-1);
    const mask =
      click === undefined
        ? new Uint8Array(width * height)
        : this.withClick(this.after(clicks.slice(0, -1)), click, clicks.slice(0, -1));
    this.kept.set(key, mask);
    for (const oldest of this.kept.keys()) if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
    return mask;
  }

  private withClick(mask: Uint8Array, click: Click, before: readonly Click[]): Uint8Array {
    if (!click.inside && mask[this.pixelAt(click)] === 0) return mask;
    const part = this.outlined(this.grown(click, before, mask), click);
    return mask.map((one, p) => (click.inside ? one | part[p] : one & ~part[p]));
  }

  private requireWithin({ x, y }: Click): void {
    const { width, height } = this.picture;
    if (x >= 0 && y >= 0 && x < width && y < height) return;
    throw new UserError("clicks/outside", {
      what: "the click lies outside the frame",
      got: `${x},${y}`,
      expected: `x from 0 to below ${width}, y from 0 to below ${height}`,
    });
  }

  private pixelAt({ x, y }: Click): number {
    return Math.floor(y) * this.picture.width + Math.floor(x);
  }

  private cellAt({ x, y }: Click): number {
    const { graph, picture } = this;
    const [column, row] = [(x / picture.width) * graph.width, (y / picture.height) * graph.height];
    return Math.floor(row) * graph.width + Math.floor(column);
  }

  /** Which cells. @param mask what a part is taken from. */
  private grown(click: Click, before: readonly Click[], mask: Uint8Array): GrownPart {
    const { graph } = this;
    const seed = this.cellAt(click);
    const own = graph.distancesFrom([seed], graph.unlikeness([seed]));
    const others = before.flatMap((one) => (one.inside === click.inside ? [] : [this.cellAt(one)]));
    const rivals = others.filter((cell) => cell !== seed);
    const beyond = graph.distancesFrom(click.inside ? [...this.farBorder(own), ...rivals] : rivals).to;
    const within = this.cellsWithin(mask);
    const candidates = own.order.filter(
      (cell) => cell === seed || (own.to[cell] <= beyond[cell] && (click.inside || within[cell] === 1)),
    );
    const size = within.reduce((sum, one) => sum + one, 0);
    const cells = candidates.subarray(0, sharpest(graph, candidates, limits(click, size, graph.cells)));
    const away = rivals.length === 0 ? undefined : graph.distancesFrom(rivals).to;
    return { cells, own, beyond, away, reach: Math.max(own.to[cells[cells.length - 1]], Number.EPSILON) };
  }

  /** Cells whose middle pixel is in the mask, `[cells]`. */
  private cellsWithin(mask: Uint8Array): Uint8Array {
    const { graph, picture } = this;
    return Uint8Array.from({ length: graph.cells }, (_, cell) => {
      const x = Math.floor((((cell % graph.width) + 0.5) / graph.width) * picture.width);
      const y = Math.floor(((Math.floor(cell / graph.width) + 0.5) / graph.height) * picture.height);
      return mask[y * picture.width + x];
    });
  }

  /** The part of the border that is far from what was clicked: background. */
  private farBorder({ to }: Distances): number[] {
    const border = [...to.keys()].filter((cell) => this.graph.isAtBorder(cell));
    const near = border.map((cell) => to[cell]).toSorted((a, b) => a - b)[Math.floor(border.length * OWN_BORDER)];
    return border.filter((cell) => to[cell] >= near);
  }

  /** The grown cells, outlined along the picture's edges, `[height, width]`; only what is joined to the click. */
  private outlined(part: GrownPart, click: Click): Uint8Array {
    const { width, height } = this.picture;
    const box = this.searchBox(part.cells);
    const cells = this.cellsIn(box);
    const likely = this.likelihood(part);
    const { mask } = outlineIn(
      this.picture,
      box,
      [],
      Uint8Array.from(cells, (cell) => likely[cell]),
    );
    const found = mask.map((drawn, p) => (isIn(part, cells[p], drawn === 1) ? 1 : 0));
    const across = box.right - box.left;
    const clicked = (Math.floor(click.y) - box.top) * across + Math.floor(click.x) - box.left;
    const joined = connectedParts(found, across).find((pixels) => pixels.includes(clicked)) ?? [];
    const out = new Uint8Array(width * height);
    for (const p of joined) out[(box.top + Math.floor(p / across)) * width + box.left + (p % across)] = 1;
    return out;
  }

  private searchBox(cells: Int32Array): PixelBox {
    const { graph, picture } = this;
    const [across, down] = [picture.width / graph.width, picture.height / graph.height];
    const by = AROUND * Math.sqrt(cells.length * across * down);
    let [left, top, right, bottom] = [graph.width, graph.height, 0, 0];
    for (const cell of cells) {
      const [x, y] = [cell % graph.width, Math.floor(cell / graph.width)];
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    }
    return {
      left: Math.max(0, Math.round(left * across - by)),
      top: Math.max(0, Math.round(top * down - by)),
      right: Math.min(picture.width, Math.round(right * across + by)),
      bottom: Math.min(picture.height, Math.round(bottom * down + by)),
    };
  }

  /** The cell of each pixel of a box, `[height, width]` of the box. */
  private cellsIn({ left, top, right, bottom }: PixelBox): Int32Array {
    const { graph, picture } = this;
    const out = new Int32Array((right - left) * (bottom - top));
    for (let y = top, i = 0; y < bottom; y++) {
      const row = Math.floor(((y + 0.5) / picture.height) * graph.height) * graph.width;
      for (let x = left; x < right; x++, i++) out[i] = row + Math.floor(((x + 0.5) / picture.width) * graph.width);
    }
    return out;
  }

  /** How likely each cell is of the part, `[cells]`, 0..255. */
  private likelihood({ cells, own, beyond, reach }: GrownPart): Uint8Array {
    const isGrown = new Uint8Array(this.graph.cells);
    for (const cell of cells) isGrown[cell] = 1;
    return Uint8Array.from(own.to, (far, cell) => {
      if (isGrown[cell] === 1) return 255 * (1 - (1 - RIM) * (far / reach));
      return 255 * BESIDE * Math.max(0, 2 - far / reach) * (far < beyond[cell] ? 1 : BEYOND);
    });
  }
}

/** What grew from a click. */
interface GrownPart {
  /** The nearest first. */
  readonly cells: Int32Array;
  readonly own: Distances;
  /** How far the border and clicks of the other kind are. */
  readonly beyond: Float32Array;
  /** How far clicks of the other kind are; undefined without any. */
  readonly away: Float32Array | undefined;
  /** How far its farthest cell is. */
  readonly reach: number;
}

/** What was drawn, but for what the clicks say for sure. */
function isIn({ own, away, reach }: GrownPart, cell: number, isDrawn: boolean): boolean {
  const far = own.to[cell];
  if (away !== undefined && away[cell] < far) return false;
  return isDrawn || far <= CORE * reach;
}

/** What a part may be like. */
interface Limits {
  /** Cells. */
  readonly most: number;
  /** The power of its area that the mean sharpness of its outline is multiplied by. */
  readonly larger: number;
}

/** @param size cells of the region so far. */
function limits({ inside }: Click, size: number, all: number): Limits {
  if (size === 0) return { most: MOST_SHARE * all, larger: LARGER };
  return { most: Math.max(LEAST_CELLS, (inside ? MOST_ADDED : MOST_TAKEN) * size), larger: 0 };
}

/** How many of the cells, in their order, make the part whose outline is sharpest for its size. */
function sharpest(graph: CellGraph, order: Int32Array, { most, larger }: Limits): number {
  const isIn = new Uint8Array(graph.cells);
  let [sum, length, atBorder, best, bestScore] = [0, 0, 0, Math.min(order.length, LEAST_CELLS), 0];
  for (let n = 0; n < Math.min(order.length, most); n++) {
    const cell = order[n];
    isIn[cell] = 1;
    if (graph.isAtBorder(cell)) atBorder++;
    for (const other of graph.sidesOf(cell)) {
      const sign = isIn[other] === 1 ? -1 : 1;
      sum += sign * graph.differenceBetween(cell, other);
      length += sign;
    }
    // Along the frame's border there is an outline that nothing can be seen of.
    const score = (sum / Math.max(1, length + atBorder)) * (n + 1) ** larger;
    if (n + 1 < LEAST_CELLS || score <= bestScore) continue;
    [best, bestScore] = [n + 1, score];
  }
  return best;
}
