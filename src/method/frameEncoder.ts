/**
 * @file The encoder itself: planes of a frame in (its colours, and those of its cues), features out. The same planes
 * give the same features whatever came before; what depends on a clip's earlier frames is the session's
 * (encoderSession.ts).
 */
import {
  type Compile,
  type CompiledGraph,
  constant,
  type DeviceKind,
  input,
  type Tensor,
} from "../tensor/graph/index.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { CueShape } from "./cue.ts";
import { channelsOf, encode, type EncoderVariant, encoderVariants, strideOf } from "./encoder.ts";
import type { EncoderValues, EncoderWeights } from "./encoderWeights.ts";
import type { FeatureMap, PictureSize } from "./features.ts";
import { fuseCue } from "./motionEnhancement.ts";
import { encodeQuantised, type Extremes, extremes, type Ranges } from "./quantisedEncoder.ts";
import { LabShrinker } from "./shrunkLab.ts";

/** What the encoder is fed for one frame. */
export interface EncoderPlanes {
  /** Of the planes: the frame's, enlarged to whole cells. */
  readonly size: PictureSize;
  /**
   * `[channels, height, width]` by name: `lab`, and one entry for each cue. Zeros to the right of the frame and below
   * it.
   */
  readonly feeds: Readonly<Record<string, Float32Array>>;
}

/** Where an encoder computes. */
export interface EncoderRuntime {
  readonly compile: Compile;
  /** What `compile` compiles for: only `cpu` computes in int8. */
  readonly device: DeviceKind;
}

/** Programs for so many frame sizes stay compiled. */
const KEPT_SIZES = 2;

interface BuiltProgram {
  readonly program: CompiledGraph<"features">;
  /** Undefined in float32. */
  readonly ranges: Ranges | undefined;
}

/**
 * Encodes single frames; one call at a time. Batch norm runs on stored statistics and is folded into the convolutions
 * by onnxruntime, which sees both as constants.
 */
export class FrameEncoder implements AsyncDisposable {
  readonly name: string;
  /** Pixels per cell. */
  readonly stride: number;
  /** Feature channels. */
  readonly channels: number;
  /** Whether it can compute in int8. */
  readonly quantises: boolean;
  private readonly variant: EncoderVariant;
  private readonly values: EncoderValues;
  private readonly cues: readonly CueShape[];
  private readonly runtime: EncoderRuntime;
  private readonly programs = new Map<string, BuiltProgram>();
  private watched: { readonly key: string; readonly program: CompiledGraph<string> } | undefined;
  private shrinkers: readonly LabShrinker[] = [];

  /** @param cues those whose planes the encoder sees beside the colours, with their factors among the values. */
  constructor({ variant, values }: EncoderWeights, cues: readonly CueShape[], runtime: EncoderRuntime) {
    this.name = variant;
    this.variant = encoderVariants[variant];
    this.stride = strideOf(this.variant);
    this.channels = channelsOf(this.variant);
    this.quantises = runtime.device === "cpu";
    this.values = values;
    this.cues = cues;
    this.runtime = runtime;
  }

  /** @param cues `[channels, height, width]` of the picture's size by name, for every cue. */
  planes(picture: RgbPicture, cues: Readonly<Record<string, Float32Array>> = {}): EncoderPlanes {
    const size = this.wholeCells(picture);
    const all = Object.entries({ lab: rgbToLab(picture), ...cues });
    return { size, feeds: Object.fromEntries(all.map(([name, data]) => [name, padded(data, picture, size)])) };
  }

  /**
   * The planes of the picture brought to another size, without cues and without the rounding of `resizeRgb`: faster,
   * for int8.
   */
  shrunkPlanes(picture: RgbPicture, to: PictureSize): EncoderPlanes {
    const size = this.wholeCells(to);
    const known = this.shrinkers.find((shrinker) => shrinker.fits(picture, to));
    const shrinker = known ?? new LabShrinker(picture, to, size);
    if (known === undefined) this.shrinkers = [shrinker, ...this.shrinkers].slice(0, KEPT_SIZES);
    return { size, feeds: { lab: shrinker.shrink(picture) } };
  }

