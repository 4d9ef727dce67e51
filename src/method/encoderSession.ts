/**
 * @file An encoder ready to run on the frames of clips: it pairs every frame with its cues, in the order of the frames.
 */
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import { ActivationRanges } from "./activationRanges.ts";
import type { Cue, CueFrame } from "./cue.ts";
import { type CueOptions, openCues } from "./cues.ts";
import type { EncoderWeights } from "./encoderWeights.ts";
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision } from "./features.ts";
import { type EncoderPlanes, type EncoderRuntime, FrameEncoder } from "./frameEncoder.ts";

/**
 * An encoder from weights in memory, computing where `runtime` says, with the cues that the weights were learned with.
 * @throws UserError those of `openCues`
 */
export function encoderSession(weights: EncoderWeights, runtime: EncoderRuntime, options?: CueOptions): EncoderSession {
  const cues = openCues(weights, options);
  return new EncoderSession(new FrameEncoder(weights, cues, runtime), cues);
}

/**
 * An encoder and its cues. All state that passes from frame to frame is here: the cues' own, and the activations'
 * ranges.
 */
export class EncoderSession implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly encoder: FrameEncoder;
  private readonly cues: readonly Cue[];
  /** Of the pictures that are encoded in int8. */
  private readonly activations: ActivationRanges;
  /**
   * Encodes wait for one another: cues go by the order of the frames, and a frame may close a program that another
   * would be running.
   */
  private queue: Promise<unknown> = Promise.resolve();

  /** @param encoder made for the cues. Both are disposed of with the session. */
  constructor(encoder: FrameEncoder, cues: readonly Cue[] = []) {
    this.name = encoder.name;
    this.stride = encoder.stride;
    this.channels = encoder.channels;
    this.encoder = encoder;
    this.cues = cues;
    // A cue that looks back has nothing to add to the first picture.
    this.activations = new ActivationRanges(cues.some(({ lookBack }) => lookBack > 0) ? 2 : 1);
  }

  encode(picture: CueFrame, precision: Precision = "float32"): Promise<FeatureMap> {
    return this.inTurn(async () =>
      this.featuresOf(this.encoder.planes(picture, await this.cuePlanes(picture)), precision),
    );
  }

  /** With `int8` and without cues the way to the input is a fast one too, without the rounding of `resizeRgb`. */
  encodeResized(picture: CueFrame, to: PictureSize, precision: Precision = "float32"): Promise<FeatureMap> {
    const { width, height } = to;
    if (width === picture.width && height === picture.height) return this.encode(picture, precision);
    if (precision === "int8" && this.cues.length === 0)
      return this.inTurn(() => this.featuresOf(this.encoder.shrunkPlanes(picture, to), precision));
    const data = resizeRgb(picture, width, height);
    return this.encode({ width, height, data, index: picture.index }, precision);
  }

  /** The way to the input is as for `encodeResized`. */
  encodeApart(picture: RgbPicture, size: PictureSize, precision: Precision = "float32"): Promise<FeatureMap> {
    return this.inTurn(() => {
      if (precision === "float32" || !this.encoder.quantises)
        return this.encoder.encode(this.planesApart(picture, size));
      const planes =
        this.cues.length === 0 ? this.encoder.shrunkPlanes(picture, size) : this.planesApart(picture, size);
      return this.encoder.encode(planes, this.activations.ranges);
    });
  }

  restart(at?: EncoderStart): void {
    void this.inTurn(async () => {
      for (const cue of this.cues) cue.restart();
      this.activations.restart(at);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue;
    for (const cue of this.cues) await cue[Symbol.asyncDispose]();
    await this.encoder[Symbol.asyncDispose]();
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  /** Without anything from the cues. */
  private planesApart(picture: RgbPicture, { width, height }: PictureSize): EncoderPlanes {
    const nothing = this.cues.map(({ name, channels }) => [name, new Float32Array(channels * width * height)] as const);
    const resized = { width, height, data: resizeRgb(picture, width, height) };
    return this.encoder.planes(resized, Object.fromEntries(nothing));
  }

  /** The planes of every cue by its name. */
  private async cuePlanes(picture: CueFrame): Promise<Record<string, Float32Array>> {
    const planes: Record<string, Float32Array> = {};
    for (const cue of this.cues) planes[cue.name] = await cue.next(picture);
    return planes;
  }

  private async featuresOf(planes: EncoderPlanes, precision: Precision): Promise<FeatureMap> {
    if (precision === "float32" || !this.encoder.quantises) return this.encoder.encode(planes);
    await this.activations.observe(() => this.encoder.extremes(planes));
    const features = await this.encoder.encode(planes, this.activations.ranges);
    return { ...features, reached: this.activations.reached };
  }
}
