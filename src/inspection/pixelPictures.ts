/** @file Pictures of single pixels: their candidates and their affinity. */
import type { SampledClusters } from "../method/multiClusterSampler.ts";
import type { PictureSize } from "../method/features.ts";
import { lastingFrames, memoryFrames, type Protocol } from "../tracking/protocols.ts";
import type { Panel } from "../video/drawing/panels.ts";
import type { Point } from "../video/point.ts";
import { cellAffinity } from "./affinity.ts";
import { affinityPanels } from "./affinityPicture.ts";
import { candidatePanels } from "./candidatePicture.ts";
import { cellOf, movingPixels, type Pixel, shownPixel } from "./pixels.ts";
import type { SeenFrame } from "./seenFrames.ts";

/** Pixels shown per frame if none are requested. */
const DEFAULT_PIXELS = 2;

export class PixelPictures {
  /** Indices of the frames that every affinity needs. */
  readonly lasting: ReadonlySet<number>;
  private readonly protocol: Protocol;
  private readonly radius: number;
  private readonly clip: PictureSize;

  /** @param options `radius` of the training window in cells, size of the `clip`. */
  constructor({ protocol, radius, clip }: { protocol: Protocol; radius: number; clip: PictureSize }) {
    this.protocol = protocol;
    this.radius = radius;
    this.clip = clip;
    this.lasting = new Set(lastingFrames(protocol));
  }

  /** The requested pixels, or those that move most in this frame. */
  of({ motion, picture }: SeenFrame, asked: readonly Point[] | undefined): Pixel[] {
    const points = asked ?? movingPixels(motion, DEFAULT_PIXELS, this.clip);
    return points.map((point) => shownPixel(point, this.clip, picture));
  }

  /** @param sample of the frame and the reference. */
  candidates(frame: SeenFrame, reference: SeenFrame, pixel: Pixel, sample: SampledClusters): Panel[] {
    return candidatePanels([frame, reference], pixel, sample, this.radius);
  }

  /** @param recall frames before this one. @returns undefined for the first frame, which has no memory. */
  affinity(frame: SeenFrame, pixel: Pixel, recall: (index: number) => SeenFrame): Panel[] | undefined {
    const memory = memoryFrames(this.protocol, frame.index)
      .filter((entry) => entry.frame < frame.index)
      .sort((a, b) => a.frame - b.frame);
    if (memory.length === 0) return undefined;
    const frames = memory.map((entry) => recall(entry.frame));
    const remembered = memory.map((entry, i) => ({ ...entry, features: frames[i].features }));
    const cell = cellOf(pixel, frame.features, frame.stride);
    const affinities = cellAffinity(frame.features, cell, remembered, this.protocol);
    const shown = affinities.map((affinity, i) => ({ ...affinity, from: frames[i], windowed: memory[i].windowed }));
    return affinityPanels(frame, pixel, shown, this.protocol.radius.cells);
  }
}
