/** @file Results of a session as they come: lines of `frames.jsonl` from where a reader stopped. */
import { open } from "node:fs/promises";
import type { z } from "zod";
import type { recordsBody } from "../api/schemas.ts";

/** Bytes read at once: about 3000 frames of one object. */
const MOST = 1 << 20;

/** Where a reader stopped. */
export interface Place {
  /** Bytes. */
  readonly after: number;
  /** Of the file that was read; undefined at first. */
  readonly version?: string | undefined;
}

/**
 * Whole lines from a place on. The file is replaced where it is tidied; who read another one begins again.
 * @param path of `frames.jsonl`, which need not be there yet.
 */
export async function readRecords(
  path: string,
  { after, version: known }: Place,
): Promise<z.output<typeof recordsBody>> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return { version: "", next: 0, more: false, records: [] };
  try {
    const { ino, size } = await file.stat({ bigint: true });
    const version = ino.toString(36);
    const start = known === version && after <= Number(size) ? after : 0;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, start);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
    const lines = buffer.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return { version, next: start + end, more: Number(size) > start + end && end > 0, records };
  } finally {
    await file.close();
  }
}
