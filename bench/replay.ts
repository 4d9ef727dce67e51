/** @file A short clip played forwards and backwards with precomputed features, so that only matching is measured. */
import type { FeatureExtractor, FeatureMap } from "../src/method/features.ts";
import type { Frame } from "../src/video/frame.ts";

/** Index of frame t when `count` frames are played forwards and backwards. */
function bounce(t: number, count: number): number {
  const at = t % (2 * count - 2);
  return at < count ? at : 2 * count - 2 - at;
}

/** `count` frames. */
export async function* pingPong(frames: readonly Frame[], count: number): AsyncGenerator<Frame> {
  for (let t = 0; t < count; t++) yield { ...frames[bounce(t, frames.length)], index: t };
}

/** Gives precomputed features, so that only matching is timed. */
export function replay(features: readonly FeatureMap[], stride: number): FeatureExtractor {
  let t = 0;
  return {
    name: "replayed",
    stride,
    channels: features[0].channels,
    encode: async () => features[bounce(t++, features.length)],
    encodeResized: async () => features[bounce(t++, features.length)],
    [Symbol.asyncDispose]: async () => {},
  };
}
