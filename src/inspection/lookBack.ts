/** @file Where a pixel's label would be copied from: its affinity to the frames that the tracker would remember. */
import type { FeatureMap, PictureSize } from "../method/features.ts";
import { memoryFrames, type Protocol } from "../tracking/protocols.ts";
import type { Point } from "../video/point.ts";
import { cellAffinity } from "./affinity.ts";
import { heatOf } from "./affinityPicture.ts";
import { checkPixels } from "./pixels.ts";

/** A pixel of a clip that is tracked from a labelled frame on. */
export interface LookedPixel {
  /** Index of the pixel's frame. */
  readonly frame: number;
  /** Index of the labelled frame, not after it. */
  readonly from: number;
  /** Pixels of the frame, origin at the corner of the first pixel. */
  readonly place: Point;
  /** Of the clip's frames, pixels. */
  readonly size: PictureSize;
}

/** What the pixel's cell finds in one remembered frame. */
export interface FoundThere {
  readonly frame: number;
  /** Share of the weight that this frame's cells have after top-k and softmax; over all frames 1. */
  readonly share: number;
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, linear in the similarity, 255 for the best cell of all frames, 0 where nothing was searched. */
  readonly heat: Uint8Array;
  /** Middles of the cells among the top-k, pixels of the frame, the best first. */
  readonly chosen: readonly (Point & { readonly weight: number })[];
}

/**
 * @param featuresOf features of a frame of the clip, all of one size.
 * @returns by frame; nothing for the labelled frame itself.
 * @throws UserError `inspect/pixel`
 */
export async function lookBack(
  { frame, from, place, size }: LookedPixel,
  protocol: Protocol,
  featuresOf: (frame: number) => Promise<FeatureMap>,
): Promise<FoundThere[]> {
  checkPixels([place], size);
  const memory = memoryFrames(protocol, frame - from).filter((entry) => entry.frame < frame - from);
  if (memory.length === 0) return [];
  const remembered = [];
  for (const entry of memory.toSorted((a, b) => a.frame - b.frame))
    remembered.push({ ...entry, features: await featuresOf(from + entry.frame) });
  const query = await featuresOf(frame);
  const { width, height } = query;
  const cell = Math.floor((place.y / size.height) * height) * width + Math.floor((place.x / size.width) * width);
  return cellAffinity(query, cell, remembered, protocol).map(({ frame: index, share, closeness, chosen }) => ({
    frame: from + index,
    share,
    width,
    height,
    heat: Uint8Array.from(closeness, (one) => Math.round(255 * heatOf(one))),
    chosen: chosen.map(({ cell: c, weight }) => ({
      x: (((c % width) + 0.5) / width) * size.width,
      y: ((Math.floor(c / width) + 0.5) / height) * size.height,
      weight,
    })),
  }));
}
