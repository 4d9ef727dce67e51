/**
 * @file BADJA: joints of animals on some frames of DAVIS clips, each given where it is first annotated and scored in
 * the annotated frames after it: by BADJA's own rule (Biggs et al. 2018: within 0.2 × the square root of the animal's
 * area) where the joint is visible, and as TAP-Vid.
 */
import { join } from "node:path";
import { pointFinder } from "../../annotations/annotations.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import type { TrackedSequence } from "./pointBenchmark.ts";
import type { ClipScores } from "./pointFiles.ts";
import { meanTapVidScore, tapVidScore, type TapVidScore, type TapVidTrack, toTapVid } from "../../metrics/tapVid.ts";

/** A joint is correct within this × √area. */
const TOLERANCE = 0.2;

/** All 0..1. */
export interface BadjaScore {
  /** Share of visible joints within 0.2 √area. */
  readonly pck: number;
  readonly tapVid: TapVidScore;
}

/**
 * Scores each sequence; `all` is the mean of the sequences.
 * @param masks folder of `SEQUENCE/00000.png`, the animal's masks.
 */
export async function badjaScores(
  sequences: readonly TrackedSequence[],
  masks: string,
): Promise<ClipScores<BadjaScore>> {
  const clips: Record<string, BadjaScore> = {};
  for (const sequence of sequences) clips[sequence.annotation.sequence] = await scoreOf(sequence, masks);
  const scores = Object.values(clips);
  return {
    clips,
    all: {
      pck: scores.reduce((sum, { pck }) => sum + pck, 0) / scores.length,
      tapVid: meanTapVidScore(scores.map(({ tapVid }) => tapVid)),
    },
  };
}

async function scoreOf({ annotation, indices, tracks }: TrackedSequence, masks: string): Promise<BadjaScore> {
  const { sequence, frames, objects, size } = annotation;
  const found = pointFinder(tracks.frames);
  const joints = objects.flatMap(({ name }, joint): TapVidTrack[] => {
    const truth = frames.map(({ points = [] }) => points[joint]);
    const query = truth.findIndex(isVisible);
    if (query < 0) return [];
    // Before its query a point has no track; those frames are not scored.
    const predicted = indices.map((frame, i) => found(frame, name) ?? truth[i]);
    return [{ query, truth, predicted }];
  });
  const scaled = joints.map(({ query, truth, predicted }) => ({
    query,
    truth: truth.map((point) => ({ ...point, ...toTapVid(point, size) })),
    predicted: predicted.map((point) => ({ ...point, ...toTapVid(point, size) })),
  }));
  const tolerances: number[] = [];
  for (const { image } of frames)
    tolerances.push(TOLERANCE * Math.sqrt(areaOf(await readMaskPng(join(masks, sequence, `${image}.png`)))));
  const hits = joints.flatMap(({ query, truth, predicted }) =>
    truth.flatMap((point, i) => {
      if (i <= query || !isVisible(point)) return [];
      return [Math.hypot(predicted[i].x - point.x, predicted[i].y - point.y) <= tolerances[i]];
    }),
  );
  return { pck: hits.filter(Boolean).length / hits.length, tapVid: tapVidScore(scaled, "first") };
}

/** Pixels of the animal, in a binary mask (0 and 255) or one of ids. */
function areaOf({ data }: LabelMap): number {
  const binary = !data.some((label) => label > 0 && label < VOID);
  return data.reduce((sum, label) => sum + Number(label > 0 && (binary || label < VOID)), 0);
}
