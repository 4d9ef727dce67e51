/**
 * @file The encoder φ: ResNets of basic blocks (He et al. 2016) in the sizes of the ancestors (MAST, CRW), built as a graph.
 * Parameters have torchvision's names, so weights move between PyTorch and here unchanged.
 */
import { Random } from "../core/random.ts";
import { UserError } from "../core/errors.ts";
import {
  add,
  batchNormTraining,
  conv2d,
  maxPool2d,
  type ParameterSpec,
  relu,
  reshape,
  scaleShift,
  type Shape,
  sizeOf,
  type Tensor,
} from "../tensor/index.ts";

/** The layout of one encoder. */
export interface EncoderVariant {
  /** Channels of the 7×7 stride-2 convolution in front. */
  readonly stem: number;
  /** A 3×3 stride-2 max-pooling after it. */
  readonly pool: boolean;
  /** Channels of each stage of two blocks. */
  readonly widths: readonly number[];
  /** Stride of each stage. */
  readonly strides: readonly number[];
  /** Channels of the 3×3 convolution at the end; none if undefined. */
  readonly head?: number;
}

/** `mast` and `small` at stride 4, `crw` and `nano` at stride 8; `nano` is ours, for live use. */
export const encoderVariants = {
  mast: { stem: 64, pool: false, widths: [64, 128, 256, 256], strides: [1, 2, 1, 1], head: 64 },
  crw: { stem: 64, pool: true, widths: [64, 128, 256], strides: [1, 2, 1] },
  small: { stem: 32, pool: false, widths: [32, 64, 128], strides: [1, 2, 1], head: 64 },
  nano: { stem: 16, pool: true, widths: [32, 64], strides: [1, 2], head: 32 },
} as const satisfies Record<string, EncoderVariant>;

/** The name of a variant. */
export type VariantName = keyof typeof encoderVariants;

/** The variant with this name. @throws UserError listing the names there are. */
export function encoderVariant(name: string): EncoderVariant {
  if (Object.hasOwn(encoderVariants, name)) return encoderVariants[name as VariantName];
  throw new UserError("encoder/variant", {
    what: `unknown encoder variant "${name}"`,
    expected: `one of ${Object.keys(encoderVariants).join(", ")}`,
  });
}

/** Pixels per feature cell. */
export function strideOf({ pool, strides }: EncoderVariant): number {
  return strides.reduce((product, s) => product * s, pool ? 4 : 2);
}

/** Feature channels d. */
export function channelsOf({ head, widths }: EncoderVariant): number {
  return head ?? widths[widths.length - 1];
}

