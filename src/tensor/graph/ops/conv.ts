/**
 * @file 2-D convolution and its two gradients.
 * The gradient with respect to the input is a convolution with the flipped kernel (stride 1) or a transposed
 * convolution; the gradient with respect to the weights is one matrix product per kernel tap over shifted views of the
 * input (Chetlur et al. 2014, cuDNN §3.1, reversed), because one big convolution with batch and channels exchanged is
 * 3–5 times slower on a CPU.
 */
import { needWhole, type Shape, shapeError, show } from "../shape.ts";
import type { Emitter } from "../emitter.ts";
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { reshape, sum } from "./arithmetic.ts";
import { concat, padPicture, reverse, slice, stack, transpose } from "./layout.ts";
import { matmul } from "./matmul.ts";

/** How a kernel moves over the picture, the same in both directions. */
export interface ConvOptions {
  /** Cells per step, ≥ 1; default 1. */
  readonly stride?: number;
  /** Zeros added on every side, ≥ 0; default 0. */
  readonly padding?: number;
  /** Distance between kernel taps, ≥ 1; default 1. */
  readonly dilation?: number;
  /** Groups of channels that are convolved separately; default 1. */
  readonly groups?: number;
}

/** All options. */
export type ConvSettings = Required<ConvOptions>;

