/** @file Panels of the reference cells that the sampler (MCS) makes candidates of one pixel. */
import type { SampledClusters } from "../method/multiClusterSampler.ts";
import { NOT_SAMPLED } from "../method/samplingPrior.ts";
import { drawFrame, drawRings } from "../video/drawing/marks.ts";
import { drawOverlay } from "../video/drawing/overlay.ts";
import type { Panel } from "../video/drawing/panels.ts";
import { cellLabels } from "./cellLabels.ts";
import { cellOf, type Pixel, PIXEL_COLOUR } from "./pixels.ts";
import type { SeenFrame } from "./seenFrames.ts";

/** The relation of a reference cell to the pixel's cell. */
export const CANDIDATE = { own: 1, other: 2, none: 3 } as const;

const PALETTE = new Uint8Array(256 * 3);
PALETTE.set([40, 220, 90], 3 * CANDIDATE.own);
PALETTE.set([255, 150, 30], 3 * CANDIDATE.other);
PALETTE.set([0, 0, 0], 3 * CANDIDATE.none);
const OPACITY = 0.5;
const WHITE = [255, 255, 255] as const;

/**
 * @param cell of the target. @param frame of the sample: 1 = the first reference.
 * @returns `[h, w]` `CANDIDATE` of every cell of that frame.
 */
export function candidateKinds(
  { labels, logPrior, clusters }: SampledClusters,
  cell: number,
  frame: number,
): Uint8Array {
  const own = labels[0][cell];
  return labels[frame].map((label) => {
    if (label === own) return CANDIDATE.own;
    return logPrior[own * clusters + label] === NOT_SAMPLED ? CANDIDATE.none : CANDIDATE.other;
  });
}

/**
 * The pixel in its frame, and the reference with its own region (green), the other sampled clusters (orange) and what
 * is not sampled (dark); the box is the search window.
 * @param radius of the search window, cells.
 */
export function candidatePanels(
  [target, reference]: readonly [SeenFrame, SeenFrame],
  pixel: Pixel,
  sample: SampledClusters,
  radius: number,
): Panel[] {
  const { picture, features, stride } = reference;
  const cell = cellOf(pixel, features, stride);
  const kinds = candidateKinds(sample, cell, 1);
  const drawn = drawOverlay(picture, cellLabels(kinds, features.width, stride, picture), {
    opacity: OPACITY,
    palette: PALETTE,
  });
  const [x, y] = [cell % features.width, Math.floor(cell / features.width)];
  const window = {
    left: (x - radius) * stride,
    top: (y - radius) * stride,
    right: (x + radius + 1) * stride,
    bottom: (y + radius + 1) * stride,
  };
  return [
    { caption: `frame ${target.index}: the pixel`, picture: drawRings(target.picture, [pixel], PIXEL_COLOUR) },
    {
      caption: `frame ${reference.index}: own region green, other sampled orange`,
      picture: drawFrame({ ...picture, data: drawn }, window, WHITE),
    },
  ];
}
