/** @file Max- and average-pooling. */
import { argumentError, needWhole, type Shape, shapeError } from "../shape.ts";
import { apply, constant, type OpDef, type Tensor } from "../tensor.ts";
import { add, div, equal, mul, toFloat } from "./arithmetic.ts";
import { convInputGradient, convSize } from "./conv.ts";
import { padPicture, slice, unslice } from "./layout.ts";

/** A pooling window, the same in both directions. */
export interface PoolOptions {
  readonly kernel: number;
  /** Default: the kernel. */
  readonly stride?: number;
  /** Cells added on every side, at most half the kernel; default 0. */
  readonly padding?: number;
}

/** All options. */
export type PoolSettings = Required<PoolOptions>;

function pooledShape(op: string, x: Tensor, { kernel, stride, padding }: PoolSettings): Shape {
  needWhole(op, "kernel", kernel, 1);
  needWhole(op, "stride", stride, 1);
  if (!Number.isInteger(padding) || padding < 0 || padding > kernel / 2)
    throw argumentError(op, "padding", padding, `a whole number from 0 to half the kernel ${kernel}`);
  if (x.shape.length !== 4) throw shapeError(op, "x", x.shape, "[N,C,H,W]");
  const size = x.shape.slice(2).map((n) => convSize(n, kernel, { stride, padding, dilation: 1, groups: 1 }));
  if (Math.min(...size) < 1)
    throw shapeError(op, "x", x.shape, `a picture at least as large as the window ${kernel}x${kernel}`);
  return [...x.shape.slice(0, 2), ...size];
}

function onnxAttributes({ kernel, stride, padding }: PoolSettings) {
  return { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [padding, padding, padding, padding] };
}

/** Also used for bytes, see `quantised.ts`. */
export const maxPoolOp: OpDef<PoolSettings> = {
  name: "maxPool2d",
  shape: ([x], settings) => pooledShape("maxPool2d", x, settings),
  gradient: (node, dy) => [maxPoolGradient(node, node.inputs[0], dy, node.attributes)],
  emit: (emitter, inputs, { attributes }) => emitter.node("MaxPool", inputs, onnxAttributes(attributes)),
};

/** Stands for −∞ around the picture: never wins against a real value, and stays finite. */
const LOWEST = -3e38;

/** Every tap of the window gets the gradient where it holds the maximum; equal maxima share it equally. */
function maxPoolGradient(y: Tensor, x: Tensor, dy: Tensor, { kernel, stride, padding }: PoolSettings): Tensor {
  const [ho, wo] = y.shape.slice(2);
  const padded = padPicture(x, { top: padding, bottom: padding, left: padding, right: padding }, LOWEST);
  const [h, w] = padded.shape.slice(2);
  const taps = Array.from({ length: kernel * kernel }, (_, i) => ({ row: Math.floor(i / kernel), column: i % kernel }));
  const wins = taps.map(({ row, column }) =>
    toFloat(equal(slice(slice(padded, 2, row, ho, stride), 3, column, wo, stride), y)),
  );
  const share = div(dy, wins.reduce(add));
  const dPadded = wins
    .map((win, i) => unslice(unslice(mul(win, share), 3, taps[i].column, w, stride), 2, taps[i].row, h, stride))
    .reduce(add);
  return slice(slice(dPadded, 2, padding, x.shape[2]), 3, padding, x.shape[3]);
}

/** The largest value of every window of x `[N, C, H, W]`; cells outside never win. */
export function maxPool2d(x: Tensor, { kernel, stride = kernel, padding = 0 }: PoolOptions): Tensor {
  return apply(maxPoolOp, [x], { kernel, stride, padding });
}

const averagePoolOp: OpDef<PoolSettings> = {
  name: "averagePool2d",
  shape: ([x], settings) => pooledShape("averagePool2d", x, settings),
  gradient: ({ inputs: [x], attributes: { kernel, stride, padding } }, dy) => {
    // Averaging is a convolution of every channel with a constant kernel, and so is its gradient.
    const c = x.shape[1];
    const weights = constant(new Float32Array(c * kernel * kernel).fill(1 / (kernel * kernel)), [c, 1, kernel, kernel]);
    return [convInputGradient(x, weights, dy, { stride, padding, dilation: 1, groups: c })];
  },
  emit: (emitter, inputs, { attributes }) =>
    emitter.node("AveragePool", inputs, { ...onnxAttributes(attributes), count_include_pad: 1 }),
};

/** The mean of every window of x `[N, C, H, W]`; added cells count as zeros. */
export function averagePool2d(x: Tensor, { kernel, stride = kernel, padding = 0 }: PoolOptions): Tensor {
  return apply(averagePoolOp, [x], { kernel, stride, padding });
}
