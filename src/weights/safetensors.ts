/**
 * @file The safetensors format: 8 bytes little-endian header length, a JSON header, the raw little-endian values.
 * Spec: https://github.com/huggingface/safetensors#format. Its rules are checked in full: header at most 100 MB that
 * begins with `{`, no key twice, every offset inside the file, values that neither overlap nor leave holes.
 */
import { z } from "zod";
import { writeFileAtomic } from "../core/files.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { type FileBytes, withFile } from "./fileBytes.ts";
import { type Dtype, DTYPES } from "./dtypes.ts";
import { elementCount, toFloat16 } from "./tensors.ts";
import type { NamedTensor, StateDict, TensorData, WeightFile } from "./tensors.ts";

const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const METADATA_KEY = "__metadata__";

const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(whole),
  data_offsets: z.tuple([whole, whole]),
});
const metadataSchema = z.record(z.string(), z.string());

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly start: number;
  readonly end: number;
}

/** True if the bytes may be the beginning of a safetensors file: a plausible length, then `{`. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  return head.length > LENGTH_BYTES && head[LENGTH_BYTES] === 0x7b && head[6] === 0 && head[7] === 0;
}

/**
 * Reads every tensor. F64, F32, F16 and BF16 come as float32, whole numbers in their own kind, BOOL as uint8.
 * @throws UserError `weights/safetensors` naming the rule that the file breaks; `weights/unreadable`.
 */
export function readSafetensors(path: string): Promise<WeightFile> {
  return withFile(path, async (file) => {
    const { header, dataStart } = await readHeader(file);
    const { entries, metadata } = parseHeader(path, header, file.size - dataStart);
    const tensors: StateDict = new Map();
    for (const { name, dtype, shape, start, end } of entries) {
      const bytes = await file.read(dataStart + start, end - start);
      tensors.set(name, { shape, data: dtype.decode(bytes.buffer) });
    }
    return { tensors, metadata };
  });
}

async function readHeader(file: FileBytes): Promise<{ header: Uint8Array; dataStart: number }> {
  if (file.size < LENGTH_BYTES + 2) throw broken(file.path, `it has ${file.size} bytes, too few for a header`);
  const length = Number(new DataView((await file.read(0, LENGTH_BYTES)).buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw broken(file.path, `its header is said to have ${length} bytes (at most 100 MB)`);
  if (length > file.size - LENGTH_BYTES)
    throw broken(file.path, `its header is said to have ${length} bytes but the file ends before (cut off?)`);
  return { header: await file.read(LENGTH_BYTES, length), dataStart: LENGTH_BYTES + length };
}

function parseHeader(
  path: string,
  header: Uint8Array,
  dataBytes: number,
): { entries: Entry[]; metadata: Record<string, string> } {
  const { [METADATA_KEY]: said, ...named } = parseJson(path, header);
  const metadata = metadataSchema.safeParse(said ?? {});
  if (!metadata.success) throw broken(path, `${METADATA_KEY} may hold text only`);
  const entries = Object.entries(named).map(([name, value]) => parseEntry(path, name, value));
  checkCover(path, entries, dataBytes);
  return { entries, metadata: metadata.data };
}

function parseJson(path: string, header: Uint8Array): Record<string, unknown> {
  if (header[0] !== 0x7b) throw broken(path, "its header does not begin with {");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(header);
    const parsed = JSON.parse(text) as Record<string, unknown>;
    refuseDuplicateKeys(text);
    return parsed;
  } catch (error) {
    throw broken(path, `its header is not valid JSON (${messageOf(error)})`);
  }
}

/** JSON.parse keeps the last of equal keys; here `text` is known to be valid JSON, so a string before `:` is a key. */
function refuseDuplicateKeys(text: string): void {
  const open: Set<string>[] = [];
  for (const [token, string] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (string !== undefined) {
      const key = JSON.parse(string) as string;
      const keys = open[open.length - 1];
      if (keys.has(key)) throw new Error(`the key ${string} stands twice`);
      keys.add(key);
    }
  }
}

function parseEntry(path: string, name: string, value: unknown): Entry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw broken(path, `the entry of ${name} is wrong: ${z.prettifyError(parsed.error)}`);
  const { dtype: kind, shape, data_offsets: offsets } = parsed.data;
  const dtype = DTYPES.get(kind);
  if (dtype === undefined)
    throw broken(path, `${name} has dtype ${kind}`, `one of ${[...DTYPES.keys()].join(", ")}`, "convert it first");
  const bytes = elementCount(shape) * dtype.bytes;
  if (bytes !== offsets[1] - offsets[0])
    throw broken(path, `${name} [${shape.join(", ")}] ${kind} needs ${bytes} bytes but its offsets are ${offsets.join("..")}`);
  return { name, dtype, shape, start: offsets[0], end: offsets[1] };
}

/** Offsets must lie side by side from 0 to the end of the file. */
function checkCover(path: string, entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, start, end } of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      throw broken(path, `the values of ${name} begin at ${start} where ${covered} is due (overlap or hole)`);
    covered = end;
  }
  if (covered !== dataBytes)
    throw broken(path, `its tensors need ${covered} bytes but ${dataBytes} follow the header (cut off?)`);
}

function broken(path: string, why: string, expected?: string, todo?: string): UserError {
  return new UserError("weights/safetensors", {
    what: `${path} is not a valid safetensors file: ${why}`,
    ...(expected === undefined ? {} : { expected }),
    todo: todo ?? "download or write it again",
  });
}

/** Settings of `writeSafetensors`. */
export interface SafetensorsOptions {
  /** How float tensors are stored; default F32. Whole numbers keep their kind. */
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

/**
 * Writes atomically; the same content always gives the same bytes. Wider kinds come first and names are sorted within
 * a kind (the order of the official writer), so that every tensor is aligned for readers that map the file.
 * @throws UserError `weights/float16-range` when a finite value does not fit float16; `file/write`.
 */
export async function writeSafetensors(
  path: string,
  tensors: StateDict,
  { dtype = "F32", metadata = {} }: SafetensorsOptions = {},
): Promise<void> {
  const encoded = [...tensors].map(([name, tensor]) => encode(name, tensor, dtype)).sort(byWidthThenName);
  const header = encodeHeader(encoded, metadata);
  const bytes = new Uint8Array(encoded.reduce((sum, { data }) => sum + data.byteLength, header.length));
  bytes.set(header);
  let at = header.length;
  for (const { data } of encoded) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  await writeFileAtomic(path, bytes);
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
