/**
 * @file The state after one tracked frame as a file: for resuming the pass, or for merging it with the backward pass.
 */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { writeFileAtomic } from "../../core/files.ts";
import { packArrays, unpackArrays } from "../../core/packedArrays.ts";
import type { PassState } from "./pass.ts";

/** Most cells hold 0 or 1: the fastest level compresses them well enough. */
const LEVEL = 1;
/** Of the files; those of versions that kept something else are not read. */
const FORMAT = 2;

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);

/** A line of JSON, then the values of its arrays, little-endian, deflated. Atomic. @throws UserError `file/write` */
export async function writeCells(path: string, saved: PassState): Promise<void> {
  const { json, bytes } = packArrays({ format: FORMAT, saved });
  const body = await deflate(bytes, { level: LEVEL });
  await writeFileAtomic(path, Buffer.concat([Buffer.from(`${json}\n`), body]));
}

/** @returns undefined when there is no such file, or when it is damaged. */
export async function readCells(path: string): Promise<PassState | undefined> {
  try {
    const file = await readFile(path);
    const end = file.indexOf("\n");
    const bytes = await inflate(file.subarray(end + 1));
    const { format, saved } = unpackArrays({ json: file.toString("utf8", 0, end), bytes }) as {
      readonly format: unknown;
      readonly saved: PassState;
    };
    return format === FORMAT ? saved : undefined;
  } catch {
    return undefined;
  }
}
