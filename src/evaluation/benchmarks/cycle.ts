/**
 * @file A score of a whole clip that needs no truth: the labels are carried to the last frame and back to the first,
 * where they should be what was given. Without any labels a grid of squares is carried. Ranks settings and weights on a
 * clip (docs/confidence.md says how well); a tracker that moves nothing at all would get full marks, so it compares
 * only those that track.
 */
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { Mode } from "../../tracking/modes.ts";
import { propagateMasks, type TrackedFrame } from "../../tracking/propagation.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { labelOverlaps } from "../../metrics/labelOverlap.ts";

/** What is scored, on what. */
export interface CycleOptions extends Threads {
  readonly encoder: FeatureExtractor;
  readonly source: FrameSource;
  /** Labels of the first frame, no void; default a grid of squares, see `gridLabels`. */
  readonly first?: LabelMap | undefined;
  readonly protocol: Protocol;
  readonly mode?: Mode | undefined;
  /** Only so many frames, at least 2; default all. */
  readonly maxFrames?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called for every frame of the forward pass, in order, the first included. */
  readonly onFrame?: (tracked: TrackedFrame, index: number) => void | Promise<void>;
}

/** How well the labels came back. */
export interface CycleScore {
  /** Mean IoU over the objects between what was given and what came back, 0..1. */
  readonly score: number;
  /** By label. */
  readonly objects: Readonly<Record<string, number>>;
}

/** Carries labels forward and back. @throws UserError those of `propagateMasks` */
export async function cycleScore(options: CycleOptions): Promise<CycleScore> {
  const { source, maxFrames = source.frameCount, onFrame, ...rest } = options;
  const end = Math.min(maxFrames, source.frameCount);
  const { first = gridLabels(source.width, source.height) } = options;
  // Squares are no objects, so whether one can be seen cannot be judged.
  const setup =
    options.first === undefined ? { ...rest, protocol: { ...rest.protocol, visibility: "always" as const } } : rest;
  let last = first;
  let index = 0;
  for await (const tracked of propagateMasks({ ...setup, source: source.frames({ end }), first })) {
    await onFrame?.(tracked, index++);
    last = tracked.labels;
  }
  const back = last.data.some((label) => label !== 0) ? await carriedBack(setup, source, end, last) : last;
  return compare(first, back);
}

async function carriedBack(
  setup: Omit<CycleOptions, "source">,
  source: FrameSource,
  end: number,
  last: LabelMap,
): Promise<LabelMap> {
  let back = last;
  for await (const { labels } of propagateMasks({ ...setup, source: backwards(source, end), first: last }))
    back = labels;
  return back;
}

async function* backwards(source: FrameSource, end: number): AsyncGenerator<Frame, void, void> {
  for (let index = end - 1; index >= 0; index--) yield source.frame(index);
}

/** Squares along the shorter side of the grid. */
const SQUARES = 4;

/**
 * A picture full of squares, labelled 1, 2, … row by row; about 4 along the shorter side, with nothing between them.
 */
export function gridLabels(width: number, height: number): LabelMap {
  const square = Math.min(width, height) / SQUARES;
  const [columns, rows] = [Math.round(width / square), Math.round(height / square)];
  const data = new Uint8Array(width * height);
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height);
    for (let x = 0; x < width; x++, p++) data[p] = 1 + row * columns + Math.floor((x * columns) / width);
  }
  return { width, height, data };
}

function compare(given: LabelMap, back: LabelMap): CycleScore {
  const overlapOf = labelOverlaps(back, given);
  const labels = [...new Set(given.data)].filter((label) => label !== 0).sort((a, b) => a - b);
  const values = labels.map((label) => overlapOf(label).iou);
  const objects = Object.fromEntries(labels.map((label, i) => [label, values[i]]));
  return { score: values.reduce((sum, value) => sum + value, 0) / values.length, objects };
}
