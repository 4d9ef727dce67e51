/**
 * @file Reading the safetensors format: 8 bytes little-endian header length, a JSON header, the raw little-endian
 * values. Spec: https://github.com/huggingface/safetensors#format. Its rules are checked in full: header at most 100 MB
 * that begins with `{`, no key twice, every offset inside the file, values that neither overlap nor leave gaps.
 */
import { z } from "zod";
import { messageOf, UserError } from "../core/errors.ts";
import type { FileBytes } from "./bytes.ts";
import { type Dtype, DTYPES } from "./dtypes.ts";
import { elementCount } from "./tensors.ts";
import type { StateDict, WeightFile } from "./tensors.ts";

const MAX_HEADER_BYTES = 100_000_000;
export const LENGTH_BYTES = 8;
export const METADATA_KEY = "__metadata__";

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
 * Every tensor of a file. F64, F32, F16 and BF16 become float32, integers keep their type, BOOL becomes uint8.
 * @throws UserError `weights/safetensors` naming the rule that the file breaks.
 */
export async function parseSafetensors(file: FileBytes): Promise<WeightFile> {
  const { header, dataStart } = await readHeader(file);
  const { entries, metadata } = parseHeader(file.path, header, file.size - dataStart);
  const tensors: StateDict = new Map();
  for (const { name, dtype, shape, start, end } of entries) {
    const bytes = await file.read(dataStart + start, end - start);
    tensors.set(name, { shape, data: dtype.decode(bytes.buffer) });
  }
  return { tensors, metadata };
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
      if (keys.has(key)) throw new Error(`the key ${string} occurs twice`);
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

/** Offsets must be contiguous from 0 to the end of the file. */
function checkCover(path: string, entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, start, end } of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      throw broken(path, `the values of ${name} begin at ${start} instead of ${covered} (overlap or gap)`);
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
