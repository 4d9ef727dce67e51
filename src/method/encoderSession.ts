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
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { channelsOf, encode, type EncoderVariant, encoderVariants, strideOf } from "./encoder.ts";
import { DEFAULT_WEIGHTS, type EncoderValues, type EncoderWeights, readEncoderWeights } from "./encoderWeights.ts";
import type { FeatureExtractor, FeatureMap } from "./features.ts";

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
}

/** Programs for so many frame sizes stay compiled. */
const KEPT_SIZES = 2;

/**
 * Opens an encoder. Batch norm runs on stored statistics and is folded into the convolutions by onnxruntime, which sees both as
 * constants.
 * @throws UserError when the weights cannot be read or are of another variant, or the device cannot be used.
 */
export async function openEncoder(options: EncoderOptions = {}): Promise<FeatureExtractor> {
  const { weights = DEFAULT_WEIGHTS, variant, device = "cpu", threads, spinning } = options;
  const loaded = typeof weights === "string" ? await readEncoderWeights(weights, variant) : weights;
  if (variant !== undefined && loaded.variant !== variant)
    throw new UserError("weights/mismatch", {
      what: "the weights are of another variant",
      got: loaded.variant,
      expected: variant,
    });
  return new EncoderSession(loaded, {
    device,
    ...(threads === undefined ? {} : { threads }),
    ...(spinning === undefined ? {} : { spinning }),
  });
}

type Runtime = Pick<ProgramOptions, "device" | "threads" | "spinning">;

class EncoderSession implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly variant: EncoderVariant;
  private readonly values: EncoderValues;
  private readonly runtime: Runtime;
  private readonly programs = new Map<string, Program<"features">>();
  /** Encodes wait for one another: each may close a program that another would be running. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ variant, values }: EncoderWeights, runtime: Runtime) {
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue;
    await Promise.all([...this.programs.values()].map((program) => program.close()));
    this.programs.clear();
  }

  private async encodeNow(picture: RgbPicture): Promise<FeatureMap> {
    const height = Math.ceil(picture.height / this.stride);
    const width = Math.ceil(picture.width / this.stride);
    const program = await this.programFor(height * this.stride, width * this.stride);
    const { features } = await program.run({ lab: this.padded(picture, height * this.stride, width * this.stride) });
    return { channels: this.channels, height, width, data: features };
  }

  /** Lab with zeros to the right and below, where the stride leaves a remainder: less than a cell, so nothing is cropped later. */
  private padded(picture: RgbPicture, height: number, width: number): Float32Array {
    const lab = rgbToLab(picture);
    if (height === picture.height && width === picture.width) return lab;
    const out = new Float32Array(3 * height * width);
    for (let row = 0; row < 3 * picture.height; row++) {
      const channel = Math.floor(row / picture.height);
      const to = (channel * height + (row % picture.height)) * width;
      out.set(lab.subarray(row * picture.width, (row + 1) * picture.width), to);
    }
    return out;
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
    return encode(this.variant, parameters, input("lab", [1, 3, height, width]), { kind: "inference" });
  }
}
