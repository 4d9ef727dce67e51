/** @file The cells of one tracked frame as a file: what a pass needs of it to go on, or to be merged with the pass that comes back. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { writeFileAtomic } from "../../core/files.ts";
import type { SearchPosition } from "../../kernels/matcher.ts";
import type { ReadPoints } from "../points/heatMapReader.ts";

/** A frame as a pass left it. */
export interface SavedCells {
  /** `[height, width, columns]` float32: weights of background, objects and points. */
  readonly cells: Float32Array;
  /** See `FrameMatcher.position`. */
  readonly position: SearchPosition | null;
  /** Null without points. */
  readonly points: ReadPoints | null;
}

/** Where most cells hold 0 and 1 the fastest level makes them small already. */
const LEVEL = 1;

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);

/** The line of JSON before the numbers. */
interface Header {
  /** How many cells' values there are; offsets follow them. */
  readonly values: number;
  readonly search: { readonly turn: 0 | 1; readonly time: number; readonly slots: readonly number[] } | null;
  readonly points: ReadPoints | null;
}

/** A line of JSON, then the cells and the search's offsets, little-endian, deflated. Atomic. @throws UserError `file/write` */
export async function writeCells(path: string, { cells, position, points }: SavedCells): Promise<void> {
  const tables = position?.tables ?? [];
  const header: Header = {
    values: cells.length,
    search: position && { turn: position.turn, time: position.time, slots: tables.map(({ slot }) => slot) },
    points,
  };
  const parts = [cells, ...tables.map(({ offsets }) => offsets)].map((part) =>
    Buffer.from(part.buffer, part.byteOffset, part.byteLength),
  );
  const body = await deflate(Buffer.concat(parts), { level: LEVEL });
  await writeFileAtomic(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
}

/** @returns undefined when there is no such file, or when it is damaged. */
export async function readCells(path: string): Promise<SavedCells | undefined> {
  try {
    const file = await readFile(path);
    const end = file.indexOf("\n");
    const { values, search, points } = JSON.parse(file.toString("utf8", 0, end)) as Header;
    const { buffer } = Uint8Array.from(await inflate(file.subarray(end + 1)));
    return {
      cells: new Float32Array(buffer, 0, values),
      position: search && positionOf(search, buffer, values),
      points,
    };
  } catch {
    return undefined;
  }
}

function positionOf(
  { turn, time, slots }: NonNullable<Header["search"]>,
  buffer: ArrayBuffer,
  values: number,
): SearchPosition {
  const all = new Uint32Array(buffer, values * 4);
  const length = all.length / Math.max(1, slots.length);
  return { turn, time, tables: slots.map((slot, i) => ({ slot, offsets: all.slice(i * length, (i + 1) * length) })) };
}
