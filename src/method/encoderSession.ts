/** @file An encoder ready to run on frames of any size. */
import {
  type Compile,
  type CompiledGraph,
  constant,
  type DeviceKind,
  input,
  type Tensor,
} from "../tensor/graph/index.ts";
import type { CameraChoice } from "../motion/motionEstimator.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import { ActivationRanges } from "./activationRanges.ts";
import { channelsOf, encode, type EncoderVariant, encoderVariants, strideOf } from "./encoder.ts";
import type { EncoderValues, EncoderWeights } from "./encoderWeights.ts";
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision } from "./features.ts";
import { enhanceMotion } from "./motionEnhancement.ts";
import { MotionInput, motionOf, padded } from "./motionInput.ts";
import { encodeQuantised, extremes } from "./quantisedEncoder.ts";
import { LabShrinker } from "./shrunkLab.ts";

/** Programs for so many frame sizes stay compiled. */
const KEPT_SIZES = 2;

/** Where an encoder computes. */
export interface EncoderRuntime {
  readonly compile: Compile;
  /** What `compile` compiles for: only `cpu` computes in int8. */
  readonly device: DeviceKind;
}

/** What an encoder sees beside the frame. */
export interface MotionChoice {
  /** False: leave out the motion image also where the weights were learned with one (MEE). Default true. */
  readonly motion?: boolean;
  /** What is known of the clip's camera (MEE); default as the weights were learned. */
  readonly camera?: CameraChoice;
  /** Threads that estimate motion; default all cores. */
  readonly threads?: number;
}

/** An encoder from weights in memory, computing where `runtime` says. */
export function encoderSession(
  weights: EncoderWeights,
  runtime: EncoderRuntime,
  { motion = true, camera, threads }: MotionChoice = {},
): EncoderSession {
  const learned = motion ? motionOf(weights) : undefined;
  const settings = learned && { ...learned, camera: camera ?? learned.camera };
  return new EncoderSession(weights, runtime, settings && new MotionInput(settings, threads));
}

/**
 * What `openEncoder` gives. Batch norm runs on stored statistics and is folded into the convolutions by onnxruntime, which sees
 * both as constants.
 */
export class EncoderSession implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly variant: EncoderVariant;
  private readonly values: EncoderValues;
  private readonly runtime: EncoderRuntime;
  private readonly motion: MotionInput | undefined;
  private readonly programs = new Map<string, CompiledGraph<"features">>();
  /** Of the pictures that are encoded in int8. */
  private readonly activations: ActivationRanges;
  private shrinker: LabShrinker | undefined;
  /** Encodes wait for one another: each may close a program that another would be running. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ variant, values }: EncoderWeights, runtime: EncoderRuntime, motion: MotionInput | undefined) {
    this.motion = motion;
    this.name = variant;
    this.variant = encoderVariants[variant];
    this.stride = strideOf(this.variant);
    this.channels = channelsOf(this.variant);
    this.values = values;
    this.runtime = runtime;
    this.activations = new ActivationRanges({
      graph: (size) => {
        const parameters = this.parameters();
        return extremes(this.variant, parameters, this.input(parameters, size));
      },
      compile: runtime.compile,
      // With MEE two, as nothing has moved in the first.
      first: motion === undefined ? 1 : 2,
    });
  }

  encode(picture: RgbPicture, precision: Precision = "float32"): Promise<FeatureMap> {
    return this.inTurn(() => this.encodeNow(picture, precision));
  }

  /** With `int8` the way to the input is a fast one too, without the rounding of `resizeRgb`. */
  encodeResized(picture: RgbPicture, to: PictureSize, precision: Precision = "float32"): Promise<FeatureMap> {
    const { width, height } = to;
    if (width === picture.width && height === picture.height) return this.encode(picture, precision);
    if (precision === "int8" && this.motion === undefined) return this.inTurn(() => this.encodeShrunk(picture, to));
    return this.encode({ width, height, data: resizeRgb(picture, width, height) }, precision);
  }

  restart(at?: EncoderStart): void {
    void this.inTurn(async () => {
      this.motion?.restart();
      // Programs have the ranges of the clip before built in.
      if (this.activations.restart(at)) await this.forget((key) => key.startsWith("int8"));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue;
    await this.motion?.[Symbol.asyncDispose]();
    await this.activations[Symbol.asyncDispose]();
    await this.forget(() => true);
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private async encodeNow(picture: RgbPicture, precision: Precision): Promise<FeatureMap> {
    const size = this.wholeCells(picture);
    // Less than a cell is added to the right and below, so nothing needs to be cropped later.
    const feeds: Record<string, Float32Array> = { lab: padded(rgbToLab(picture), picture, size) };
    if (this.motion !== undefined) feeds["motion"] = await this.motion.next(picture, size);
    return this.featuresOf(feeds, size, precision);
  }

  private async encodeShrunk(picture: RgbPicture, to: PictureSize): Promise<FeatureMap> {
    const size = this.wholeCells(to);
    if (this.shrinker?.fits(picture, to) !== true) this.shrinker = new LabShrinker(picture, to, size);
    return this.featuresOf({ lab: this.shrinker.shrink(picture) }, size, "int8");
  }

  private wholeCells({ width, height }: PictureSize): PictureSize {
    const { stride } = this;
    return { width: Math.ceil(width / stride) * stride, height: Math.ceil(height / stride) * stride };
  }

  /** @param size of the feeds, whole cells. */
  private async featuresOf(
    feeds: Record<string, Float32Array>,
    size: PictureSize,
    precision: Precision,
  ): Promise<FeatureMap> {
    const used = this.runtime.device === "cpu" ? precision : "float32";
    if (used === "int8" && (await this.activations.look(feeds, size)))
      await this.forget((key) => key.startsWith("int8"));
    const { features } = await (await this.programFor(size, used)).run(feeds);
    const [height, width] = [size.height / this.stride, size.width / this.stride];
    const reached = used === "int8" ? { reached: this.activations.reached } : {};
    return { channels: this.channels, height, width, data: features, ...reached };
  }

  private async programFor(size: PictureSize, precision: Precision): Promise<CompiledGraph<"features">> {
    const key = `${precision} ${size.width}x${size.height}`;
    const known = this.programs.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.programs.keys();
    if (this.programs.size >= KEPT_SIZES) await this.forget((other) => other === oldest);
    const program = await this.runtime.compile({ features: this.graph(size, precision) });
    this.programs.set(key, program);
    return program;
  }

  private async forget(which: (key: string) => boolean): Promise<void> {
    const gone = [...this.programs].filter(([key]) => which(key));
    for (const [key] of gone) this.programs.delete(key);
    await Promise.all(gone.map(([, program]) => program.close()));
  }

  private graph(size: PictureSize, precision: Precision): Tensor {
    const parameters = this.parameters();
    const x = this.input(parameters, size);
    return precision === "int8"
      ? encodeQuantised(this.variant, this.values, this.activations.ranges, x)
      : encode(this.variant, parameters, x, { kind: "inference" });
  }

  private parameters(): Map<string, Tensor> {
    return new Map([...this.values].map(([name, { data, shape }]) => [name, constant(data, shape)]));
  }

  /** What the encoder sees: Lab, with the motion image added where there is one. */
  private input(parameters: ReadonlyMap<string, Tensor>, { width, height }: PictureSize): Tensor {
    const lab = input("lab", [1, 3, height, width]);
    return this.motion === undefined ? lab : enhanceMotion(parameters, lab, input("motion", lab.shape));
  }
}
