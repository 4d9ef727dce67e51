/**
 * @file Moving regions followed from frame to frame: each goes on in the region that overlaps its predicted place most
 * (best sum over all). What is not seen for some frames ends. Holds sums and one region of each tube, not its frames.
 */
import { assign } from "../core/assignment.ts";
import type { Resumable } from "../core/resumable.ts";
import type { MovingRegion } from "../motion/movingRegions.ts";

/** A thing that moved for some time. */
export interface Tube {
  /** From 1, in the order of the first frames. */
  readonly number: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Frames in which it moved. */
  readonly frames: number;
  /** Strength summed over all its cells and frames; that of regions at the edge counts less. */
  readonly strength: number;
  /** Where it is latest. */
  readonly latest: MovingRegion;
  /** The frame that shows it best, and where it is there. */
  readonly best: { readonly frame: number; readonly region: MovingRegion; readonly quality: number };
}

/** Overlap below which two regions are not the same thing. */
const LEAST_OVERLAP = 0.1;
/** Frames without motion after which a tube ends. */
const PATIENCE = 8;

/** All that passes from frame to frame. */
export interface TubesState {
  readonly open: readonly Tube[];
  readonly closed: readonly Tube[];
  readonly count: number;
}

/** Takes the regions of every frame in order. */
export class Tubes implements Resumable<TubesState> {
  private readonly width: number;
  private open: readonly Tube[] = [];
  private closed: readonly Tube[] = [];
  private count = 0;

  /** @param width of the grid, in cells. */
  constructor(width: number) {
    this.width = width;
  }

  /** All tubes so far, by their numbers. */
  get all(): Tube[] {
    return [...this.closed, ...this.open].sort((a, b) => a.number - b.number);
  }

  state(): TubesState {
    return { open: this.open, closed: this.closed, count: this.count };
  }

  resume({ open, closed, count }: TubesState): void {
    Object.assign(this, { open, closed, count });
  }

  /** The camera cut: nothing goes on. */
  cut(): void {
    this.closed = [...this.closed, ...this.open];
    this.open = [];
  }

  next(frame: number, regions: readonly MovingRegion[]): void {
    const { open, width } = this;
    const gains = open.flatMap(({ latest }) => regions.map((region) => overlapOf(latest, region, width)));
    const pairs = assign({ rows: open.length, columns: regions.length, gains }).filter(
      ([i, j]) => gains[i * regions.length + j] >= LEAST_OVERLAP,
    );
    const regionsOf = new Map(pairs);
    const taken = new Set(regionsOf.values());
    const followed = open.map((tube, i) => {
      const j = regionsOf.get(i);
      return j === undefined ? tube : longer(tube, frame, regions[j], gains[i * regions.length + j]);
    });
    const born = regions.filter((_, j) => !taken.has(j)).map((region) => tubeOf(++this.count, frame, region));
    const isOver = ({ lastFrame }: Tube): boolean => frame - lastFrame > PATIENCE;
    this.closed = [...this.closed, ...followed.filter(isOver)];
    this.open = [...followed.filter((tube) => !isOver(tube)), ...born];
  }
}

/** How well a frame shows a thing: much of it moves, and it is whole. */
const qualityOf = ({ strength, atEdge }: MovingRegion): number => strength * (1 - Math.min(1, 2 * atEdge)) ** 2;

const tubeOf = (number: number, frame: number, region: MovingRegion): Tube => ({
  number,
  firstFrame: frame,
  lastFrame: frame,
  frames: 1,
  strength: qualityOf(region),
  latest: region,
  // Not known to keep its form.
  best: { frame, region, quality: 0 },
});

/** @param overlap with the frame before: a region that keeps its form is the thing, not a part of it or its wake. */
function longer(tube: Tube, frame: number, region: MovingRegion, overlap: number): Tube {
  const quality = qualityOf(region) * overlap;
  return {
    ...tube,
    lastFrame: frame,
    frames: tube.frames + 1,
    strength: tube.strength + qualityOf(region),
    latest: region,
    best: quality > tube.best.quality ? { frame, region, quality } : tube.best,
  };
}

/**
 * Intersection over union of a region, carried on as it moves on its own, and another one. The camera's part of the way is
 * left out: between neighbouring frames it is small beside a region that can be seen.
 */
export function overlapOf(from: MovingRegion, to: MovingRegion, width: number): number {
  const [dx, dy] = from.flow.map(Math.round);
  const carried = new Set<number>();
  for (const cell of from.cells) {
    const x = (cell % width) + dx;
    if (x >= 0 && x < width) carried.add(cell + dx + dy * width);
  }
  let common = 0;
  for (const cell of to.cells) if (carried.has(cell)) common++;
  return common / (from.cells.length + to.cells.length - common);
}
