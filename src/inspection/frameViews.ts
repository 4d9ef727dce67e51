/** @file The pictures of one whole frame: motion, value, clusters, features. */
import { sampleClusters, type SampledClusters } from "../method/multiClusterSampler.ts";
import type { ValueMapper } from "../method/valueMapper.ts";
import { drawHeat } from "../video/drawing/heatMap.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeFloat } from "../video/resize.ts";
import type { FeatureColours } from "./featureColours.ts";
import type { LearnedSettings } from "./learnedSettings.ts";
import { drawMotion } from "./motionPicture.ts";
import { ClusterHues, drawRegions } from "./regionPicture.ts";
import type { SeenFrame } from "./seenFrames.ts";

/** The views of a frame, in this order, and what they mean. */
export const VIEWS = {
  frame: "The frame, at the size used for inspection.",
  motion: "Motion apart from the camera's: the brighter, the stronger; arrows show its direction.",
  value: "Where the value extraction network (VEN) expects valuable pixels, those of objects.",
  outlines:
    "The sampler's (MCS) clusters of frame and reference. Full colours: clusters that move more than the frame's border.",
  regions:
    "The regions that grew from these outlines: the candidates of a cell come from its own region and the nearest ones.",
  features:
    "The features' three principal components as red, green and blue. The same colour in two frames is the same feature.",
} as const;

/** A key of `VIEWS`. */
export type ViewName = keyof typeof VIEWS;

/** Pictures of a frame, of its size; without `value` where the weights hold no VEN. */
export type FrameViews = Readonly<Partial<Record<ViewName, RgbPicture>>>;

/** Pictures of a frame, and the sample that the regions come from. */
export interface ViewedFrame {
  readonly views: FrameViews;
  /** Of the frame and its reference, in this order. */
  readonly sample: SampledClusters;
}

/** Draws frame after frame of one clip, so that clusters keep their colours. */
export class FrameViewer {
  private readonly colours: FeatureColours;
  private readonly settings: LearnedSettings;
  private readonly values: ValueMapper | undefined;
  private readonly hues = new ClusterHues();

  /** @param values undefined where the weights hold no VEN. */
  constructor(colours: FeatureColours, settings: LearnedSettings, values: ValueMapper | undefined) {
    this.colours = colours;
    this.settings = settings;
    this.values = values;
  }

  /** @param reference the frame that candidates come from and that value is measured against. */
  async view(frame: SeenFrame, reference: SeenFrame): Promise<ViewedFrame> {
    const { picture, stride } = frame;
    const sample = sampleClusters([sampled(frame), sampled(reference)], picture, stride, this.settings.sampler);
    const hues = this.hues.next(sample);
    const clusters = (labels: Uint8Array): RgbPicture => drawRegions(picture, sample, { labels, stride, hues });
    const views = {
      frame: picture,
      motion: drawMotion(picture, frame.motion),
      ...(this.values === undefined ? {} : { value: await this.valuePicture(frame, reference, sample, this.values) }),
      outlines: clusters(sample.outlines[0]),
      regions: clusters(sample.labels[0]),
      features: this.featurePicture(frame),
    };
    return { views, sample };
  }

  private async valuePicture(
    frame: SeenFrame,
    reference: SeenFrame,
    sample: SampledClusters,
    mapper: ValueMapper,
  ): Promise<RgbPicture> {
    const { features, motion, picture, stride } = frame;
    const { width, height } = features;
    const strength = resizeFloat(motion.strength, [1, motion.height, motion.width], width, height);
    const values = await mapper.map(features, reference.features, strength, sample);
    return drawHeat(picture, { width, height, values, extent: { width: width * stride, height: height * stride } });
  }

  /** Draws cells as squares. */
  private featurePicture({ features, picture, stride }: SeenFrame): RgbPicture {
    const cells = this.colours.picture(features);
    return enlarged(cells, stride, picture);
  }
}

function sampled({ picture, motion }: SeenFrame) {
  const { width, height } = picture;
  const strength = resizeFloat(motion.strength, [1, motion.height, motion.width], width, height);
  return { lab: rgbToLab(picture), strength };
}

/** A pixel becomes a square of `stride` pixels, cropped to the picture's size. */
function enlarged(cells: RgbPicture, stride: number, { width, height }: RgbPicture): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const from = 3 * (Math.floor(y / stride) * cells.width + Math.floor(x / stride));
      data.set(cells.data.subarray(from, from + 3), at);
    }
  return { width, height, data };
}
