/** @file JHMDB: 15 joints of a person, given in the first frame, scored by PCK in all others. */
import { join } from "node:path";
import { pointFinder, visiblePoints } from "../../annotations/annotations.ts";
import { internal } from "../../core/errors.ts";
import { type JointClip, pckScore, type PckScore } from "../../metrics/pck.ts";
import type { PointBenchmark, TrackedSequence } from "./pointBenchmark.ts";
import type { ClipScores } from "./pointFiles.ts";

/** The published size of the encoder's input, px: frames are squashed to a square. */
export const JHMDB_INPUT = { width: 320, height: 320 };

/**
 * Where JHMDB lies in a folder of data: `keypoints/JHMDB` and `segmentation/JHMDB`.
 * @param sequences default all that have joints
 */
export function jhmdbBenchmark(data: string, sequences?: readonly string[]): PointBenchmark {
  return {
    annotations: join(data, "keypoints/JHMDB"),
    frames: join(data, "segmentation/JHMDB/JPEGImages/240p"),
    given: "start",
    sequences,
  };
}

/** PCK of each sequence and of all together. */
export function jhmdbScores(sequences: readonly TrackedSequence[]): ClipScores<PckScore> {
  const clips = sequences.map((sequence) => ({ name: sequence.annotation.sequence, clip: jointClip(sequence) }));
  return {
    clips: Object.fromEntries(clips.map(({ name, clip }) => [name, pckScore([clip])])),
    all: pckScore(clips.map(({ clip }) => clip)),
  };
}

function jointClip({ annotation: { frames, objects }, indices, tracks }: TrackedSequence): JointClip {
  const found = pointFinder(tracks.frames);
  const truth = frames.map(visiblePoints);
  return {
    truth,
    predicted: indices.map((frame, i) =>
      objects.map(({ name }, joint) => {
        const point = found(frame, name);
        if (point === undefined && truth[0][joint] !== null) throw internal(`no track of ${name} in frame ${i}`);
        return point ?? null;
      }),
    ),
  };
}
