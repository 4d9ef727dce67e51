/**
 * @file The keys of a training run that belong to no part of the method, with their defaults. They are the top level of
 * the configuration, around the blocks of the parts (`parts/`).
 */
import { z } from "zod";
import { encoderVariants, type VariantName } from "../method/encoder.ts";
import { CAMERA_CHOICES } from "../motion/motionEstimator.ts";

const variants = Object.keys(encoderVariants) as [VariantName, ...VariantName[]];

/** How frames become training pictures. */
const cropSchema = z.strictObject({
  kind: z
    .enum(["squash", "random"])
    .default("random")
    .describe(
      "squash: the whole frame becomes a square (MAST); random: a part of it is cut out, the same for target and references.",
    ),
  minArea: z.number().gt(0).max(1).default(0.4).describe("Smallest share of the frame's area in a random crop, 0..1."),
  maxAspect: z.number().min(1).default(1.33).describe("Largest change of aspect ratio of a random crop, ≥ 1."),
  flip: z.boolean().default(true).describe("Mirror half of the samples left to right."),
  colourJitter: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Largest change of brightness and contrast, the same for target and references, 0..1; 0 = off."),
});

/** What a batch holds, and how its cells are compared. */
export const batchKeys = {
  variant: z.enum(variants).default("small").describe("The encoder."),
  seed: z.int().min(0).default(1).describe("Seed of weights and batches."),
  init: z
    .string()
    .optional()
    .describe(
      "Weights to begin with: default (those of the package), none (random), or a file; parameters that it does not hold start as they would without it. Default: none; of the task train: default.",
    ),
  pairs: z.int().min(1).default(6).describe("Target frames of each step."),
  references: z.int().min(1).max(4).default(1).describe("Reference frames of each target; MAST trains with one."),
  size: z
    .int()
    .min(32)
    .max(512)
    .default(192)
    .describe("Side of the square training pictures in pixels; a multiple of the encoder's stride."),
  radius: z.int().min(1).max(24).default(6).describe("Window of the affinity in cells to each side: 6 = 13×13."),
  similarity: z
    .enum(["scaledDot", "cosine"])
    .default("scaledDot")
    .describe(
      "How features are compared. scaledDot: MAST's dot products over √d; cosine: unit features over temperature.",
    ),
  temperature: z.number().gt(0).default(0.07).describe("Divides the similarities; only for cosine."),
  gaps: z.array(z.int().min(1)).min(1).default([2, 5, 8]).describe("Distances between target and reference in frames."),
  gapWeights: z
    .array(z.number().gt(0))
    .min(1)
    .default([0.4, 0.4, 0.2])
    .describe("How often each of the gaps is drawn."),
  crop: cropSchema.prefault({}).describe("How frames become training pictures."),
};

/** How motion is measured, for all parts that use it. */
export const motionKeys = {
  motionEstimator: z
    .enum(["flow", "difference"])
    .default("flow")
    .describe("How motion is measured: optical flow, or the difference of aligned frames."),
  motionCamera: z
    .enum(CAMERA_CHOICES)
    .default("estimate")
    .describe("What is known of the footage's cameras: docs/motion.md."),
};

/** How the weights are updated, how long, and what is written when. */
export const runKeys = {
  learningRate: z.number().gt(0).default(1e-3).describe("Highest learning rate of Adam(W)."),
  warmUp: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.03)
    .describe("Share of the run in which the learning rate rises from 0, before it falls as a cosine."),
  weightDecay: z.number().min(0).default(0).describe("Weight decay of AdamW; 0 = Adam."),
  clipNorm: z.number().gt(0).default(5).describe("Largest gradient norm."),
  emaDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.998)
    .describe("Share of the old value that the averaged weights keep in each step."),
  zeroLastGamma: z.boolean().default(true).describe("Starts with γ = 0 in the last batch norm of each block."),
  cacheSide: z
    .int()
    .min(64)
    .max(1080)
    .default(288)
    .describe("Shorter side in pixels at which frames are kept in the cache; smaller ones stay as they are."),
  maxFramesPerClip: z
    .int()
    .min(16)
    .default(400)
    .describe("Frames of a clip that are kept at most, in evenly spaced runs."),
  steps: z.int().min(1).optional().describe("Length of the run in training steps; give this or minutes."),
  minutes: z.number().gt(0).optional().describe("Length of the run in minutes of training steps; give this or steps."),
  checkpointMinutes: z.number().gt(0).default(3).describe("Minutes between checkpoints."),
  sampleMinutes: z.number().gt(0).default(10).describe("Minutes between sample pictures and, where asked for, scores."),
};

const settingsSchema = z.strictObject({ ...batchKeys, ...motionKeys, ...runKeys });

/** A configuration without the blocks of its parts. */
export type Settings = z.infer<typeof settingsSchema>;
