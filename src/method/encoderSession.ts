/** @file An encoder ready to run on frames of any size. */
import { UserError } from "../core/errors.ts";
import {
  compile,
  constant,
  type DeviceKind,
  input,
  type Program,
  type ProgramOptions,
  type Tensor,
} from "../tensor/index.ts";
import type { CameraChoice } from "../motion/motionEstimator.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { channelsOf, encode, type EncoderVariant, encoderVariants, strideOf } from "./encoder.ts";
import { DEFAULT_WEIGHTS, type EncoderValues, type EncoderWeights, readEncoderWeights } from "./encoderWeights.ts";
import type { FeatureExtractor, FeatureMap } from "./features.ts";
import { enhanceMotion } from "./motionEnhancement.ts";
import { MotionInput, motionOf, padded } from "./motionInput.ts";

/** Which encoder, and where it runs. */
export interface EncoderOptions {
  /** A weights file or weights in memory; default: those that come with the package. */
  readonly weights?: string | EncoderWeights;
  /** Demand this variant of the weights. */
  readonly variant?: string;
  /** Default `cpu`. */
  readonly device?: DeviceKind;
  /** Threads of the CPU provider; default all cores. */
  readonly threads?: number;
  /** See `ProgramOptions`. */
  readonly spinning?: boolean;
  /** False: leave out the motion image also where the weights were learned with one (MEE). Default true. */
  readonly motion?: boolean;
  /** What is known of the clip's camera (MEE); default as the weights were learned. */
  readonly camera?: CameraChoice;
}

/** Programs for so many frame sizes stay compiled. */
const KEPT_SIZES = 2;

/**
 * Opens an encoder. Batch norm runs on stored statistics and is folded into the convolutions by onnxruntime, which sees both as
 * constants.
 * @throws UserError when the weights cannot be read or are of another variant, or the device cannot be used.
 */
export async function openEncoder(options: EncoderOptions = {}): Promise<FeatureExtractor> {
  const { weights = DEFAULT_WEIGHTS, variant, device = "cpu", threads, spinning, motion = true, camera } = options;
  const loaded = typeof weights === "string" ? await readEncoderWeights(weights, variant) : weights;
  if (variant !== undefined && loaded.variant !== variant)
    throw new UserError("weights/mismatch", {
      what: "the weights are of another variant",
      got: loaded.variant,
      expected: variant,
    });
  const learned = motion ? motionOf(loaded) : undefined;
  const settings = learned && { ...learned, camera: camera ?? learned.camera };
  const runtime: Runtime = {
    device,
    ...(threads === undefined ? {} : { threads }),
    ...(spinning === undefined ? {} : { spinning }),
  };
  return new EncoderSession(loaded, runtime, settings === undefined ? undefined : new MotionInput(settings, threads));
}

type Runtime = Pick<ProgramOptions, "device" | "threads" | "spinning">;

class EncoderSession implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly variant: EncoderVariant;
  private readonly values: EncoderValues;
  private readonly runtime: Runtime;
  private readonly motion: MotionInput | undefined;
  private readonly programs = new Map<string, Program<"features">>();
  /** Encodes wait for one another: each may close a program that another would be running. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ variant, values }: EncoderWeights, runtime: Runtime, motion: MotionInput | undefined) {
    this.motion = motion;
    this.name = variant;
    this.variant = encoderVariants[variant];
    this.stride = strideOf(this.variant);
    this.channels = channelsOf(this.variant);
    this.values = values;
    this.runtime = runtime;
  }

  encode(picture: RgbPicture): Promise<FeatureMap> {
    const result = this.queue.then(() => this.encodeNow(picture));
    this.queue = result.catch(() => {});
    return result;
  }

  restart(): void {
    this.queue = this.queue.then(() => this.motion?.restart());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue;
    await this.motion?.[Symbol.asyncDispose]();
    await Promise.all([...this.programs.values()].map((program) => program.close()));
    this.programs.clear();
  }

  private async encodeNow(picture: RgbPicture): Promise<FeatureMap> {
    const [height, width] = [picture.height, picture.width].map((n) => Math.ceil(n / this.stride));
    const size = { height: height * this.stride, width: width * this.stride };
    // Less than a cell is added to the right and below, so nothing needs to be cropped later.
    const feeds: Record<string, Float32Array> = { lab: padded(rgbToLab(picture), picture, size) };
    if (this.motion !== undefined) feeds["motion"] = await this.motion.next(picture, size);
    const program = await this.programFor(size.height, size.width);
    const { features } = await program.run(feeds);
    return { channels: this.channels, height, width, data: features };
  }

  private async programFor(height: number, width: number): Promise<Program<"features">> {
    const key = `${height}x${width}`;
    const known = this.programs.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.programs;
    if (oldest !== undefined && this.programs.size >= KEPT_SIZES) {
      this.programs.delete(oldest[0]);
      await oldest[1].close();
    }
    const program = await compile({ features: this.graph(height, width) }, this.runtime);
    this.programs.set(key, program);
    return program;
  }

  private graph(height: number, width: number): Tensor {
    const parameters = new Map([...this.values].map(([name, { data, shape }]) => [name, constant(data, shape)]));
    const lab = input("lab", [1, 3, height, width]);
    const seen = this.motion === undefined ? lab : enhanceMotion(parameters, lab, input("motion", lab.shape));
    return encode(this.variant, parameters, seen, { kind: "inference" });
  }
}
