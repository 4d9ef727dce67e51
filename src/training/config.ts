/** @file Every setting of a training run, with its default: one object, unknown keys rejected. */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { encoderVariant, encoderVariants, strideOf, type VariantName } from "../method/encoder.ts";
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

/** Frame reconstruction (MAST): what the other parts are added to. */
const reconstructionSchema = z.strictObject({
  enabled: z.boolean().default(true),
});

/** MEE: motion images are added to the frames. */
const motionEnhancementSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** What a motion image is made of: residual flow as strength and direction, or strength alone. */
  encoding: z.enum(["field", "magnitude"]).default("field"),
  /** Share of the samples whose motion images are left out, so that the encoder also works on still images, 0..1. */
  dropout: z.number().min(0).max(1).default(0.2),
});

/** VEN: the value map weights the reconstruction. */
const valueExtractionSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** γ: a pixel of value 1 counts 1 + γ times as much as one of value 0. */
  gain: z.number().min(0).default(1),
  /** Share of the samples in which the network does without the motion strength, 0..1. */
  hideStrength: z.number().min(0).max(1).default(0.5),
});

/** MCS: candidates from clusters, as log-priors on the affinity. */
const multiClusterSamplerSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Clusters K. */
  clusters: z.int().min(2).max(32).default(12),
  /** Windows lie where their tile of cells is found again, coarse to fine, instead of around its own place. */
  windowCentres: z.boolean().default(false),
});

/** The adaptive fusion loss: three things that can be switched off one by one. */
const adaptiveFusionSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** The parts are put together with learned weights; otherwise with fixed ones. */
  learnedWeights: z.boolean().default(true),
  /** Pixels count by learned log-variance, motion strength and attention within their own region; otherwise as without this loss. */
  importance: z.boolean().default(true),
  /** Attention that leaves a cell's own region is a loss (with the multi-cluster sampler). */
  regionConsistency: z.boolean().default(true),
  /** β: a pixel of motion strength 1 counts 1 + β times as much as a still one. */
  strengthGain: z.number().min(0).default(1),
});

/** Cycle consistency (CRW). */
const cycleSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Factor of this loss where the parts are not fused with learned weights. */
  weight: z.number().gt(0).default(0.05),
  /** Side of a node of the walk in feature cells. */
  patch: z.int().min(1).default(4),
  temperature: z.number().gt(0).default(0.05),
  /** Share of the edges that a step may not take, 0..1. */
  edgeDropout: z.number().min(0).lt(1).default(0.1),
});

/** Pseudo-motion: pairs of views with known correspondences, of one frame (exact) or of frames apart (by optical flow). */
const pseudoMotionSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** How many of the step's pairs are such views, the reconstruction has the rest. */
  pairs: z.int().min(1).default(2),
  /** Frames between the two views, each as likely as the others: 0 = one frame, exact; more = followed by optical flow. */
  gaps: z.array(z.int().min(0)).min(1).default([0]),
  /** Factor of this loss where the parts are not fused with learned weights. */
  weight: z.number().gt(0).default(0.05),
  /** Cells of a view that must find their place. */
  queries: z.int().min(1).default(256),
  /** Largest change of scale between the views, ≥ 1. */
  maxScale: z.number().min(1).default(1.5),
  /** Largest rotation in degrees. */
  maxRotation: z.number().min(0).max(180).default(20),
  /** Largest displacement as a share of the side. */
  maxShift: z.number().min(0).max(1).default(0.2),
  /** Largest change of contrast, brightness and colourfulness, 0..1. */
  colourJitter: z.number().min(0).max(1).default(0.3),
});

/** A training run. Defaults: MAST's recipe (Lai et al. 2020) with the known cures, sized for a CPU. */
export const trainingConfigSchema = z.strictObject({
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
  reconstruction: reconstructionSchema.prefault({}),
  /** What motion is measured with, for all parts that use it: optical flow, or differences of aligned frames. */
  motionEstimator: z.enum(["flow", "difference"]).default("flow"),
  /** What is known of the footage's cameras, see `CAMERA_CHOICES`. */
  motionCamera: z.enum(CAMERA_CHOICES).default("estimate"),
  motionEnhancement: motionEnhancementSchema.prefault({}),
  valueExtraction: valueExtractionSchema.prefault({}),
  multiClusterSampler: multiClusterSamplerSchema.prefault({}),
  adaptiveFusion: adaptiveFusionSchema.prefault({}),
  cycleConsistency: cycleSchema.prefault({}),
  pseudoMotion: pseudoMotionSchema.prefault({}),
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
});

/** A complete configuration. */
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** What the adaptive fusion loss does in a run; all false when it is off. */
export interface FusionSwitches {
  readonly learnedWeights: boolean;
  readonly importance: boolean;
  readonly regionConsistency: boolean;
}

/** @returns the switches; region consistency needs the sampler's regions. */
export function fusionSwitches({ adaptiveFusion, multiClusterSampler }: TrainingConfig): FusionSwitches {
  const { enabled, learnedWeights, importance, regionConsistency } = adaptiveFusion;
  return {
    learnedWeights: enabled && learnedWeights,
    importance: enabled && importance,
    regionConsistency: enabled && regionConsistency && multiClusterSampler.enabled,
  };
}

/** What a user gives: any part of it. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;

/**
 * Fills in the defaults and checks what depends on more than one key.
 * @throws UserError that lists every problem with its key.
 */
export function trainingConfig(given: unknown): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse(given);
  if (!parsed.success) throw bad(z.prettifyError(parsed.error));
  const config = parsed.data;
  const stride = strideOf(encoderVariant(config.variant));
  if (config.size % stride !== 0)
    throw bad(`size: ${config.size} is no multiple of the stride ${stride} of ${config.variant}`);
  if (config.gaps.length !== config.gapWeights.length) {
    throw bad(`gapWeights: ${config.gapWeights.length} weights for ${config.gaps.length} gaps`);
  }
  const { reconstruction, cycleConsistency, pseudoMotion } = config;
  if (pseudoMotion.enabled && pseudoMotion.pairs > config.pairs)
    throw bad(`pseudoMotion.pairs: ${pseudoMotion.pairs} of only ${config.pairs} pairs`);
  const temporal = reconstruction.enabled || cycleConsistency.enabled;
  if (!temporal && !pseudoMotion.enabled)
    throw bad("reconstruction, cycleConsistency, pseudoMotion: none is enabled, nothing would be learned");
  if (temporal && pseudoMotion.enabled && pseudoMotion.pairs === config.pairs)
    throw bad(`pseudoMotion.pairs: all ${config.pairs} pairs, none is left for the other losses`);
  if ((config.steps === undefined) === (config.minutes === undefined)) {
    throw bad("steps, minutes: give one of both, for example --minutes 30");
  }
  return config;
}

function bad(problems: string): UserError {
  return new UserError("training/config", { what: `the training configuration is not valid:\n${problems}` });
}
