/**
 * @file The scores of TAP-Vid (Doersch et al. 2022), as tapnet's `compute_tapvid_metrics` computes them: occlusion
 * accuracy OA, the share of visible points within 1, 2, 4, 8 and 16 pixels (mean: δ_avg) and the Jaccard index of both
 * together (mean: AJ).
 */
import type { FrameSize } from "../annotations/point.ts";
import { isVisible, type Verdict } from "../annotations/verdict.ts";
import { internal } from "../core/errors.ts";
import type { Point } from "../video/point.ts";

/** Pixels of a frame resized to `TAPVID_SIZE`. */
export const TAPVID_THRESHOLDS: readonly number[] = [1, 2, 4, 8, 16];

/** Frames are squashed to this width and height before distances are taken. */
export const TAPVID_SIZE = 256;

/** Frames between two queries of a point in the strided mode. */
export const QUERY_STRIDE = 5;

/**
 * `first`: a point is queried where it is first visible, and scored in the frames after that; `strided`: it is queried
 * in every fifth frame where it is visible, and scored in all other frames, before and after.
 */
export type QueryMode = "first" | "strided";

/** One query: its true and predicted track, both in pixels of the 256 × 256 frame, one entry per frame. */
export interface TapVidTrack {
  /** Frame of the query. */
  readonly query: number;
  /** Where it is not visible, x and y do not count. */
  readonly truth: readonly (Point & Verdict)[];
  readonly predicted: readonly (Point & Verdict)[];
}

/** All values 0..1; NaN where nothing was scored. */
export interface TapVidScore {
  /** AJ. */
  readonly averageJaccard: number;
  /** δ_avg. */
  readonly averageWithin: number;
  /** OA. */
  readonly occlusionAccuracy: number;
  readonly thresholds: readonly number[];
  /** Per threshold. */
  readonly within: readonly number[];
  /** Per threshold. */
  readonly jaccard: readonly number[];
  /** Queries. */
  readonly tracks: number;
}

/** A position in a frame of `size` as one in the 256 × 256 frame. */
export function toTapVid({ x, y }: Point, size: FrameSize): Point {
  return { x: (x * TAPVID_SIZE) / size.width, y: (y * TAPVID_SIZE) / size.height };
}

/** Frames in which a point is queried; none for a point that is never visible. @param visible per frame. */
export function queryFrames(visible: readonly boolean[], mode: QueryMode): number[] {
  const frames = visible.flatMap((seen, frame) => (seen ? [frame] : []));
  return mode === "first" ? frames.slice(0, 1) : frames.filter((frame) => frame % QUERY_STRIDE === 0);
}

/** The scores of one video; those of a data set are the means over its videos, see `meanTapVidScore`. */
export function tapVidScore(tracks: readonly TapVidTrack[], mode: QueryMode): TapVidScore {
  const samples = tracks.flatMap((track) => samplesOf(track, mode));
  const visible = count(samples, ({ truth }) => truth);
  const within = TAPVID_THRESHOLDS.map((t) => count(samples, ({ truth, square }) => truth && square < t * t) / visible);
  const jaccard = TAPVID_THRESHOLDS.map((t) => {
    const hits = count(samples, ({ truth, predicted, square }) => truth && predicted && square < t * t);
    const wrong = count(samples, ({ truth, predicted, square }) => predicted && (!truth || square >= t * t));
    return hits / (visible + wrong);
  });
  return {
    averageJaccard: mean(jaccard),
    averageWithin: mean(within),
    occlusionAccuracy: count(samples, ({ truth, predicted }) => truth === predicted) / samples.length,
    thresholds: TAPVID_THRESHOLDS,
    within,
    jaccard,
    tracks: tracks.length,
  };
}

/** Mean over the videos that have scored frames. */
export function meanTapVidScore(scores: readonly TapVidScore[]): TapVidScore {
  const known = scores.filter(({ averageJaccard }) => !Number.isNaN(averageJaccard));
  const each = (values: (score: TapVidScore) => readonly number[]): number[] =>
    TAPVID_THRESHOLDS.map((_, t) => mean(known.map((score) => values(score)[t])));
  return {
    averageJaccard: mean(known.map((score) => score.averageJaccard)),
    averageWithin: mean(known.map((score) => score.averageWithin)),
    occlusionAccuracy: mean(known.map((score) => score.occlusionAccuracy)),
    thresholds: TAPVID_THRESHOLDS,
    within: each((score) => score.within),
    jaccard: each((score) => score.jaccard),
    tracks: scores.reduce((sum, { tracks }) => sum + tracks, 0),
  };
}

/**
 * One scored point in one frame: whether it is visible, whether it is predicted as visible, the squared distance in
 * pixels.
 */
interface Sample {
  readonly truth: boolean;
  readonly predicted: boolean;
  readonly square: number;
}

function samplesOf({ query, truth, predicted }: TapVidTrack, mode: QueryMode): Sample[] {
  if (truth.length !== predicted.length) throw internal(`${predicted.length} predicted of ${truth.length} frames`);
  return truth.flatMap((point, frame) => {
    if (mode === "first" ? frame <= query : frame === query) return [];
    const found = predicted[frame];
    const square = (found.x - point.x) ** 2 + (found.y - point.y) ** 2;
    return [{ truth: isVisible(point), predicted: isVisible(found), square }];
  });
}

const count = (samples: readonly Sample[], which: (sample: Sample) => boolean): number => samples.filter(which).length;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
