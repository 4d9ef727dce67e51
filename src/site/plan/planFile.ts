/** @file `labels/split.json` and `plan/plan.json`: which frames are labelled, what for, and in which order. */
import { z } from "zod";

/**
 * What a label is for: `start`: given to the tracker; `tuning`: may be given as a correction, and tuned on; `verdict`:
 * never given and never tuned on, the prediction is measured by it.
 */
export const ROLES = ["start", "tuning", "verdict"] as const;
export type Role = (typeof ROLES)[number];

const frame = z.int().min(0);

export const splitSchema = z.strictObject({
  format: z.literal(1),
  /** In the order in which they are to be labelled; each is drawn once and for all. */
  passages: z.array(
    z.strictObject({
      key: z.string(),
      clip: z.string(),
      camera: z.string(),
      start: frame,
      end: frame,
      verdict: z.array(frame),
      /** Besides the first frame, which is where it starts. */
      tuning: z.array(frame),
    }),
  ),
});
/** The contents of `labels/split.json`. */
export type Split = z.output<typeof splitSchema>;
/** A passage with its frames. */
export type PlannedPassage = Split["passages"][number];

/** The file without a plan. */
export const EMPTY_SPLIT: Split = { format: 1, passages: [] };

/** A frame to label. */
export interface PlannedFrame {
  readonly clip: string;
  readonly camera: string;
  readonly passage: string;
  readonly frame: number;
  readonly role: Role;
}

/**
 * All frames in the order in which to label them. The passages come one by one, each with its verdict frames, so that
 * stopping early leaves the best verdict that so many labels can give; frames for tuning follow.
 */
export function plannedFrames({ passages }: Split): PlannedFrame[] {
  const first = passages.flatMap((passage) => [
    framed(passage, passage.start, "start"),
    ...passage.verdict.map((frame) => framed(passage, frame, "verdict")),
  ]);
  return [...first, ...passages.flatMap((passage) => passage.tuning.map((frame) => framed(passage, frame, "tuning")))];
}

function framed({ clip, camera, key }: PlannedPassage, frame: number, role: Role): PlannedFrame {
  return { clip, camera, passage: key, frame, role };
}
