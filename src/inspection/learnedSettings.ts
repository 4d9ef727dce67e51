/** @file The settings that weights were learned with, for the parts that are shown. */
import type { Learned } from "../method/learned.ts";
import { type SamplerOptions, samplerDefaults } from "../method/multiClusterSampler.ts";
import type { ComparisonSettings } from "../method/valueMapper.ts";

/** Settings of the parts. */
export interface LearnedSettings extends ComparisonSettings {
  readonly sampler: SamplerOptions;
}

/** @returns the sampler's settings as learned, even if training did without it: its clusters are shown anyway. */
export function learnedSettings({ radius, similarity, temperature, sampler }: Learned): LearnedSettings {
  const { enabled, clusters, windowCentres } = sampler;
  return {
    radius,
    similarity,
    temperature,
    sampler: { ...samplerDefaults, clusters },
    sampled: enabled ? { clusters, windowCentres } : undefined,
  };
}
