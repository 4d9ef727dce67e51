/**
 * @file What moves in a clip, without any label: regions of residual motion followed through time; each with a score and
 * the frame that shows it best.
 */
import type { Machine } from "../core/machine.ts";
import { type Logger, silent } from "../core/log.ts";
import type { CameraChoice } from "../motion/motionEstimator.ts";
import { MotionSequence } from "../motion/motionSequence.ts";
import { cellGrid } from "../motion/opticalFlow.ts";
import type { Box } from "../video/box.ts";
import { progressLine } from "../results/progressLine.ts";
import type { FrameSource } from "../video/frame.ts";
import { type MovingRegion, movingRegions } from "../motion/movingRegions.ts";
import { type Tube, Tubes } from "./tubes.ts";

/** Something that moves. */
export interface Discovery {
  /** 0..1: its share of all the motion in the clip that belongs to something. */
  readonly score: number;
  /** The frame that shows it best, and its box there, pixels. */
  readonly frame: number;
  readonly box: Box;
  /** Where it moves there: `[cells]` of a grid of `width` × `height` cells with sides of `cellPx` pixels. */
  readonly cells: readonly number[];
  readonly grid: { readonly width: number; readonly height: number; readonly cellPx: number };
  /** First and last frame in which it moves, and in how many it does. */
  readonly moves: { readonly first: number; readonly last: number; readonly frames: number };
}

/** What is looked at. */
export interface DiscoveryOptions extends Machine {
  readonly source: FrameSource;
  /** The most things; default 5. */
  readonly most?: number;
  /** Default `auto`. */
  readonly camera?: CameraChoice;
  readonly logger?: Logger;
  /** Aborting ends it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Working size of the flow, pixels of the shorter side. */
const SHORT_SIDE = 160;
/** What has less of the motion than this share of the strongest thing is left out. */
const LEAST_SHARE = 0.1;
/** What moves in fewer frames is a flicker. */
const LEAST_FRAMES = 3;

/** Reads the clip once. @returns the things, the best first. @throws UserError those of reading the clip */
export async function discoverThings(options: DiscoveryOptions): Promise<Discovery[]> {
  const { source, most = 5, camera = "auto", threads, logger = silent, signal } = options;
  const { width, height } = source;
  const grid = cellGrid(width, height, SHORT_SIDE);
  const tubes = new Tubes(grid.width);
  await using motion = new MotionSequence({ estimator: "flow", camera, threads, shortSide: SHORT_SIDE });
  const begin = performance.now();
  for await (const frame of source.frames()) {
    signal?.throwIfAborted();
    const map = await motion.next(frame);
    if (map.kind === "cut") tubes.cut();
    tubes.next(frame.index, map.kind === "motion" ? movingRegions(map, grid.cell) : []);
    const elapsed = (performance.now() - begin) / 1000;
    logger.progress(progressLine({ count: frame.index + 1, elapsed }, source.frameCount, "looking for motion:"));
  }
  const found = tubes.all.filter(({ frames }) => frames >= Math.min(LEAST_FRAMES, source.frameCount - 1));
  const all = found.reduce((sum, { strength }) => sum + strength, 0);
  const ranked = found.toSorted((a, b) => b.strength - a.strength);
  const enough = ranked.filter(({ strength }) => strength > 0 && strength >= LEAST_SHARE * ranked[0].strength);
  return enough.slice(0, most).map((tube) => discoveryOf(tube, tube.strength / all, { ...grid, frame: source }));
}

function discoveryOf(
  { best, firstFrame, lastFrame, frames }: Tube,
  score: number,
  grid: { width: number; height: number; cell: number; frame: { width: number; height: number } },
): Discovery {
  return {
    score,
    frame: best.frame,
    box: boxOf(best.region, grid.cell, grid.frame),
    cells: best.region.cells,
    grid: { width: grid.width, height: grid.height, cellPx: grid.cell },
    moves: { first: firstFrame, last: lastFrame, frames },
  };
}

/** Within the frame: the last cells may be cut off. */
function boxOf(
  { left, top, right, bottom }: MovingRegion,
  cell: number,
  { width, height }: { width: number; height: number },
): Box {
  const [x, y] = [left * cell, top * cell];
  return [x, y, Math.min(width, (right + 1) * cell) - x, Math.min(height, (bottom + 1) * cell) - y];
}