/** The options with their defaults. */
export function convSettings({ stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvOptions): ConvSettings {
  return { stride, padding, dilation, groups };
}

/** Cells after a convolution along one axis. */
export function convSize(n: number, kernel: number, { stride, padding, dilation }: ConvSettings): number {
  return Math.floor((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** The settings as ONNX attributes. */
export function convAttributes({ stride, padding, dilation, groups }: ConvSettings) {
  return {
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    dilations: [dilation, dilation],
    group: groups,
  };
}

/**
 * Shape of x `[N, C, H, W]` after a convolution with w `[O, C/groups, kh, kw]`.
 * @throws UserError that names the argument
 */
export function convShape(x: Shape, w: Shape, settings: ConvSettings): Shape {
  for (const option of ["stride", "dilation", "groups"] as const) needWhole("conv2d", option, settings[option], 1);
  needWhole("conv2d", "padding", settings.padding, 0);
  if (x.length !== 4) throw shapeError("conv2d", "x", x, "[N,C,H,W]");
  const [n, c, h, width] = x;
  const [out, perGroup, kh, kw] = w;
  const { groups } = settings;
  if (c % groups !== 0) throw shapeError("conv2d", "x", x, `channels in ${groups} equal groups`);
  if (w.length !== 4 || perGroup * groups !== c || out % groups !== 0) {
    const made = groups === 1 ? "" : ` and O in ${groups} equal groups`;
    throw shapeError("conv2d", "w", w, `[O,${c / groups},kh,kw] for x ${show(x)}${made}`);
  }
  const size = [convSize(h, kh, settings), convSize(width, kw, settings)];
  if (Math.min(...size) < 1)
    throw shapeError("conv2d", "x", x, `a picture at least as large as the kernel ${kh}x${kw}`);
  return [n, out, ...size];
}

const convOp: OpDef<ConvSettings> = {
  name: "conv2d",
  shape: ([x, w], settings) => convShape(x.shape, w.shape, settings),
  gradient: ({ inputs: [x, w], attributes }, dy) => [
    convInputGradient(x, w, dy, attributes),
    weightGradient(x, w, dy, attributes),
  ],
  emit: (emitter, inputs, node) =>
    suitsBlocks(node, emitter.channelBlock)
      ? emitBlocked(emitter, inputs, node)
      : emitter.node("Conv", inputs, convAttributes(node.attributes)),
};

/** Constant weights are left to onnxruntime, which blocks them once; others must fill whole blocks. */
function suitsBlocks({ inputs: [x, w], attributes }: Tensor<ConvSettings>, block: number): boolean {
  const [c, out] = [x.shape[1], w.shape[0]];
  const fits = block > 0 && out % block === 0 && (c % block === 0 || c < block);
  return fits && attributes.groups === 1 && w.op.name !== "constant";
}

/**
 * onnxruntime's convolution on blocked channels, 1.8 times as fast as Conv with its two reorderings counted (32 and 64
 * channels, AVX-512). Weights go from O·I·kh·kw to O/B·I/B·kh·kw·B·B, or to O/B·I·kh·kw·B where the input has fewer
 * channels than a block and is not blocked.
 */
function emitBlocked(emitter: Emitter, [x, w]: readonly string[], node: Tensor<ConvSettings>): string {
  const block = emitter.channelBlock;
  const [out, c, kh, kw] = node.inputs[1].shape;
  const thin = c < block;
  const split = thin ? [out / block, block, c, kh, kw] : [out / block, block, c / block, block, kh, kw];
  const perm = thin ? [0, 2, 3, 4, 1] : [0, 2, 4, 5, 3, 1];
  const parts = emitter.node("Reshape", [w, emitter.int64(split)]);
  const turned = emitter.node("Transpose", [parts], { perm });
  const weights = emitter.node("Reshape", [turned, emitter.int64([out, c, kh, kw])]);
  const picture = thin ? x : emitter.nchwc("ReorderInput", [x]);
  const attributes = { ...convAttributes(node.attributes), kernel_shape: [kh, kw] };
  const y = emitter.nchwc("Conv", [picture, weights], attributes);
  return emitter.nchwc("ReorderOutput", [y], { channels: out });
}

/** x `[N, C, H, W]` with kernels w `[O, C/groups, kh, kw]`: `[N, O, H', W']`; no bias (add it by broadcasting). */
export function conv2d(x: Tensor, w: Tensor, options: ConvOptions = {}): Tensor {
  return apply(convOp, [x, w], convSettings(options));
}

interface TransposedSettings extends ConvSettings {
  /** Rows and columns to add at the end, where the stride left a remainder. */
  readonly outputPadding: readonly [number, number];
}

const convTransposeOp: OpDef<TransposedSettings> = {
  name: "convTranspose2d",
  shape: ([y, w], { stride, padding, dilation, groups, outputPadding }) => {
    const [n, o, h, width] = y.shape;
    const [out, perGroup, kh, kw] = w.shape;
    if (out !== o) throw shapeError("convTranspose2d", "w", w.shape, `[${o},…] for y ${show(y.shape)}`);
    const grown = (size: number, k: number, extra: number): number =>
      (size - 1) * stride - 2 * padding + dilation * (k - 1) + 1 + extra;
    return [n, perGroup * groups, grown(h, kh, outputPadding[0]), grown(width, kw, outputPadding[1])];
  },
  gradient: ({ inputs: [y, w], attributes }, dx) => [conv2d(dx, w, attributes), weightGradient(dx, w, y, attributes)],
  emit: (emitter, inputs, { attributes }) =>
    emitter.node("ConvTranspose", inputs, { ...convAttributes(attributes), output_padding: attributes.outputPadding }),
};

/** The gradient of a convolution with respect to its input: `[N, C, H, W]` like x. */
export function convInputGradient(x: Tensor, w: Tensor, dy: Tensor, settings: ConvSettings): Tensor {
  const { stride, padding, dilation, groups } = settings;
  const [kh, kw] = w.shape.slice(2);
  const flipped = dilation * (kh - 1) - padding;
  if (stride === 1 && groups === 1 && kh === kw && flipped >= 0) {
    const turned = kh === 1 ? w : reverse(w, [2, 3]);
    return conv2d(dy, transpose(turned, [1, 0, 2, 3]), { padding: flipped, dilation });
  }
  const remainder = (n: number, k: number): number => (n + 2 * padding - dilation * (k - 1) - 1) % stride;
  const outputPadding = [remainder(x.shape[2], kh), remainder(x.shape[3], kw)] as const;
  return apply(convTransposeOp, [dy, w], { ...settings, outputPadding });
}

/** The gradient of a convolution with respect to its weights: `[O, C/groups, kh, kw]` like w. */
function weightGradient(x: Tensor, w: Tensor, dy: Tensor, settings: ConvSettings): Tensor {
  const { groups } = settings;
  const [n, c] = x.shape;
  const [out, perGroup, kh, kw] = w.shape;
  const rows = (view: Tensor, channels: number): Tensor => reshape(view, [n * groups, channels / groups, -1]);
  const taps = settings.stride === 1 ? sharedViews(x, dy, kh, kw, settings) : stridedViews(x, dy, kh, kw, settings);
  const pairs = taps.map(({ gradient, input }) => ({ gradient: rows(gradient, out), input: rows(input, c) }));
  const byTap =
    perGroup < FEW_CHANNELS && settings.stride > 1 ? inOneProduct(pairs, perGroup) : oneProductPerTap(pairs);
  const perTap = sum(reshape(byTap, [n, groups, out / groups, kh * kw, perGroup]), [0]);
  return reshape(transpose(reshape(perTap, [out, kh * kw, perGroup]), [0, 2, 1]), w.shape);
}

/** For one kernel tap: dW = Σ over cells of gradient · inputᵀ, both `[N, channels, cells]`. */
interface TapPair {
  readonly gradient: Tensor;
  readonly input: Tensor;
}

/** Below this many channels a product per tap is too small, and all taps go into one. */
const FEW_CHANNELS = 16;

/** One product with all taps side by side (they share the gradient): `[N·G, O/G, taps, C/G]`. */
function inOneProduct(pairs: readonly TapPair[], perGroup: number): Tensor {
  const all = concat(
    pairs.map(({ input }) => input),
    1,
  );
  const product = matmul(pairs[0].gradient, all, { transposeB: true });
  return reshape(product, [product.shape[0], product.shape[1], pairs.length, perGroup]);
}

/** A product per tap: `[N·G, O/G, taps, C/G]`. */
function oneProductPerTap(pairs: readonly TapPair[]): Tensor {
  return stack(
    pairs.map(({ gradient, input }) => matmul(gradient, input, { transposeB: true })),
    2,
  );
}

/**
 * Stride 1: tap (ky, kx) multiplies x moved left by kx columns with dy moved down by ky rows, so kw + kh copies serve
 * kh·kw taps, and those of dy are contiguous.
 */
function sharedViews(x: Tensor, dy: Tensor, kh: number, kw: number, { padding, dilation }: ConvSettings): TapPair[] {
  const [n, c, , w] = x.shape;
  const [, out, ho, wo] = dy.shape;
  const height = ho + (kh - 1) * dilation;
  const moved = Array.from({ length: kw }, (_, kx) => {
    const left = padding - kx * dilation;
    return reshape(padPicture(x, { top: padding, bottom: padding, left, right: wo - w - left }), [n, c, height * wo]);
  });
  return Array.from({ length: kh }, (_, ky) => {
    const frame = { top: ky * dilation, bottom: (kh - 1 - ky) * dilation, left: 0, right: 0 };
    const gradient = reshape(padPicture(dy, frame), [n, out, height * wo]);
    return moved.map((input) => ({ gradient, input }));
  }).flat();
}

/** Any stride: the input cells under every tap, `[N, C, cells]` each, paired with the unchanged gradient. */
function stridedViews(
  x: Tensor,
  dy: Tensor,
  kh: number,
  kw: number,
  { stride, padding, dilation }: ConvSettings,
): TapPair[] {
  const [n, c] = x.shape;
  const [, out, ho, wo] = dy.shape;
  const padded = padPicture(x, { top: padding, bottom: padding, left: padding, right: padding });
  const gradient = reshape(dy, [n, out, ho * wo]);
  return Array.from({ length: kh * kw }, (_, tap) => {
    const rows = slice(padded, 2, Math.floor(tap / kw) * dilation, ho, stride);
    const cells = slice(rows, 3, (tap % kw) * dilation, wo, stride);
    return { gradient, input: reshape(cells, [n, c, ho * wo]) };
  });
}
