/** @file Plain data with typed arrays as one file, for work that resumes: a line of JSON, then the arrays' bytes, deflated. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { writeFileAtomic } from "./files.ts";
import { packArrays, unpackArrays } from "./packedArrays.ts";

/** Most values repeat: the fastest level compresses them well enough. */
const LEVEL = 1;

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);

/** Arrays are little-endian. Atomic. @param format files of another one are not read. @throws UserError `file/write` */
export async function writeState(path: string, format: number, saved: unknown): Promise<void> {
  const { json, bytes } = packArrays({ format, saved });
  const body = await deflate(bytes, { level: LEVEL });
  await writeFileAtomic(path, Buffer.concat([Buffer.from(`${json}\n`), body]));
}

/** @returns what was written; undefined when there is no such file of this format, or when it is damaged. */
export async function readState(path: string, format: number): Promise<unknown> {
  try {
    const file = await readFile(path);
    const end = file.indexOf("\n");
    const bytes = await inflate(file.subarray(end + 1));
    const read = unpackArrays({ json: file.toString("utf8", 0, end), bytes }) as { format: unknown; saved: unknown };
    return read.format === format ? read.saved : undefined;
  } catch {
    return undefined;
  }
}
