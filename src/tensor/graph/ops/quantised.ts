/**
 * @file Inference in 8-bit integers: a number x is stored as q = round(x / scale) + zero in 0..255 (ONNX QLinearConv
 * and related ops). With a CPU's dot products of bytes (AVX-512 VNNI and similar) a convolution takes a quarter of
 * float32's time. No gradients; only for the device `cpu`.
 */
import { argumentError, shapeError } from "../shape.ts";
import type { Emitter } from "../emitter.ts";
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { convAttributes, type ConvOptions, type ConvSettings, convSettings, convShape } from "./conv.ts";
import { maxPoolOp, type PoolOptions, type PoolSettings } from "./pool.ts";

/** The numbers that the 256 steps of a byte represent. */
export interface Quantisation {
  /** Width of a step, above 0. */
  readonly scale: number;
  /** The step that represents 0, 0..255. */
  readonly zero: number;
}

/** Bytes and the numbers that they represent. */
export interface Quantised {
  /** uint8. */
  readonly values: Tensor;
  readonly steps: Quantisation;
}

/** A convolution's numbers in 8 bits, one scale per output channel. */
export interface QuantisedKernel {
  /** `[O, C, kh, kw]`. */
  readonly weights: Int8Array;
  readonly shape: readonly [number, number, number, number];
  /** `[O]`. */
  readonly scales: Float32Array;
  /** `[O]`, float32, not quantised. */
  readonly bias: Float32Array;
}

/**
 * Weights go to −63..63, not to 127: two products of such a weight and a byte fit into 16 bits, so processors that add
 * pairs of products in 16 bits (AVX2) never saturate and give the same results as others.
 */
const LARGEST_WEIGHT = 63;

/** Steps for numbers from `low` to `high`; 0 is always among them. */
export function quantisationOf(low: number, high: number): Quantisation {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  if (!Number.isFinite(to - from)) throw argumentError("quantise", "range", to - from, "finite");
  const scale = Math.max(to - from, 1e-6) / 255;
  return { scale, zero: Math.round((0 - from) / scale) };
}

/** @param weights `[O, C, kh, kw]` float32. @param bias `[O]`. */
export function quantiseKernel(
  weights: Float32Array,
  shape: readonly [number, number, number, number],
  bias: Float32Array,
): QuantisedKernel {
  const size = weights.length / shape[0];
  const largest = (o: number): number =>
    weights.subarray(o * size, (o + 1) * size).reduce((most, w) => Math.max(most, Math.abs(w)), 1e-12);
  const scales = Float32Array.from({ length: shape[0] }, (_, o) => largest(o) / LARGEST_WEIGHT);
  return {
    weights: Int8Array.from(weights, (w, i) => Math.round(w / scales[Math.floor(i / size)])),
    shape,
    scales,
    bias,
  };
}

const stepInputs = (emitter: Emitter, { scale, zero }: Quantisation): string[] => [
  emitter.scalar(scale),
  emitter.constant(Uint8Array.of(zero), [], "uint8"),
];

const quantiseOp: OpDef<Quantisation> = {
  name: "quantise",
  dtype: "uint8",
  shape: ([x]) => x.shape,
  emit: (emitter, [x], { attributes }) => emitter.node("QuantizeLinear", [x, ...stepInputs(emitter, attributes)]),
};

/** Rounds numbers to the nearest step and clamps those out of range. */
export function quantise(x: Tensor, steps: Quantisation): Quantised {
  return { values: apply(quantiseOp, [x], steps), steps };
}

const dequantiseOp: OpDef<Quantisation> = {
  name: "dequantise",
  inputTypes: ["uint8"],
  shape: ([x]) => x.shape,
  emit: (emitter, [x], { attributes }) => emitter.node("DequantizeLinear", [x, ...stepInputs(emitter, attributes)]),
};

/** The numbers that the bytes represent, float32. */
export function dequantise({ values, steps }: Quantised): Tensor {
  return apply(dequantiseOp, [values], steps);
}

interface QuantisedConv {
  readonly kernel: QuantisedKernel;
  readonly from: Quantisation;
  readonly to: Quantisation;
  readonly settings: ConvSettings;
}

const quantisedConvOp: OpDef<QuantisedConv> = {
  name: "conv2dQuantised",
  dtype: "uint8",
  inputTypes: ["uint8"],
  shape: ([x], { kernel, settings }) => convShape(x.shape, kernel.shape, settings),
  emit: (emitter, [x], { attributes: { kernel, from, to, settings } }) => {
    const { weights, shape, scales, bias } = kernel;
    const [out, , kh, kw] = shape;
    // The bias is added to the integer sums, whose unit is a step of the input times a step of the weights.
    const sums = Int32Array.from(bias, (b, o) => Math.round(b / (scales[o] * from.scale)));
    const inputs = [
      x,
      ...stepInputs(emitter, from),
      emitter.constant(weights, shape, "int8"),
      emitter.constant(scales, [out], "float32"),
      emitter.constant(new Int8Array(out), [out], "int8"),
      ...stepInputs(emitter, to),
      emitter.constant(sums, [out], "int32"),
    ];
    return emitter.node("QLinearConv", inputs, { ...convAttributes(settings), kernel_shape: [kh, kw] });
  },
};

/** Convolution with bias, rounded to the steps `to`: with steps that begin at 0 it includes a ReLU. */
export function conv2dQuantised(
  x: Quantised,
  kernel: QuantisedKernel,
  to: Quantisation,
  options: ConvOptions = {},
): Quantised {
  const attributes = { kernel, from: x.steps, to, settings: convSettings(options) };
  return { values: apply(quantisedConvOp, [x.values], attributes), steps: to };
}

interface QuantisedSum {
  readonly a: Quantisation;
  readonly b: Quantisation;
  readonly to: Quantisation;
}

const quantisedAddOp: OpDef<QuantisedSum> = {
  name: "addQuantised",
  dtype: "uint8",
  inputTypes: ["uint8", "uint8"],
  shape: ([x, y]) => {
    if (x.shape.join() !== y.shape.join()) throw shapeError("addQuantised", "b", y.shape, x.shape.join());
    return x.shape;
  },
  emit: (emitter, [x, y], { attributes: { a, b, to } }) => {
    const inputs = [x, ...stepInputs(emitter, a), y, ...stepInputs(emitter, b), ...stepInputs(emitter, to)];
    return emitter.node("QLinearAdd", inputs, {}, "com.microsoft");
  },
};

/** a + b of one shape, rounded to the steps `to`: with steps that begin at 0 it includes a ReLU. */
export function addQuantised(a: Quantised, b: Quantised, to: Quantisation): Quantised {
  return { values: apply(quantisedAddOp, [a.values, b.values], { a: a.steps, b: b.steps, to }), steps: to };
}

const quantisedPoolOp: OpDef<PoolSettings> = {
  name: "maxPoolQuantised",
  dtype: "uint8",
  inputTypes: ["uint8"],
  shape: (inputs, settings) => maxPoolOp.shape(inputs, settings),
  emit: (emitter, inputs, node) => maxPoolOp.emit(emitter, inputs, node),
};

/** As `maxPool2d`; the steps do not change. */
export function maxPoolQuantised(x: Quantised, { kernel, stride = kernel, padding = 0 }: PoolOptions): Quantised {
  return { values: apply(quantisedPoolOp, [x.values], { kernel, stride, padding }), steps: x.steps };
}