/** One block: its name, channels and stride. */
interface BlockSpec {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

function blocksOf({ stem, widths, strides }: EncoderVariant): BlockSpec[] {
  return widths.flatMap((to, i) => [
    { name: `layer${i + 1}.0`, from: widths[i - 1] ?? stem, to, stride: strides[i] },
    { name: `layer${i + 1}.1`, from: to, to, stride: 1 },
  ]);
}

function hasDownsample({ from, to, stride }: BlockSpec): boolean {
  return stride !== 1 || from !== to;
}

/** Every batch norm and its channels, in the order of the forward pass. */
function batchNormsOf(variant: EncoderVariant): { name: string; channels: number }[] {
  const inBlocks = blocksOf(variant).flatMap((block) => [
    { name: `${block.name}.bn1`, channels: block.to },
    { name: `${block.name}.bn2`, channels: block.to },
    ...(hasDownsample(block) ? [{ name: `${block.name}.downsample.1`, channels: block.to }] : []),
  ]);
  return [{ name: "bn1", channels: variant.stem }, ...inBlocks];
}

function convSpec(name: string, to: number, from: number, k: number): ParameterSpec {
  return { name: `${name}.weight`, shape: [to, from, k, k] };
}

/** Learned parameters: names and shapes as in PyTorch. */
export function encoderParameters(variant: EncoderVariant): ParameterSpec[] {
  const convs = blocksOf(variant).flatMap((block) => [
    convSpec(`${block.name}.conv1`, block.to, block.from, 3),
    convSpec(`${block.name}.conv2`, block.to, block.to, 3),
    ...(hasDownsample(block) ? [convSpec(`${block.name}.downsample.0`, block.to, block.from, 1)] : []),
  ]);
  const norms = batchNormsOf(variant).flatMap(({ name, channels }) => [
    { name: `${name}.weight`, shape: [channels] },
    { name: `${name}.bias`, shape: [channels] },
  ]);
  const { head, widths } = variant;
  const headSpecs =
    head === undefined
      ? []
      : [convSpec("head", head, widths[widths.length - 1], 3), { name: "head.bias", shape: [head] }];
  return [convSpec("conv1", variant.stem, 3, 7), ...convs, ...norms, ...headSpecs];
}

/** Running statistics of the batch norms: `NAME.running_mean` and `NAME.running_var`, `[C]` each. */
export function encoderStatistics(variant: EncoderVariant): ParameterSpec[] {
  return batchNormsOf(variant).flatMap(({ name, channels }) => [
    { name: `${name}.running_mean`, shape: [channels] },
    { name: `${name}.running_var`, shape: [channels] },
  ]);
}

/** True for what weight decay should leave alone: norms and biases. */
export function isNormOrBias({ shape }: ParameterSpec): boolean {
  return shape.length === 1;
}

/** How to start. */
export interface InitialisationOptions {
  readonly seed: number;
  /**
   * Zero for the last batch norm's γ of every block, so that each block begins as the identity: MAST trains reliably with it
   * and on one PyTorch version only without (LIIR's code; Goyal et al. 2017). Default true.
   */
  readonly zeroLastGamma?: boolean;
}

/** First values: He's normal initialisation (fan out) for convolutions, γ = 1, β = 0, statistics 0 and 1. */
export function initialValues(
  variant: EncoderVariant,
  { seed, zeroLastGamma = true }: InitialisationOptions,
): Map<string, { shape: Shape; data: Float32Array }> {
  const random = new Random(seed);
  const value = (spec: ParameterSpec): Float32Array => {
    const { name, shape } = spec;
    const size = sizeOf(shape);
    if (!isNormOrBias(spec)) {
      const deviation = Math.sqrt(2 / (shape[0] * shape[2] * shape[3]));
      return Float32Array.from({ length: size }, () => deviation * random.normal());
    }
    const isGamma = name.endsWith(".weight") || name.endsWith(".running_var");
    const starts = isGamma && !(zeroLastGamma && name.endsWith(".bn2.weight")) ? 1 : 0;
    return new Float32Array(size).fill(starts);
  };
  const specs = [...encoderParameters(variant), ...encoderStatistics(variant)];
  return new Map(specs.map((spec) => [spec.name, { shape: spec.shape, data: value(spec) }]));
}

/** Tensors by parameter name. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** How batch norm is done: with the batch's statistics (collected) or with stored ones. */
export type BatchNormMode =
  | { readonly kind: "training"; readonly collected: Map<string, Tensor> }
  | { readonly kind: "inference" };

/**
 * The encoder as graph nodes.
 * @param x Lab frames `[N, 3, H, W]`, H and W multiples of the stride.
 * @returns features `[N, d, H/s, W/s]`, not normalised.
 */
export function encode(variant: EncoderVariant, parameters: Parameters, x: Tensor, mode: BatchNormMode): Tensor {
  const get = (name: string): Tensor => {
    const found = parameters.get(name);
    if (found === undefined) throw new UserError("weights/missing", { what: `the encoder has no parameter ${name}` });
    return found;
  };
  const norm = (name: string, y: Tensor): Tensor => batchNorm(name, y, get, mode);
  const convNorm = (conv: string, bn: string, y: Tensor, stride: number, padding: number): Tensor =>
    norm(bn, conv2d(y, get(`${conv}.weight`), { stride, padding }));
  const block = (y: Tensor, spec: BlockSpec): Tensor => {
    const { name, stride } = spec;
    const inner = relu(convNorm(`${name}.conv1`, `${name}.bn1`, y, stride, 1));
    const outer = convNorm(`${name}.conv2`, `${name}.bn2`, inner, 1, 1);
    const skip = hasDownsample(spec) ? convNorm(`${name}.downsample.0`, `${name}.downsample.1`, y, stride, 0) : y;
    return relu(add(outer, skip));
  };
  const stem = relu(convNorm("conv1", "bn1", x, 2, 3));
  const pooled = variant.pool ? maxPool2d(stem, { kernel: 3, stride: 2, padding: 1 }) : stem;
  const features = blocksOf(variant).reduce(block, pooled);
  if (variant.head === undefined) return features;
  return add(conv2d(features, get("head.weight"), { padding: 1 }), reshape(get("head.bias"), [1, variant.head, 1, 1]));
}

function batchNorm(name: string, x: Tensor, get: (name: string) => Tensor, mode: BatchNormMode): Tensor {
  const gamma = get(`${name}.weight`);
  const beta = get(`${name}.bias`);
  if (mode.kind === "inference")
    return scaleShift(x, gamma, beta, get(`${name}.running_mean`), get(`${name}.running_var`));
  const { y, mean, variance } = batchNormTraining(x, gamma, beta);
  mode.collected.set(`${name}.running_mean`, mean);
  mode.collected.set(`${name}.running_var`, variance);
  return y;
}