  /**
   * @param ranges in int8, with activations of these ranges; default float32. Programs are compiled for the ranges as
   * an object.
   */
  async encode({ size, feeds }: EncoderPlanes, ranges?: Ranges): Promise<FeatureMap> {
    const { features } = await (await this.programFor(size, ranges)).run(feeds);
    const [height, width] = [size.height / this.stride, size.width / this.stride];
    return { channels: this.channels, height, width, data: features };
  }

  /** The extremes of all activations in float32, see `extremes`. */
  async extremes({ size, feeds }: EncoderPlanes): Promise<Extremes> {
    const key = keyOf(size);
    if (this.watched?.key !== key) {
      await this.watched?.program.close();
      const parameters = this.parameters();
      const graph = extremes(this.variant, parameters, this.input(parameters, size));
      this.watched = { key, program: await this.runtime.compile(graph) };
    }
    return this.watched.program.run(feeds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.watched?.program.close();
    this.watched = undefined;
    await this.forget(() => true);
  }

  private wholeCells({ width, height }: PictureSize): PictureSize {
    const { stride } = this;
    return { width: Math.ceil(width / stride) * stride, height: Math.ceil(height / stride) * stride };
  }

  private async programFor(size: PictureSize, ranges: Ranges | undefined): Promise<CompiledGraph<"features">> {
    const key = `${ranges === undefined ? "float32" : "int8"} ${keyOf(size)}`;
    // Ranges are built into the program: those of a clip before, or from before they grew, are of no more use.
    if (ranges !== undefined) await this.forget((_, built) => built !== undefined && built !== ranges);
    const known = this.programs.get(key);
    if (known !== undefined) return known.program;
    const [oldest] = this.programs.keys();
    if (this.programs.size >= KEPT_SIZES) await this.forget((other) => other === oldest);
    const program = await this.runtime.compile({ features: this.graph(size, ranges) });
    this.programs.set(key, { program, ranges });
    return program;
  }

  private async forget(which: (key: string, ranges: Ranges | undefined) => boolean): Promise<void> {
    const gone = [...this.programs].filter(([key, { ranges }]) => which(key, ranges));
    for (const [key] of gone) this.programs.delete(key);
    await Promise.all(gone.map(([, { program }]) => program.close()));
  }

  private graph(size: PictureSize, ranges: Ranges | undefined): Tensor {
    const parameters = this.parameters();
    const x = this.input(parameters, size);
    return ranges === undefined
      ? encode(this.variant, parameters, x, { kind: "inference" })
      : encodeQuantised(this.variant, this.values, ranges, x);
  }

  private parameters(): Map<string, Tensor> {
    return new Map([...this.values].map(([name, { data, shape }]) => [name, constant(data, shape)]));
  }

  /** What the encoder sees: Lab, with every cue fused into it. */
  private input(parameters: ReadonlyMap<string, Tensor>, { width, height }: PictureSize): Tensor {
    const planes = (name: string, channels: number): Tensor => input(name, [1, channels, height, width]);
    return this.cues.reduce(
      (frames, cue) => fuseCue(parameters, frames, cue, planes(cue.name, cue.channels)),
      planes("lab", 3),
    );
  }
}

function keyOf({ width, height }: PictureSize): string {
  return `${width}x${height}`;
}

/**
 * Planes with zeros to the right and below: less than a cell is added there, so that nothing has to be cropped later.
 */
function padded(planes: Float32Array, from: PictureSize, to: PictureSize): Float32Array {
  if (from.height === to.height && from.width === to.width) return planes;
  const rows = planes.length / from.width;
  const out = new Float32Array((rows / from.height) * to.height * to.width);
  for (let row = 0; row < rows; row++) {
    const plane = Math.floor(row / from.height);
    const at = (plane * to.height + (row % from.height)) * to.width;
    out.set(planes.subarray(row * from.width, (row + 1) * from.width), at);
  }
  return out;
}
