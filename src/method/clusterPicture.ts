/** @file The sampler's regions as a picture: a colour for each cluster, the same in every frame; target-like ones in full colour. */
import { drawOverlay } from "../video/overlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { SampledClusters } from "./multiClusterSampler.ts";

/** How much of a cluster's colour is mixed in. */
const OPACITY = 0.4;
/** Saturation of the colours of target-like clusters and of the others. */
const SATURATION = { target: 1, other: 0.35 } as const;

/**
 * Draws the regions of one frame of a sample over it, with dark lines at their borders.
 * @param picture the frame, of the size that was sampled
 * @param index of the frame in the sample, 0 = the target
 * @param stride pixels per cell
 */
export function drawRegions(picture: RgbPicture, sample: SampledClusters, index: number, stride: number): RgbPicture {
  const { width, height } = picture;
  const cells = sample.labels[index];
  // Label 0 would stay undrawn in an overlay.
  const data = Uint8Array.from({ length: width * height }, (_, p) => {
    const row = Math.floor(Math.floor(p / width) / stride);
    return 1 + cells[row * sample.grid.width + Math.floor((p % width) / stride)];
  });
  const palette = clusterPalette(sample.targetLike);
  return { width, height, data: drawOverlay(picture, { width, height, data }, { opacity: OPACITY, palette }) };
}

/** `[256, 3]`: cluster k has colour k + 1; neighbouring numbers get hues that lie far apart. */
function clusterPalette(targetLike: readonly boolean[]): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  targetLike.forEach((target, k) => {
    const hue = (k * GOLDEN_SHARE) % 1;
    palette.set(colourOf(hue, target ? SATURATION.target : SATURATION.other), 3 * (k + 1));
  });
  return palette;
}

/** Multiples of it modulo 1 spread evenly, however many there are. */
const GOLDEN_SHARE = 0.618034;

/** sRGB bytes of a hue (0..1) at full value. */
function colourOf(hue: number, saturation: number): number[] {
  return [5, 3, 1].map((shift) => {
    const sector = (shift + hue * 6) % 6;
    return Math.round(255 * (1 - saturation * Math.max(0, Math.min(sector, 4 - sector, 1))));
  });
}
