/** @file Safetensors files: reading them whole, writing them with the same bytes for the same content. */
import { writeFileAtomic } from "../core/files.ts";
import { UserError } from "../core/errors.ts";
import { withFile } from "./fileBytes.ts";
import { LENGTH_BYTES, METADATA_KEY, parseSafetensors } from "./safetensorsFormat.ts";
import { toFloat16 } from "./tensors.ts";
import type { NamedTensor, StateDict, TensorData, WeightFile } from "./tensors.ts";

/**
 * Reads every tensor of a file, see `parseSafetensors`.
 * @throws UserError `weights/safetensors` naming the rule that the file breaks; `weights/unreadable`.
 */
export function readSafetensors(path: string): Promise<WeightFile> {
  return withFile(path, parseSafetensors);
}

/** Settings of `writeSafetensors`. */
export interface SafetensorsOptions {
  /** How float tensors are stored; default F32. Integers keep their type. */
  readonly dtype?: "F32" | "F16";
  /** Free text by key. */
  readonly metadata?: Readonly<Record<string, string>>;
}

interface Encoded {
  readonly name: string;
  readonly kind: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Writes a file atomically, see `safetensorsBytes`. @throws UserError `weights/float16-range`, `file/write` */
export async function writeSafetensors(path: string, tensors: StateDict, options?: SafetensorsOptions): Promise<void> {
  await writeFileAtomic(path, safetensorsBytes(tensors, options));
}

/**
 * The contents of a file; the same content always gives the same bytes. Wider types come first and names are sorted
 * within a type (the order of the official writer), so that every tensor is aligned for readers that map the file.
 * @throws UserError `weights/float16-range` when a finite value does not fit float16.
 */
export function safetensorsBytes(
  tensors: StateDict,
  { dtype = "F32", metadata = {} }: SafetensorsOptions = {},
): Uint8Array {
  const encoded = [...tensors].map(([name, tensor]) => encode(name, tensor, dtype)).sort(byWidthThenName);
  const header = encodeHeader(encoded, metadata);
  const bytes = new Uint8Array(encoded.reduce((sum, { data }) => sum + data.byteLength, header.length));
  bytes.set(header);
  let at = header.length;
  for (const { data } of encoded) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function encode(name: string, { shape, data }: NamedTensor, dtype: "F32" | "F16"): Encoded {
  if (!(data instanceof Float32Array)) return { name, kind: kindOf(data), shape, data };
  if (dtype === "F32") return { name, kind: "F32", shape, data };
  const tooLarge = data.find((value) => Number.isFinite(value) && Math.abs(value) >= 65520);
  if (tooLarge !== undefined)
    throw new UserError("weights/float16-range", {
      what: `${name} holds a value that float16 cannot store`,
      got: String(tooLarge),
      expected: "at most ±65504",
      todo: "write the weights as F32",
    });
  return { name, kind: "F16", shape, data: toFloat16(data) };
}

function kindOf(data: Exclude<TensorData, Float32Array>): string {
  if (data instanceof BigInt64Array) return "I64";
  if (data instanceof BigUint64Array) return "U64";
  const unsigned = data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Uint32Array;
  return `${unsigned ? "U" : "I"}${data.BYTES_PER_ELEMENT * 8}`;
}

function byWidthThenName(a: Encoded, b: Encoded): number {
  return b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1);
}

function encodeHeader(encoded: readonly Encoded[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const entries = encoded.map(({ name, kind, shape, data }): [string, unknown] => [
    name,
    { dtype: kind, shape, data_offsets: [offset, (offset += data.byteLength)] },
  ]);
  const said = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (said.length > 0) entries.unshift([METADATA_KEY, Object.fromEntries(said)]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, LENGTH_BYTES);
  return header;
}
