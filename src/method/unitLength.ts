/** @file Features that are compared as cosines. */
import type { FeatureMap } from "./features.ts";

/** Every cell's features over their length; those without any stay 0. */
export function unitLength(features: FeatureMap): FeatureMap {
  const { channels, width, height, data } = features;
  const lengths = inverseLengths(features);
  const out = new Float32Array(data.length);
  for (let c = 0, at = 0; c < channels; c++)
    for (let cell = 0; cell < lengths.length; cell++, at++) out[at] = data[at] * lengths[cell];
  return { channels, width, height, data: out };
}

/** One over the length of every cell's features, `[height, width]`; 1 where they are 0. */
function inverseLengths({ channels, width, height, data }: FeatureMap): Float64Array {
  const squares = new Float64Array(width * height);
  for (let c = 0, at = 0; c < channels; c++)
    for (let cell = 0; cell < squares.length; cell++, at++) squares[cell] += data[at] * data[at];
  return squares.map((square) => 1 / Math.sqrt(square || 1));
}
