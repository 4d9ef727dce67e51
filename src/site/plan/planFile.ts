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
  /** Each is drawn once and for all. */
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
  /** All their frames in the order in which to label them; a plan that grows appends to it. */
  order: z.array(z.strictObject({ passage: z.string(), frame })),
});
/** The contents of `labels/split.json`. */
export type Split = z.output<typeof splitSchema>;
/** A passage with its frames. */
export type PlannedPassage = Split["passages"][number];

/** The file without a plan. */
export const EMPTY_SPLIT: Split = { format: 1, passages: [], order: [] };

/** A frame to label. */
export interface PlannedFrame {
  readonly clip: string;
  readonly camera: string;
  readonly passage: string;
  readonly frame: number;
  readonly role: Role;
}

/** All frames in the order in which to label them. */
export function plannedFrames({ passages, order }: Split): PlannedFrame[] {
  const byKey = new Map(passages.map((passage) => [passage.key, passage]));
  return order.flatMap(({ passage: key, frame }) => {
    const passage = byKey.get(key);
    if (passage === undefined) return [];
    const { clip, camera } = passage;
    return [{ clip, camera, passage: key, frame, role: roleIn(passage, frame) }];
  });
}

/** What a frame of a passage is for; those that nobody planned may be given. */
export function roleIn({ verdict, start }: PlannedPassage, frame: number): Role {
  if (verdict.includes(frame)) return "verdict";
  return frame === start ? "start" : "tuning";
}

/**
 * Appends the frames that have no place yet. The passages come one by one, each with its verdict frames, so that
 * stopping early leaves the best verdict that so many labels can give; frames for tuning follow.
 */
export function withOrder(split: Split): Split {
  const keyOf = ({ passage, frame }: Split["order"][number]): string => `${passage} ${frame}`;
  const placed = new Set(split.order.map(keyOf));
  const first = split.passages.flatMap(({ key, start, verdict }) => framesOf(key, [start, ...verdict]));
  const tuning = split.passages.flatMap((passage) => framesOf(passage.key, passage.tuning));
  return { ...split, order: [...split.order, ...[...first, ...tuning].filter((one) => !placed.has(keyOf(one)))] };
}

function framesOf(passage: string, frames: readonly number[]): Split["order"] {
  return frames.map((frame) => ({ passage, frame }));
}
