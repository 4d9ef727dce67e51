/** @file How weights were learned, as the settings of the parts that are shown. */
import type { Learned } from "../method/learned.ts";
import { type SamplerOptions, samplerDefaults } from "../method/multiClusterSampler.ts";
import type { ComparisonSettings } from "../method/valueMapper.ts";

/** Settings of the parts. */
export interface LearnedSettings extends ComparisonSettings {
  readonly sampler: SamplerOptions;
}

/** @returns the sampler as learned, also where training did without it: its clusters are shown then too. */
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
