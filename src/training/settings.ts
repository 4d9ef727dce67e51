/**
 * @file The keys of a training run that belong to no part of the method, with their defaults. They are the top level of the
 * configuration, around the blocks of the parts (`parts/`).
 */
import { z } from "zod";
import { encoderVariants, type VariantName } from "../method/encoder.ts";
import { CAMERA_CHOICES } from "../motion/motionEstimator.ts";

const variants = Object.keys(encoderVariants) as [VariantName, ...VariantName[]];

/** How frames become training pictures. */
const cropSchema = z.strictObject({
  /** `squash` the whole frame to a square (MAST), or cut a `random` part of it, the same for target and references. */
  kind: z.enum(["squash", "random"]).default("random"),
  /** Smallest share of the frame's area in a random crop, 0..1. */
  minArea: z.number().gt(0).max(1).default(0.4),
  /** Largest change of aspect ratio of a random crop, ≥ 1. */
  maxAspect: z.number().min(1).default(1.33),
  /** Mirror half of the samples left to right. */
  flip: z.boolean().default(true),
  /** Largest change of brightness and contrast, the same for target and references, 0..1; 0 = off. */
  colourJitter: z.number().min(0).max(1).default(0),
});

/** What a batch holds, and how its cells are compared. */
export const batchKeys = {
  variant: z.enum(variants).default("small"),
  seed: z.int().min(0).default(1),
  /** Weights to begin with, a file; what they do not hold starts as always. */
  init: z.string().optional(),
  /** Target frames a step. */
  pairs: z.int().min(1).default(6),
  /** Reference frames a target; MAST trains with one, more are an option. */
  references: z.int().min(1).max(4).default(1),
  /** Side of the square training pictures in pixels; a multiple of the encoder's stride. */
  size: z.int().min(32).max(512).default(192),
  /** Window of the affinity in cells to each side: 6 = 13×13. */
  radius: z.int().min(1).max(24).default(6),
  /** `scaledDot`: MAST's dot products over √d; `cosine`: unit features over `temperature`. */
  similarity: z.enum(["scaledDot", "cosine"]).default("scaledDot"),
  temperature: z.number().gt(0).default(0.07),
  /** Distances between target and reference in frames, and how often each is drawn. */
  gaps: z.array(z.int().min(1)).min(1).default([2, 5, 8]),
  gapWeights: z.array(z.number().gt(0)).min(1).default([0.4, 0.4, 0.2]),
  crop: cropSchema.prefault({}),
};

/** How motion is measured, for all parts that use it. */
export const motionKeys = {
  /** Optical flow, or differences of aligned frames. */
  motionEstimator: z.enum(["flow", "difference"]).default("flow"),
  /** What is known of the footage's cameras, see `CAMERA_CHOICES`. */
  motionCamera: z.enum(CAMERA_CHOICES).default("estimate"),
};

/** How the weights are updated, how long, and what is written when. */
export const runKeys = {
  learningRate: z.number().gt(0).default(1e-3),
  /** Share of the run in which the learning rate rises from 0, before it falls as a cosine. */
  warmUp: z.number().min(0).max(0.5).default(0.03),
  weightDecay: z.number().min(0).default(0),
  /** Largest gradient norm. */
  clipNorm: z.number().gt(0).default(5),
  /** Share of the old value that the averaged weights keep a step. */
  emaDecay: z.number().min(0).lt(1).default(0.998),
  /** Zero for the last batch norm's γ of each block at the start. */
  zeroLastGamma: z.boolean().default(true),
  /** Shorter side in pixels at which frames are kept in the cache; smaller ones stay as they are. */
  cacheSide: z.int().min(64).max(1080).default(288),
  /** At most so many frames of a clip are kept, in evenly spaced runs. */
  maxFramesPerClip: z.int().min(16).default(400),
  /** Length of the run: one of both. */
  steps: z.int().min(1).optional(),
  minutes: z.number().gt(0).optional(),
  /** Minutes between checkpoints. */
  checkpointMinutes: z.number().gt(0).default(3),
  /** Minutes between sample pictures and, where asked for, scores. */
  sampleMinutes: z.number().gt(0).default(10),
};

const settingsSchema = z.strictObject({ ...batchKeys, ...motionKeys, ...runKeys });

/** A configuration without the blocks of its parts. */
export type Settings = z.infer<typeof settingsSchema>;
