/**
 * @file The encoder in 8-bit integers: batch norm folded into the convolutions, weights with a scale for each output
 * channel, activations in 256 steps over the range that they have in pictures of the clip itself.
 */
import { internal } from "../core/errors.ts";
import {
  addQuantised,
  conv2dQuantised,
  dequantise,
  max,
  maxPoolQuantised,
  mul,
  type Quantisation,
  quantisationOf,
  quantise,
  type Quantised,
  type QuantisedKernel,
  quantiseKernel,
  type Tensor,
} from "../tensor/graph/index.ts";
import {
  type ConvLayer,
  type EncoderVariant,
  floatLayers,
  forward,
  type Layers,
  type Parameters,
  STEM_POOL,
} from "./encoder.ts";
import type { EncoderValues } from "./encoderWeights.ts";

/** Lowest and highest value of an activation. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Ranges by the name of the layer or block that an activation comes from. */
export type Ranges = ReadonlyMap<string, Range>;

/** The largest values of activations, one each: `NAME/high`, and `NAME/low` negated. */
export type Extremes = Readonly<Record<string, Float32Array>>;

const INPUT = "input";
/** Room for later pictures, which go beyond a first one's range by about this share. */
export const HEADROOM = 0.1;
/** As `scaleShift`'s. */
const EPSILON = 1e-5;

/**
 * The float32 encoder with the extremes of all its activations, one number each: `NAME/high` and `NAME/low`, the latter
 * negated.
 * @param x frames as the encoder sees them, `[1, 3, H, W]`.
 */
export function extremes(variant: EncoderVariant, parameters: Parameters, x: Tensor): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  const note = (name: string, y: Tensor): Tensor => {
    found[`${name}/high`] = max(y);
    found[`${name}/low`] = max(mul(y, -1));
    return y;
  };
  const plain = floatLayers(parameters, { kind: "inference" });
  const watched: Layers<Tensor> = {
    conv: (y, layer) => note(layer.name, plain.conv(y, layer)),
    pool: (y) => plain.pool(y),
    join: (outer, skip, name) => note(name, plain.join(outer, skip, name)),
  };
  forward(variant, watched, note(INPUT, x));
  return found;
}

/** Ranges from what `extremes` gave. */
export function rangesOf(found: Extremes): Ranges {
  const names = Object.keys(found).flatMap((key) => (key.endsWith("/high") ? [key.slice(0, -5)] : []));
  return new Map(names.map((name) => [name, { low: -found[`${name}/low`][0], high: found[`${name}/high`][0] }]));
}

/**
 * The encoder in 8-bit integers.
 * @param x frames `[1, 3, H, W]` float32, H and W multiples of the stride.
 * @returns features as `encode` gives them, float32 again.
 */
export function encodeQuantised(variant: EncoderVariant, values: EncoderValues, ranges: Ranges, x: Tensor): Tensor {
  const steps = (name: string): Quantisation => {
    const range = ranges.get(name);
    if (range === undefined) throw internal(`no range of ${name}`);
    return quantisationOf(range.low * (1 + HEADROOM), range.high * (1 + HEADROOM));
  };
  const layers: Layers<Quantised> = {
    // A range that a ReLU has been through begins at 0, so the steps do what the ReLU did.
    conv: (y, layer) => conv2dQuantised(y, foldedKernel(values, layer), steps(layer.name), layer),
    pool: (y) => maxPoolQuantised(y, STEM_POOL),
    join: (outer, skip, name) => addQuantised(outer, skip, steps(name)),
  };
  return dequantise(forward(variant, layers, quantise(x, steps(INPUT))));
}

/** Weights times γ/√(variance + ε), bias β − mean·γ/√(variance + ε). */
function foldedKernel(values: EncoderValues, { name, norm }: ConvLayer): QuantisedKernel {
  const get = (key: string): { readonly shape: readonly number[]; readonly data: Float32Array } => {
    const found = values.get(key);
    if (found === undefined) throw internal(`the encoder has no parameter ${key}`);
    return found;
  };
  const { shape, data } = get(`${name}.weight`);
  const [out, channels, height, width] = shape;
  const size = [out, channels, height, width] as const;
  if (norm === undefined) return quantiseKernel(data, size, get(`${name}.bias`).data);
  const part = (key: string): Float32Array => get(`${norm}.${key}`).data;
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(part);
  const scale = gamma.map((g, o) => g / Math.sqrt(variance[o] + EPSILON));
  const perOutput = data.length / out;
  return quantiseKernel(
    data.map((w, i) => w * scale[Math.floor(i / perOutput)]),
    size,
    beta.map((b, o) => b - mean[o] * scale[o]),
  );
}
