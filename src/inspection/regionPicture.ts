/**
 * @file The sampler's clusters as a picture: a colour for each, dark lines between them; target-like ones in full
 * colour.
 */
import { DESCRIPTOR_DIMS, MOTION_DIM } from "../method/cellDescriptors.ts";
import type { SampledClusters } from "../method/multiClusterSampler.ts";
import { drawOverlay } from "../video/drawing/overlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import { cellLabels } from "./cellLabels.ts";

/** How much of a cluster's colour is mixed in. */
const OPACITY = 0.5;
/** Saturation of the colours of target-like clusters and of the others. */
const SATURATION = { target: 1, other: 0.35 } as const;

/** The clusters' labels in one frame and how to draw them. */
export interface RegionView {
  /** `[h, w]`: outlines or regions of the frame. */
  readonly labels: Uint8Array;
  /** Pixels per cell. */
  readonly stride: number;
  /** By cluster, see `ClusterHues`. */
  readonly hues: readonly number[];
}

/** Draws the clusters of one frame of a sample over it, with dark lines at their borders. */
export function drawRegions(picture: RgbPicture, sample: SampledClusters, view: RegionView): RgbPicture {
  const { labels, stride, hues } = view;
  const { width, height } = picture;
  // An overlay does not draw label 0.
  const drawn = cellLabels(
    labels.map((label) => label + 1),
    sample.grid.width,
    stride,
    picture,
  );
  const palette = clusterPalette(sample.targetLike, hues);
  return { width, height, data: drawOverlay(picture, drawn, { opacity: OPACITY, palette }) };
}

/** `[256, 3]`: cluster k has colour k + 1. */
function clusterPalette(targetLike: readonly boolean[], hues: readonly number[]): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  targetLike.forEach((target, k) => {
    palette.set(colourOf(hues[k], target ? SATURATION.target : SATURATION.other), 3 * (k + 1));
  });
  return palette;
}

/** sRGB bytes of a hue (0..1) at full value. */
function colourOf(hue: number, saturation: number): number[] {
  return [5, 3, 1].map((shift) => {
    const sector = (shift + hue * 6) % 6;
    return Math.round(255 * (1 - saturation * Math.max(0, Math.min(sector, 4 - sector, 1))));
  });
}

/** Multiples of it modulo 1 spread evenly, however many there are. */
const GOLDEN_SHARE = 0.618034;
/** Clusters of two frames farther apart than this are different ones; descriptor units. */
const FARTHEST = 0.35;

/** A cluster of the previous frame. */
interface Known {
  readonly number: number;
  readonly centre: readonly number[];
}

/**
 * Every frame is clustered anew, so a cluster's number means nothing. A cluster takes the hue of the previous frame's
 * cluster that is closest in colour and place, the closest pairs first; a new one gets a hue far from those in use.
 */
export class ClusterHues {
  private known: readonly Known[] = [];

  /** @returns a hue (0..1) for each cluster of the next frame. */
  next({ centres, clusters }: SampledClusters): number[] {
    const own = Array.from({ length: clusters }, (_, k) =>
      [...centres.subarray(k * DESCRIPTOR_DIMS, (k + 1) * DESCRIPTOR_DIMS)].filter((_, d) => d !== MOTION_DIM),
    );
    const numbers = this.kept(own);
    const free = freeNumbers(numbers);
    this.known = own.map((centre, k) => ({ number: numbers[k] ?? (free.shift() as number), centre }));
    return this.known.map(({ number }) => (number * GOLDEN_SHARE) % 1);
  }

  /** The numbers that clusters inherit; undefined for new ones. */
  private kept(centres: readonly (readonly number[])[]): (number | undefined)[] {
    const pairs = centres
      .flatMap((centre, k) => this.known.map((known) => ({ k, known, far: distance(centre, known.centre) })))
      .filter(({ far }) => far <= FARTHEST)
      .sort((a, b) => a.far - b.far);
    const numbers: (number | undefined)[] = centres.map(() => undefined);
    const taken = new Set<number>();
    for (const { k, known } of pairs) {
      if (numbers[k] !== undefined || taken.has(known.number)) continue;
      numbers[k] = known.number;
      taken.add(known.number);
    }
    return numbers;
  }
}

/** The lowest unused numbers, one for each that is missing. */
function freeNumbers(numbers: readonly (number | undefined)[]): number[] {
  return [...numbers.keys()].filter((number) => !numbers.includes(number));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]));
}
