/** @file JHMDB: 15 joints of a person, given in the first frame, scored by PCK in all others. */
import { internal } from "../core/errors.ts";
import { type JointClip, pckScore, type PckScore } from "./pck.ts";
import type { TrackedSequence } from "./pointBenchmark.ts";
import type { ClipScores } from "./pointFiles.ts";

/** PCK of each sequence and of all together. */
export function jhmdbScores(sequences: readonly TrackedSequence[]): ClipScores<PckScore> {
  const clips = sequences.map((sequence) => ({ name: sequence.annotation.sequence, clip: jointClip(sequence) }));
  return {
    clips: Object.fromEntries(clips.map(({ name, clip }) => [name, pckScore([clip])])),
    all: pckScore(clips.map(({ clip }) => clip)),
  };
}

function jointClip({ annotation: { frames, names }, indices, tracks }: TrackedSequence): JointClip {
  const found = new Map(tracks.map((point) => [`${point.frame} ${point.name}`, point]));
  return {
    truth: frames.map(({ joints }) => joints),
    predicted: indices.map((frame, i) =>
      names.map((name, joint) => {
        const point = found.get(`${frame} ${name}`);
        if (point === undefined && frames[0].joints[joint] !== null)
          throw internal(`no track of ${name} in frame ${i}`);
        return point ?? null;
      }),
    ),
  };
}
