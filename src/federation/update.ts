/**
 * @file What a site has learned, checked before anything is made of it: a file of weights of the same names and
 * shapes as the round's, finite, and no farther from them than training can go.
 */
import { UserError } from "../core/errors.ts";
import type { EncoderValues } from "../method/encoderWeights.ts";
import { inMemory } from "../weights/bytes.ts";
import { parseSafetensors } from "../weights/safetensorsFormat.ts";
import type { NamedTensor, StateDict } from "../weights/tensors.ts";

/** What may be sent beside the numbers, bytes: names, shapes, notes. */
const HEADER_BYTES = 256 * 1024;
/** Measured, not learned: they are checked, and never clipped. */
const STATISTICS = /\.running_(?:mean|var)$/u;
const VARIANCE = /\.running_var$/u;
/** No batch norm of pictures in −1..1 comes near. */
const MOST_STATISTICS = 1e6;
/** What is so often as far as training can go is no result of training. */
const ABSURD = 10;

/** The largest file of an update to these weights, bytes. */
export function mostUpdateBytes(base: EncoderValues): number {
  return [...base.values()].reduce((sum, { data }) => sum + data.byteLength, HEADER_BYTES);
}

/**
 * How far training can go. Adam moves a number by about the learning rate in a step at most (Kingma & Ba 2015,
 * section 2.1), so the difference of n numbers has a norm of at most rate · steps · √n.
 */
export function reachOf(base: EncoderValues, { learningRate, steps }: { learningRate: number; steps: number }): number {
  const learned = [...base].filter(([name]) => !STATISTICS.test(name));
  return learningRate * steps * Math.sqrt(learned.reduce((sum, [, { data }]) => sum + data.length, 0));
}

/** An update that can be used. */
export interface CheckedUpdate {
  readonly values: EncoderValues;
  /** L2 norm of the difference of all learned numbers, as it came. */
  readonly norm: number;
  /** On the difference, so that its norm is at most the reach; 1 = unchanged. */
  readonly factor: number;
}

/**
 * @param reach see `reachOf`
 * @throws UserError `weights/safetensors`; `federation/update` for other names, shapes or types, numbers that are not
 * finite, and a difference that is absurdly large
 */
export async function checkedUpdate(bytes: Uint8Array, base: EncoderValues, reach: number): Promise<CheckedUpdate> {
  const most = mostUpdateBytes(base);
  if (bytes.length > most) throw unusable("it is too large", `${bytes.length} bytes`, `at most ${most}`);
  const { tensors } = await parseSafetensors(inMemory("the update", bytes));
  requireNames(tensors, base);
  const values = new Map([...base].map(([name, { shape }]) => [name, checkedTensor(name, tensors, shape)]));
  const norm = distance(base, values);
  if (norm > ABSURD * reach)
    throw unusable(
      "it is farther from the round's weights than training can go",
      `a norm of ${norm.toPrecision(3)}`,
      `at most ${reach.toPrecision(3)}`,
    );
  const factor = norm > reach ? reach / norm : 1;
  return { values: factor === 1 ? values : pulledBack(base, values, factor), norm, factor };
}

function requireNames(tensors: StateDict, base: EncoderValues): void {
  const missing = [...base.keys()].filter((name) => !tensors.has(name));
  const unknown = [...tensors.keys()].filter((name) => !base.has(name));
  if (missing.length + unknown.length === 0) return;
  const said = [
    ...(missing.length > 0 ? [`without ${some(missing)}`] : []),
    ...(unknown.length > 0 ? [`with ${some(unknown)}`] : []),
  ];
  throw unusable("it is of another encoder, or learned in another way", said.join("; "), `${base.size} tensors`);
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function checkedTensor(name: string, tensors: StateDict, shape: readonly number[]): EncoderTensor {
  const { shape: got, data } = tensors.get(name) as NamedTensor;
  if (got.join() !== shape.join())
    throw unusable(`${name} has another shape`, `[${got.join(", ")}]`, `[${shape.join(", ")}]`);
  if (!(data instanceof Float32Array)) throw unusable(`${name} holds whole numbers`, data.constructor.name, "F32");
  const low = VARIANCE.test(name) ? 0 : -MOST_STATISTICS;
  const wrong = data.find((value) =>
    STATISTICS.test(name) ? !(value >= low && value <= MOST_STATISTICS) : !Number.isFinite(value),
  );
  if (wrong !== undefined)
    throw unusable(`${name} holds a number that is none of training`, String(wrong), "finite numbers");
  return { shape: got, data };
}

type EncoderTensor = EncoderValues extends ReadonlyMap<string, infer Tensor> ? Tensor : never;

/** L2 norm of the difference of all learned numbers. */
function distance(base: EncoderValues, values: EncoderValues): number {
  let squares = 0;
  for (const [name, { data }] of base) {
    const other = values.get(name)?.data;
    if (other !== undefined && !STATISTICS.test(name))
      for (let i = 0; i < data.length; i++) squares += (other[i] - data[i]) ** 2;
  }
  return Math.sqrt(squares);
}

/** Only so much of the difference. */
function pulledBack(base: EncoderValues, values: EncoderValues, factor: number): EncoderValues {
  return new Map(
    [...values].map(([name, { shape, data }]) => {
      const from = base.get(name)?.data;
      if (from === undefined || STATISTICS.test(name)) return [name, { shape, data }];
      return [name, { shape, data: Float32Array.from(data, (value, i) => from[i] + factor * (value - from[i])) }];
    }),
  );
}

function unusable(why: string, got: string, expected: string): UserError {
  return new UserError("federation/update", { what: `the update cannot be used: ${why}`, got, expected });
}
