/**
 * @file The state after one tracked frame as a file: for resuming the pass, or for merging it with the backward pass.
 */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { writeFileAtomic } from "../../core/files.ts";
import type { SearchPosition } from "../../kernels/matcher.ts";
import type { Reached } from "../../method/features.ts";
import type { CarrierState } from "../carry.ts";
import type { WatchState } from "../matching/judgedMatcher.ts";
import type { ReadPoints } from "../points/heatMapReader.ts";

/** Most cells hold 0 or 1: the fastest level compresses them well enough. */
const LEVEL = 1;

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);

/** The line of JSON before the numbers. */
interface Header {
  /** How many cells' values there are; offsets, centres and regions follow them. */
  readonly values: number;
  /** How many numbers its clusters have. */
  readonly clusters: { readonly centres: number; readonly regions: number } | null;
  readonly search: { readonly turn: 0 | 1; readonly time: number; readonly slots: readonly number[] } | null;
  readonly points: ReadPoints | null;
  readonly watch: WatchState;
  readonly reached: Reached | null;
}

/** A line of JSON, then the numbers, little-endian, deflated. Atomic. @throws UserError `file/write` */
export async function writeCells(path: string, saved: CarrierState): Promise<void> {
  const { cells, position, clusters, points, watch, reached } = saved;
  const tables = position?.tables ?? [];
  const header: Header = {
    values: cells.length,
    clusters: clusters && { centres: clusters.centres.length, regions: clusters.regions.length },
    search: position && { turn: position.turn, time: position.time, slots: tables.map(({ slot }) => slot) },
    points,
    watch,
    reached,
  };
  const ofClusters = clusters === null ? [] : [clusters.centres, clusters.regions];
  const parts = [cells, ...tables.map(({ offsets }) => offsets), ...ofClusters].map((part) =>
    Buffer.from(part.buffer, part.byteOffset, part.byteLength),
  );
  const body = await deflate(Buffer.concat(parts), { level: LEVEL });
  await writeFileAtomic(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
}

/** @returns undefined when there is no such file, or when it is damaged. */
export async function readCells(path: string): Promise<CarrierState | undefined> {
  try {
    const file = await readFile(path);
    const end = file.indexOf("\n");
    const header = JSON.parse(file.toString("utf8", 0, end)) as Header;
    // Files of versions that judged otherwise.
    if (!Array.isArray(header.watch.judge.away)) return undefined;
    const { buffer } = Uint8Array.from(await inflate(file.subarray(end + 1)));
    return bodyOf(header, buffer);
  } catch {
    return undefined;
  }
}

function bodyOf({ values, clusters, search, ...rest }: Header, buffer: ArrayBuffer): CarrierState {
  const { centres, regions } = clusters ?? { centres: 0, regions: 0 };
  const end = buffer.byteLength - regions;
  const offsets = new Uint32Array(buffer, values * 4, (end - (values + centres) * 4) / 4);
  return {
    cells: new Float32Array(buffer, 0, values),
    position: search && positionOf(search, offsets),
    clusters: clusters && {
      centres: new Float32Array(buffer, end - centres * 4, centres),
      regions: new Uint8Array(buffer, end, regions),
    },
    ...rest,
  };
}

function positionOf({ turn, time, slots }: NonNullable<Header["search"]>, all: Uint32Array): SearchPosition {
  const length = all.length / Math.max(1, slots.length);
  return { turn, time, tables: slots.map((slot, i) => ({ slot, offsets: all.slice(i * length, (i + 1) * length) })) };
}
