/** @file How weights that are good already go on learning from the footage of a site. */

/** How often what is learned is scored, where learning takes longer than that, minutes. */
export const SCORE_MINUTES = 10;

/** Learned as measured in docs/measurements/2026-11-contrast.md, at the rate that is safe from trained weights. */
const RECIPE = {
  size: 128,
  pairs: 6,
  similarity: "cosine",
  temperature: 0.05,
  learningRate: 1e-4,
  maxFramesPerClip: 2000,
  checkpointMinutes: 1,
  sampleMinutes: SCORE_MINUTES,
  reconstruction: { enabled: false },
} as const;
const PSEUDO_MOTION = {
  enabled: true,
  gaps: [2, 5, 12, 24],
  queries: 256,
  colourJitter: 0.4,
  weight: 1,
  projector: 128,
  ignored: 4,
  anchors: 8,
  temperature: 0.1,
} as const;

/** Keys of a training configuration. */
type Keys = Readonly<Record<string, unknown>>;

/**
 * The configuration of learning, without its length.
 * @param own keys that are not as usual
 * @param init weights to begin with, as in a training configuration
 */
export function adaptRecipe(own: Keys, { seed, init }: { readonly seed: number; readonly init: string }): Keys {
  const pairs = Number(own["pairs"] ?? RECIPE.pairs);
  const pseudoMotion = { ...PSEUDO_MOTION, pairs, ...(own["pseudoMotion"] as object | undefined) };
  return { ...RECIPE, seed, init, ...own, pseudoMotion };
}

/** Frames of a clip that are learned from at most. */
export function mostFrames(own: Keys): number {
  return Number(own["maxFramesPerClip"] ?? RECIPE.maxFramesPerClip);
}

/** So many minutes, unless it says how many steps. */
export function withLength(config: Keys, minutes: number): Keys {
  return config["steps"] === undefined ? { ...config, minutes } : config;
}
