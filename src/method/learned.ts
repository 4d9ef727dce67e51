/**
 * @file What weights were learned with: the notes in their file, as data. Training, averaging and initialisation write
 * them here, and everything that runs on weights reads them here. In the file all notes are text, as safetensors
 * demands (docs/weights.md).
 *
 * A missing note means its default, as in PyTorch checkpoints, foreign safetensors, and files from before the note
 * existed. A wrong one is the user's error: a default in its place would be a different method.
 */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { schemaIssue } from "../core/schemaIssue.ts";
import { CAMERA_CHOICES, type CameraChoice } from "../motion/cameraMotion.ts";
import { MOTION_ENCODINGS, type MotionEncoding } from "../motion/motionImage.ts";
import { MOTION_ESTIMATORS, type MotionEstimatorName } from "../motion/motionMap.ts";

/** Files of ours say so in the note `format`. */
const OURS = "tsumugi";

/** Keys of the training configuration that matter after training; others are ignored. */
const configSchema = z.object({
  radius: z.int().min(1).default(6),
  similarity: z.enum(["scaledDot", "cosine"]).default("scaledDot"),
  temperature: z.number().positive().default(0.07),
  motionEstimator: z.enum(MOTION_ESTIMATORS).default("flow"),
  motionCamera: z.enum(CAMERA_CHOICES).default("estimate"),
  motionEnhancement: z.object({ encoding: z.enum(MOTION_ENCODINGS).default("field") }).prefault({}),
  multiClusterSampler: z
    .object({
      enabled: z.boolean().default(false),
      clusters: z.int().min(1).max(255).default(12),
      windowCentres: z.boolean().default(false),
    })
    .prefault({}),
});

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("Invalid input: expected JSON");
    return z.NEVER;
  }
});

/** The notes of a file. */
const notesSchema = z.object({
  variant: z.string().optional(),
  recipe: z.string().optional(),
  step: z.coerce.number().int().min(0).optional(),
  minutes: z.coerce.number().min(0).optional(),
  motionEstimator: z.enum(MOTION_ESTIMATORS).optional(),
  motionCamera: z.enum(CAMERA_CHOICES).optional(),
  motionEncoding: z.enum(MOTION_ENCODINGS).optional(),
  config: json.pipe(configSchema).prefault("{}"),
  averagedShare: z.coerce.number().min(0).max(1).optional(),
});

/** Notes as safetensors hold them. */
export type Notes = Readonly<Record<string, string>>;

/** The motion that an encoder was trained with (MEE). */
export interface LearnedMotion {
  /** Default `flow`. */
  readonly estimator: MotionEstimatorName;
  /** What was known of the footage's cameras; default `estimate`. */
  readonly camera: CameraChoice;
  /** Default `field`. */
  readonly encoding: MotionEncoding;
}

/** What weights were learned with. */
export interface Learned {
  /** The encoder's variant as the file names it; undefined where it does not. */
  readonly variant: string | undefined;
  /** How the weights came about where no training run made them. */
  readonly recipe: string | undefined;
  /** Steps and minutes of training; undefined where they are not known. */
  readonly steps: number | undefined;
  readonly minutes: number | undefined;
  /** Share of the second of two weights that were averaged, 0..1; undefined for others. */
  readonly averagedShare: number | undefined;
  readonly motion: LearnedMotion;
  /** Cells to each side of the affinity's window; default 6. */
  readonly radius: number;
  /** Default `scaledDot`. */
  readonly similarity: "scaledDot" | "cosine";
  /** Of `cosine`; default 0.07. */
  readonly temperature: number;
  /** The multi-cluster sampler; default off, 12 clusters, windows around their own place. */
  readonly sampler: { readonly enabled: boolean; readonly clusters: number; readonly windowCentres: boolean };
}

/**
 * Reads notes. Of a file in another format only the variant counts.
 * @param source what the message calls the weights, for example their path.
 * @throws UserError `weights/notes` for a note with a value that it cannot have.
 */
export function readLearned(notes: Notes, source = "the notes in memory"): Learned {
  const { format = OURS, variant } = notes;
  const parsed = notesSchema.safeParse(format === OURS ? notes : { variant });
  if (!parsed.success) throw wrongNote(source, notes, parsed.error.issues[0]);
  const { config, step, motionEstimator, motionCamera, motionEncoding, ...rest } = parsed.data;
  const { radius, similarity, temperature, multiClusterSampler } = config;
  return {
    variant: rest.variant,
    recipe: rest.recipe,
    steps: step,
    minutes: rest.minutes,
    averagedShare: rest.averagedShare,
    // Older files have these in their configuration only.
    motion: {
      estimator: motionEstimator ?? config.motionEstimator,
      camera: motionCamera ?? config.motionCamera,
      encoding: motionEncoding ?? config.motionEnhancement.encoding,
    },
    radius,
    similarity,
    temperature,
    sampler: multiClusterSampler,
  };
}

function wrongNote(source: string, notes: Notes, issue: z.core.$ZodIssue): UserError {
  const inConfig = issue.path.length > 1;
  const given = inConfig ? { config: JSON.parse(notes["config"]) as unknown } : notes;
  const parts = schemaIssue(`${source}, what its weights were learned with`, issue, given, {});
  return new UserError("weights/notes", {
    ...parts,
    todo: parts.todo ?? "correct the note in the file's metadata, or remove it to use the default",
  });
}

/** The configuration of a training run, as far as its weights note it down; all of it is kept as JSON. */
export interface NotedConfig extends z.input<typeof configSchema> {
  readonly variant: string;
  readonly motionEstimator: MotionEstimatorName;
  readonly motionCamera: CameraChoice;
  readonly motionEnhancement: { readonly encoding: MotionEncoding };
}

/** Notes of trained weights. @param reached so many steps and minutes. */
export function trainedNotes(config: NotedConfig, reached: { readonly step: number; readonly minutes: number }): Notes {
  return {
    variant: config.variant,
    format: OURS,
    motionEstimator: config.motionEstimator,
    motionCamera: config.motionCamera,
    motionEncoding: config.motionEnhancement.encoding,
    step: String(reached.step),
    minutes: reached.minutes.toFixed(1),
    config: JSON.stringify(config),
  };
}

/** Notes of seeded random weights. */
export function untrainedNotes(variant: string, seed: number): Notes {
  return { variant, recipe: `untrained, seed ${seed}` };
}

/** Notes of an average: those of the first, and of the second its share and its configuration. */
export function averagedNotes(first: Notes, second: Notes, share: number): Notes {
  return { ...first, averagedShare: String(share), averagedConfig: second["config"] ?? "" };
}
