/** @file What weights files hold, and the 16-bit floats among it (IEEE 754 binary16, bfloat16). */

/** Values of a tensor in memory: every float type as float32, integers in their own type. */
export type TensorData =
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** One entry of a state dict. */
export interface NamedTensor {
  /** Axes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Row-major; its length is the product of `shape`. Booleans are uint8 0/1. */
  readonly data: TensorData;
}

/** Parameter name, for example `layer1.0.conv1.weight`, to its values. */
export type StateDict = Map<string, NamedTensor>;

/** The contents of a weights file. */
export interface WeightFile {
  readonly tensors: StateDict;
  /** Free text by key, for example `variant`; empty where the format has none. */
  readonly metadata: Record<string, string>;
}

/** The number of elements of a shape (1 for a scalar). Not a safe integer when the shape is absurd: check it. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The binary16 bits nearest to a float32 value: ties to even, overflow to infinity, subnormals kept. */
export function float16Bits(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const rest = bits[0] & 0x7fffffff;
  if (rest > 0x7f800000) return sign | 0x7e00; // NaN
  if (rest >= 0x477ff000) return sign | 0x7c00; // from 65520 on: the tie above 65504 rounds to infinity
  if (rest >= 0x38800000) return sign | roundShift(rest - 0x38000000, 13); // normal: exponent bias 127 -> 15
  if (rest < 0x33000000) return sign; // below half of the smallest subnormal, 2^-25
  return sign | roundShift((rest & 0x7fffff) | 0x800000, 126 - (rest >>> 23));
}

/** Shifts right, rounding to the nearest, ties to even. */
function roundShift(value: number, places: number): number {
  const kept = value >>> places;
  const lost = value & ((1 << places) - 1);
  const half = 1 << (places - 1);
  return lost > half || (lost === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** The exact value of binary16 bits. */
export function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Many values to binary16 bits; see `float16Bits`. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, float16Bits);
}

/** Many binary16 bits to float32, exactly. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, float16Value);
}

/** Many bfloat16 bits (the upper half of a float32) to float32, exactly. */
export function fromBfloat16(uppers: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(uppers, (upper) => upper << 16).buffer);
}
