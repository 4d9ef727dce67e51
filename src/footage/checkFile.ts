/** @file `check.json`: what a footage check found, for programs. */
import { z } from "zod";
import { VERDICTS } from "./judge.ts";
import { type Language, languages } from "./texts/languages.ts";
import { MEASURES, type ReadingKey, thresholds } from "./thresholds.ts";

const keys = Object.keys(thresholds) as [ReadingKey, ...ReadingKey[]];

/** One number of a clip, judged and put into words. */
export const checkedReadingSchema = z.strictObject({
  measure: z.enum(MEASURES),
  key: z.enum(keys),
  /** In the language of the check. */
  name: z.string(),
  value: z.number(),
  /** `px480`: pixels of a frame whose shorter side is 480. */
  unit: z.string(),
  verdict: z.enum(VERDICTS),
  /** From these values on; null = never. */
  limits: z.strictObject({ usable: z.number().nullable(), poor: z.number().nullable() }),
  /** Where the limits come from, see `Threshold.origin`. */
  origin: z.enum(["ladder", "definition", "choice", "none"]),
  /** Where it is worst, or begins; null = all of the clip. */
  at: z.strictObject({ frame: z.int().min(0), timeSec: z.number() }).nullable(),
  facts: z.record(z.string(), z.number()),
  /** What there is, as a sentence. */
  said: z.string(),
  /** What to change at the camera; null where it is good. */
  todo: z.string().nullable(),
  /** J&F points that the tracker lost on degraded clips at this value; null where that was not measured. */
  lostPoints: z.number().nullable(),
});

/** A clip that could be read. */
export const checkedClipSchema = z.strictObject({
  path: z.string(),
  width: z.int().min(1),
  height: z.int().min(1),
  frames: z.int().min(1),
  seconds: z.number().min(0),
  verdict: z.enum(VERDICTS),
  readings: z.array(checkedReadingSchema),
});

/** A clip that could not. */
export const unreadableClipSchema = z.strictObject({
  path: z.string(),
  verdict: z.literal("unreadable"),
  error: z.strictObject({ code: z.string(), message: z.string() }),
});

/** The whole file. */
export const checkSchema = z.strictObject({
  format: z.literal("tsumugi-check/1"),
  tsumugi: z.string(),
  language: z.enum(Object.keys(languages) as [Language]),
  /** The worst of the clips that could be read. */
  verdict: z.enum(VERDICTS),
  clips: z.array(z.union([checkedClipSchema, unreadableClipSchema])),
});

/** See `checkedReadingSchema`. */
export type CheckedReading = z.infer<typeof checkedReadingSchema>;
/** See `checkedClipSchema`. */
export type CheckedClip = z.infer<typeof checkedClipSchema>;
/** See `unreadableClipSchema`. */
export type UnreadableClip = z.infer<typeof unreadableClipSchema>;
/** See `checkSchema`. */
export type Check = z.infer<typeof checkSchema>;
