/** @file Lines of a file that grows, read piece by piece from a position. */
import { open } from "node:fs/promises";

/** Bytes that are read at once. */
const PIECE = 1 << 16;

/** Whole lines, and where the next one begins. */
export interface Lines {
  readonly lines: readonly string[];
  readonly end: number;
}

/** The first lines between two positions, at most so many; at least one where there is a whole one. */
export async function linesBetween(path: string, from: number, to: number, most: number): Promise<Lines> {
  await using file = await open(path, "r");
  for (let length = Math.min(PIECE, to - from); length > 0; length = Math.min(2 * length, to - from)) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    const found = split(buffer.subarray(0, bytesRead), most);
    if (found.lines.length > 0) return { ...found, end: from + found.end };
    if (bytesRead < length || length === to - from) break;
  }
  return { lines: [], end: from };
}

function split(bytes: Buffer, most: number): Lines {
  const lines: string[] = [];
  let end = 0;
  for (let next = bytes.indexOf(10); next >= 0 && lines.length < most; next = bytes.indexOf(10, end)) {
    lines.push(bytes.toString("utf8", end, next));
    end = next + 1;
  }
  return { lines, end };
}
