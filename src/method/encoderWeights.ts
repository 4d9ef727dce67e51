/**
 * @file Weights of an encoder: names and shapes normalised, the variant detected, untrained weights made. Files are
 * read in `node/`.
 */
import { UserError } from "../core/errors.ts";
import type { Shape } from "../tensor/graph/index.ts";
import { toEncoderNames } from "../weights/import.ts";
import type { StateDict, WeightFile } from "../weights/tensors.ts";
import {
  encoderParameters,
  encoderStatistics,
  encoderVariant,
  encoderVariants,
  initialValues,
  type VariantName,
} from "./encoder.ts";
import { type Notes, readLearned, untrainedNotes } from "./learned.ts";

/** Values by parameter name; float32. */
export type EncoderValues = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

/** An encoder's variant and its parameters and statistics. */
export interface EncoderWeights {
  readonly variant: VariantName;
  readonly values: EncoderValues;
  /**
   * What they were learned with, as their file says it; `readLearned` reads it. Empty where the format has no notes.
   */
  readonly metadata: Notes;
}

/** Names and shapes of everything that a file for this variant must hold. */
function expectedShapes(variant: VariantName): Map<string, Shape> {
  const layout = encoderVariants[variant];
  return new Map([...encoderParameters(layout), ...encoderStatistics(layout)].map(({ name, shape }) => [name, shape]));
}

/**
 * The encoder's weights in what a file holds.
 * @param path names the file in messages.
 * @param variant what the weights must be; default: what the file says, else the variant that fits.
 * @throws UserError `weights/mismatch` when they are of another variant, `weights/variant` when none fits,
 * `weights/values` for NaN, infinite values and whole numbers; those of `readLearned`.
 */
export function encoderWeightsOf({ tensors, metadata }: WeightFile, path: string, variant?: string): EncoderWeights {
  const { variant: noted } = readLearned(metadata, path);
  if (variant !== undefined) encoderVariant(variant);
  if (variant !== undefined && noted !== undefined && variant !== noted) {
    throw new UserError("weights/mismatch", {
      what: `${path} holds weights of another variant`,
      got: noted,
      expected: variant,
      todo: `use --variant ${noted}, or other weights`,
    });
  }
  const found = (variant ?? noted ?? fittingVariant(tensors, path)) as VariantName;
  encoderVariant(found);
  const named = toEncoderNames(encoderOf(tensors), expectedShapes(found), `${path} as variant ${found}`);
  const values = new Map([...named, ...[...tensors].filter(([name]) => PART.test(name))]);
  requireFinite(values, path);
  return { variant: found, values: values as EncoderValues, metadata };
}

/**
 * Parameters that were learned beside the encoder: the factors of cues (cue.ts), value extraction, the fusion loss and
 * the head of pseudo-motion.
 */
const PART = /^\w+\.alpha$|^(value|fusion|projector)\./;

function encoderOf(tensors: StateDict): StateDict {
  return new Map([...tensors].filter(([name]) => !PART.test(name)));
}

/** Whole numbers are no weights, and one NaN silently makes all features NaN and every mask empty. */
function requireFinite(tensors: StateDict, path: string): void {
  for (const [name, { data }] of tensors) {
    const wrong = data instanceof Float32Array ? data.find((value) => !Number.isFinite(value)) : "whole numbers";
    if (wrong === undefined) continue;
    throw new UserError("weights/values", {
      what: `the weights in ${path} cannot be used: ${name}`,
      got: String(wrong),
      expected: "finite floating-point numbers",
      todo: "take an earlier checkpoint, or train again with a smaller learning rate",
    });
  }
}

/** The only variant whose parameters are all there in the right shapes. */
function fittingVariant(tensors: StateDict, path: string): VariantName {
  const names = Object.keys(encoderVariants) as VariantName[];
  const fitting = names.find((name) => {
    try {
      toEncoderNames(encoderOf(tensors), expectedShapes(name), path);
      return true;
    } catch {
      return false;
    }
  });
  if (fitting !== undefined) return fitting;
  throw new UserError("weights/variant", {
    what: `${path} fits no encoder variant`,
    expected: names.join(", "),
    todo: "name the variant with --variant to see what differs",
  });
}

/** Seeded random weights: the floor that learning must beat. */
export function untrainedWeights(variant: string, seed = 1): EncoderWeights {
  const layout = encoderVariant(variant);
  const values = initialValues(layout, { seed, zeroLastGamma: false });
  return { variant: variant as VariantName, values, metadata: untrainedNotes(variant, seed) };
}
