/** @file What draws the frames of one clip: opened once, for a whole inspection or for single frames. */
import type { Threads } from "../core/machine.ts";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import type { FeatureExtractor, PictureSize } from "../method/features.ts";
import { readLearned } from "../method/learned.ts";
import { hasValueMap, ValueMapper } from "../method/valueMapper.ts";
import type { CameraChoice, MotionMap } from "../motion/motionEstimator.ts";
import { MotionSequence } from "../motion/motionSequence.ts";
import { compilerWith } from "../tensor/index.ts";
import type { Protocol } from "../tracking/protocols.ts";
import type { FrameSource } from "../video/frame.ts";
import { FeatureColours } from "./featureColours.ts";
import { FrameViewer } from "./frameViews.ts";
import { type LearnedSettings, learnedSettings } from "./learnedSettings.ts";
import { type Seeing, someFeatures } from "./seenFrames.ts";

/** The clip, and with which encoder it is seen. */
export interface ClipViewerOptions extends Threads {
  readonly source: FrameSource;
  /** Made from `weights`. */
  readonly encoder: FeatureExtractor;
  /** See `Seeing`; without it the motion is computed here. */
  readonly encoderMotion?: (() => MotionMap | undefined) | undefined;
  readonly weights: EncoderWeights;
  readonly protocol: Protocol;
  /** What is known about the clip's camera, for the motion maps; default: as the weights were learned. */
  readonly camera?: CameraChoice | undefined;
}

/** Larger frames are shrunk to this unless the protocol says otherwise; shorter side, pixels. */
const LARGEST = 480;

/** The size used for inspection; keeps the proportions. */
export function shownSize({ width, height }: PictureSize, { shortSide }: Protocol): PictureSize {
  const short = Math.min(width, height);
  const wanted = shortSide ?? Math.min(short, LARGEST);
  return { width: Math.round((width * wanted) / short), height: Math.round((height * wanted) / short) };
}

/** Source and encoder stay the caller's. */
export class ClipViewer implements AsyncDisposable {
  readonly seeing: Seeing;
  readonly settings: LearnedSettings;
  readonly viewer: FrameViewer;
  private readonly values: ValueMapper | undefined;
  private readonly motion: MotionSequence;

  private constructor(parts: Pick<ClipViewer, "seeing" | "settings" | "viewer">, values: ValueMapper | undefined) {
    this.seeing = parts.seeing;
    this.settings = parts.settings;
    this.viewer = parts.viewer;
    this.motion = parts.seeing.motion;
    this.values = values;
  }

  /**
   * @param fitted indices of the frames that the colours of features are fitted on.
   * @throws UserError `weights/notes`, and those of reading the clip
   */
  static async open(options: ClipViewerOptions, fitted: readonly number[]): Promise<ClipViewer> {
    const { source, encoder, encoderMotion, weights, protocol, threads } = options;
    const learned = readLearned(weights.metadata);
    const settings = learnedSettings(learned);
    const { estimator, camera } = learned.motion;
    const motion = new MotionSequence({ estimator, camera: options.camera ?? camera, threads });
    try {
      const seeing: Seeing = { source, encoder, motion, encoderMotion, size: shownSize(source, protocol) };
      const colours = FeatureColours.fit(await someFeatures(seeing, fitted), protocol.similarity === "cosine");
      const values = hasValueMap(weights.values)
        ? new ValueMapper(weights.values, settings, compilerWith({ threads }))
        : undefined;
      return new ClipViewer({ seeing, settings, viewer: new FrameViewer(colours, settings, values) }, values);
    } catch (error) {
      await motion[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.values?.[Symbol.asyncDispose]();
    await this.motion[Symbol.asyncDispose]();
  }
}
