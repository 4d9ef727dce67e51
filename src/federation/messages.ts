/**
 * @file What a site and the coordinator say to each other. Sites only call out. Beside the weights themselves, this
 * is all that passes between them: whoever adds to it adds to what leaves a site.
 */
import { z } from "zod";

/** Changes when the messages, or what they mean, change. */
export const PROTOCOL = 1;

/** SHA-256 of a file of weights. */
export const hashOf = z.string().regex(/^[0-9a-f]{64}$/u);
const federation = z.string().regex(/^[0-9a-f]{1,64}$/u);
const round = z.int().min(1).max(100_000);

/** A site asks what to do. */
export const helloSchema = z.strictObject({
  protocol: z.int(),
  /** Of tsumugi. */
  version: z.string().max(40),
});
export type Hello = z.output<typeof helloSchema>;

/** In every answer. */
const always = {
  /** Of the federation. */
  federation,
  /** The common weights. */
  weights: hashOf,
  /** The round that ended last; null before the first has. */
  last: z.strictObject({ round, kept: z.boolean(), reason: z.string().max(1000) }).nullable(),
};

/** What the coordinator wants. */
export const turnSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("train"),
    ...always,
    round,
    variant: z.string(),
    /** Unless the site says otherwise. */
    steps: z.int().min(1),
    seed: z.int().min(0),
    /** Keys of the training configuration. */
    config: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    do: z.literal("score"),
    ...always,
    round,
    /** What is to be compared with them. */
    candidate: hashOf,
  }),
  z.strictObject({ do: z.literal("wait"), ...always, seconds: z.number().min(0).max(3600), why: z.string().max(1000) }),
  z.strictObject({ do: z.literal("end"), ...always }),
]);
export type Turn = z.output<typeof turnSchema>;

/** Beside the bytes of an update. */
export const updateQuery = z.strictObject({
  /** That the site learned from. */
  frames: z.coerce.number().int().min(1).max(1e9),
});

/** Stretches that a site may be judged by. */
const MOST_STRETCHES = 64;
const trialScores = z
  .array(
    z.strictObject({
      stretch: z
        .int()
        .min(0)
        .max(MOST_STRETCHES - 1),
      kind: z.enum(["made", "cycle"]),
      score: z.number().min(0).max(1),
    }),
  )
  .max(2 * MOST_STRETCHES);

/** Scores without labels of the common weights, and of what was learned. */
export const scoresSchema = z.strictObject({ before: trialScores, after: trialScores });
export type SiteScores = z.output<typeof scoresSchema>;
