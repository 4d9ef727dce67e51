/**
 * @file An object is one thing near where it was: parts of its label that lie far from it, and not where it was, are
 * islands on something else that looks like it, and go to the background before anything is measured or copied.
 */
import { connectedParts } from "../../core/connectedParts.ts";
import { giveToBackground, strongestLabels } from "./labelShape.ts";

/** A part of an object may be so far from it, in cells, or in roots of its area, whichever is more. */
const LEAST_REACH = 3;
const REACH = 0.75;
/** Parts that were apart in the labelled frame may be farther apart later by this factor. */
const SLACK = 1.5;

/** A connected part of a label and the cells that it spans. */
interface Part {
  readonly cells: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Takes islands out of the cells of one clip's objects, frame by frame. */
export class Islands {
  private readonly labels: number;
  private readonly width: number;
  /** By object: how far apart its parts are in the labelled frame, in roots of its area. */
  private readonly gaps: readonly number[];
  /** The strongest label of every cell in the latest frame. */
  private latest: Uint8Array;

  /** @param weights `[cells, labels]` of the labelled frame; label 0 is the background. @param width of the grid. */
  constructor(weights: Float32Array, labels: number, width: number) {
    this.labels = labels;
    this.width = width;
    this.latest = strongestLabels(weights, labels);
    this.gaps = this.partsOf(this.latest).map((parts) => {
      if (parts.length === 0) return 0;
      const main = largest(parts);
      return Math.max(...parts.map((part) => gap(part, main))) / Math.sqrt(areaOf(parts));
    });
  }

  /** Where objects were no longer says where they are. */
  forget(): void {
    this.latest = new Uint8Array(this.latest.length);
  }

  /** @param weights `[cells, labels]` of the latest frame. */
  resume(weights: Float32Array): void {
    this.latest = strongestLabels(weights, this.labels);
  }

  /**
   * The weights of islands in the next frame go to the background. An object is the part that covers most of where it
   * was, or the largest where none does.
   * @param weights `[cells, labels]`, changed in place.
   */
  clear(weights: Float32Array): void {
    const won = strongestLabels(weights, this.labels);
    for (const [object, parts] of this.partsOf(won).entries()) {
      if (parts.length < 2) continue;
      const label = object + 1;
      const kept = parts.map(({ cells }) => this.keptBy(cells, label));
      const main = Math.max(...kept) > 0 ? parts[kept.indexOf(Math.max(...kept))] : largest(parts);
      const far = parts.filter((part, i) => kept[i] === 0 && gap(part, main) > this.reach(object, main));
      for (const cell of far.flatMap(({ cells }) => cells)) giveToBackground(weights, this.labels, label, cell);
    }
    this.latest = strongestLabels(weights, this.labels);
  }

  /** By object. */
  private partsOf(won: Uint8Array): Part[][] {
    const out = Array.from({ length: this.labels - 1 }, (): Part[] => []);
    for (const cells of connectedParts(won, this.width)) out[won[cells[0]] - 1].push(partOf(cells, this.width));
    return out;
  }

  /** How many of a part's cells the object had in the frame before. */
  private keptBy(cells: readonly number[], label: number): number {
    return cells.reduce((sum, cell) => sum + Number(this.latest[cell] === label), 0);
  }

  private reach(object: number, main: Part): number {
    return Math.max(LEAST_REACH, Math.max(REACH, SLACK * this.gaps[object]) * Math.sqrt(main.cells.length));
  }
}

function partOf(cells: readonly number[], width: number): Part {
  let [left, right, top, bottom] = [width, -1, Number.POSITIVE_INFINITY, -1];
  for (const cell of cells) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { cells, left, right, top, bottom };
}

/** Cells between what two parts span; 0 where these touch or overlap. */
function gap(a: Part, b: Part): number {
  const x = Math.max(a.left - b.right, b.left - a.right) - 1;
  const y = Math.max(a.top - b.bottom, b.top - a.bottom) - 1;
  return Math.max(0, x, y);
}

function largest(parts: readonly Part[]): Part {
  return parts.reduce((a, b) => (b.cells.length > a.cells.length ? b : a));
}

function areaOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { cells }) => sum + cells.length, 0);
}
