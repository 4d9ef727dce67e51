/** @file Arithmetic in 8-bit integers, written out: real numbers for everything, rounded to steps where the graph rounds. */
import type { Quantisation, QuantisedKernel } from "../../src/tensor/index.ts";
import { conv2d, type Nd } from "./tensor.ts";

/** Halves to even, as ONNX wants it. */
function round(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** The step of a number, 0..255. */
export function stepOf(x: number, { scale, zero }: Quantisation): number {
  return Math.min(255, Math.max(0, round(x / scale) + zero));
}

/** Every number moved to its step. */
export function onSteps({ shape, data }: Nd, steps: Quantisation): Nd {
  return { shape, data: data.map((x) => (stepOf(x, steps) - steps.zero) * steps.scale) };
}

/** The numbers that a kernel's bytes stand for. */
export function weightsOf({ weights, shape, scales }: QuantisedKernel): Nd {
  const size = weights.length / shape[0];
  return { shape, data: Float64Array.from(weights, (w, i) => w * scales[Math.floor(i / size)]) };
}

/** Convolution of numbers that stand on steps, with bias, not yet moved to steps. */
export function convolved(x: Nd, kernel: QuantisedKernel, options: { stride: number; padding: number }): Nd {
  const { shape, data } = conv2d(x, weightsOf(kernel), { ...options, dilation: 1, groups: 1 });
  const plane = shape[2] * shape[3];
  return { shape, data: data.map((sum, i) => sum + kernel.bias[Math.floor(i / plane) % shape[1]]) };
}
