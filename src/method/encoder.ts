/**
 * @file The encoder φ: ResNets of basic blocks (He et al. 2016) in the sizes of the ancestors (MAST, CRW), built as a
 * graph. Parameters have torchvision's names, so weights move between PyTorch and here unchanged.
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
} from "../tensor/graph/index.ts";

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
   * Zero for the last batch norm's γ of every block, so that each block begins as the identity: MAST trains reliably
   * with it and on one PyTorch version only without (LIIR's code; Goyal et al. 2017). Default true.
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

/** One convolution of an encoder. */
export interface ConvLayer {
  /** Of its parameters: `NAME.weight`, and `NAME.bias` without a norm. */
  readonly name: string;
  /** Name of the batch norm after it. */
  readonly norm?: string;
  readonly stride: number;
  readonly padding: number;
  /** A ReLU at the end. */
  readonly relu: boolean;
}

/** The steps that an encoder consists of, in one kind of arithmetic. */
export interface Layers<X> {
  conv(x: X, layer: ConvLayer): X;
  pool(x: X): X;
  /** The end of the block `name`: ReLU of the sum. */
  join(outer: X, skip: X, name: string): X;
}

/** The 3×3 stride-2 max-pooling of variants with `pool`. */
export const STEM_POOL = { kernel: 3, stride: 2, padding: 1 } as const;

/** From frames to features, whatever the arithmetic. */
export function forward<X>(variant: EncoderVariant, layers: Layers<X>, x: X): X {
  const block = (y: X, spec: BlockSpec): X => {
    const { name, stride } = spec;
    const inner = layers.conv(y, { name: `${name}.conv1`, norm: `${name}.bn1`, stride, padding: 1, relu: true });
    const last = { name: `${name}.conv2`, norm: `${name}.bn2`, stride: 1, padding: 1, relu: false };
    const down = { name: `${name}.downsample.0`, norm: `${name}.downsample.1`, stride, padding: 0, relu: false };
    return layers.join(layers.conv(inner, last), hasDownsample(spec) ? layers.conv(y, down) : y, name);
  };
  const stem = layers.conv(x, { name: "conv1", norm: "bn1", stride: 2, padding: 3, relu: true });
  const features = blocksOf(variant).reduce(block, variant.pool ? layers.pool(stem) : stem);
  if (variant.head === undefined) return features;
  return layers.conv(features, { name: "head", stride: 1, padding: 1, relu: false });
}

/**
 * The encoder as graph nodes.
 * @param x Lab frames `[N, 3, H, W]`, H and W multiples of the stride.
 * @returns features `[N, d, H/s, W/s]`, not normalised.
 */
export function encode(variant: EncoderVariant, parameters: Parameters, x: Tensor, mode: BatchNormMode): Tensor {
  return forward(variant, floatLayers(parameters, mode), x);
}

/** The layers in float32. */
export function floatLayers(parameters: Parameters, mode: BatchNormMode): Layers<Tensor> {
  const get = (name: string): Tensor => {
    const found = parameters.get(name);
    if (found === undefined) throw new UserError("weights/missing", { what: `the encoder has no parameter ${name}` });
    return found;
  };
  const biased = (name: string, y: Tensor): Tensor => add(y, reshape(get(`${name}.bias`), [1, y.shape[1], 1, 1]));
  return {
    conv: (x, { name, norm, stride, padding, relu: rectified }) => {
      const y = conv2d(x, get(`${name}.weight`), { stride, padding });
      const z = norm === undefined ? biased(name, y) : batchNorm(norm, y, get, mode);
      return rectified ? relu(z) : z;
    },
    pool: (x) => maxPool2d(x, STEM_POOL),
    join: (outer, skip) => relu(add(outer, skip)),
  };
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
