/** @file `federation.json`: how a federation learns, and everything that happened. Written whole at every change. */
import { z } from "zod";
import { hashOf, scoresSchema } from "./messages.ts";

const site = z.string();
const time = z.number();

export const settingsSchema = z.strictObject({
  rounds: z.int().min(1).max(100_000),
  /** A round needs so many. */
  minimumSites: z.int().min(1).max(10_000),
  /** Of training, at each site. */
  steps: z.int().min(1),
  /** For each half of a round (learning, comparing), from when enough sites have begun it. */
  deadlineMinutes: z.number().gt(0),
  /** Of all that is drawn at random. */
  seed: z.int().min(0),
  /** Keys of the training configuration. */
  config: z.record(z.string(), z.unknown()),
});
/** How a federation learns. */
export type FederationSettings = z.output<typeof settingsSchema>;

const updateSchema = z.strictObject({
  site,
  /** Of the bytes as they came. */
  sha256: hashOf,
  /** The file in `updates/`, clipped where that was needed. */
  stored: hashOf,
  frames: z.int().min(1),
  /** Of the difference to the common weights, before it was clipped. */
  norm: z.number(),
  /** The factor on the difference; 1 = it was not clipped. */
  factor: z.number().gt(0).max(1),
});

const gainSchema = z.strictObject({
  site,
  /** Mean over the trials; null where none gave a number. */
  gain: z.number().nullable(),
});

const roundSchema = z.strictObject({
  round: z.int().min(1),
  phase: z.enum(["learning", "comparing", "kept", "refused"]),
  /** Sites that took part in the phase before. */
  expected: z.array(site),
  /** Sites that were asked in this phase, and when. */
  begun: z.array(z.strictObject({ site, time })),
  updates: z.array(updateSchema),
  candidate: hashOf.nullable(),
  scores: z.array(z.strictObject({ site, ...scoresSchema.shape })),
  /** Once it is over: why the candidate was kept or refused. */
  reason: z.string().nullable(),
  gains: z.array(gainSchema),
  ended: z.iso.datetime().nullable(),
});
export type Round = z.output<typeof roundSchema>;

export const FEDERATION_FORMAT = 1;

export const federationSchema = z.strictObject({
  format: z.literal(FEDERATION_FORMAT),
  id: z.string(),
  made: z.iso.datetime(),
  variant: z.string(),
  settings: settingsSchema,
  /** What all began with. */
  initial: hashOf,
  /** The common weights now. */
  weights: hashOf,
  rounds: z.array(roundSchema).min(1),
});
/** The contents of `federation.json`. */
export type Federation = z.output<typeof federationSchema>;

/** A round that nobody has begun. */
export function newRound(round: number, expected: readonly string[]): Round {
  return {
    round,
    phase: "learning",
    expected: [...expected],
    begun: [],
    updates: [],
    candidate: null,
    scores: [],
    reason: null,
    gains: [],
    ended: null,
  };
}
