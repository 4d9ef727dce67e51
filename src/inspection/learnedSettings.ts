/** @file How weights were learned, as far as it matters for looking at them: from the notes in their file. */
import { z } from "zod";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { type SamplerOptions, samplerDefaults } from "../method/multiClusterSampler.ts";
import { CAMERA_CHOICES, type CameraChoice } from "../motion/motionEstimator.ts";
import type { ComparisonSettings } from "../method/valueMapper.ts";

const NO_SAMPLER = { enabled: false, clusters: samplerDefaults.clusters, windowCentres: false };

/** Only what is needed; files of other origin, and keys that mean something else by now, get the defaults of training. */
const configSchema = z
  .object({
    radius: z.int().min(1).catch(6),
    similarity: z.enum(["scaledDot", "cosine"]).catch("scaledDot"),
    temperature: z.number().positive().catch(0.07),
    motionEstimator: z.enum(["flow", "difference"]).catch("flow"),
    motionCamera: z.enum(CAMERA_CHOICES).catch("estimate"),
    multiClusterSampler: z
      .object({
        enabled: z.boolean().catch(false),
        clusters: z.int().min(1).max(255).catch(samplerDefaults.clusters),
        windowCentres: z.boolean().catch(false),
      })
      .catch(NO_SAMPLER),
  })
  .catch({
    radius: 6,
    similarity: "scaledDot",
    temperature: 0.07,
    motionEstimator: "flow",
    motionCamera: "estimate",
    multiClusterSampler: NO_SAMPLER,
  });

/** Settings of the parts. */
export interface LearnedSettings extends ComparisonSettings {
  readonly motionEstimator: "flow" | "difference";
  readonly motionCamera: CameraChoice;
  readonly sampler: SamplerOptions;
}

/** @returns what the weights' own notes say, the defaults of training where they say nothing. */
export function learnedSettings({ metadata }: Pick<EncoderWeights, "metadata">): LearnedSettings {
  const { multiClusterSampler, ...settings } = configSchema.parse(configOf(metadata));
  const { enabled, clusters, windowCentres } = multiClusterSampler;
  return {
    ...settings,
    sampler: { ...samplerDefaults, clusters },
    ...(enabled ? { sampled: { clusters, windowCentres } } : {}),
  };
}

function configOf({ config }: Readonly<Record<string, string>>): unknown {
  try {
    return JSON.parse(config ?? "{}");
  } catch {
    return {};
  }
}
