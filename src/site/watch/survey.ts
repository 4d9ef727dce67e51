/**
 * @file What lies in the watched folders. A recording is whole once its size and time are those of the look before; the
 * time is only ever compared with itself, so that clocks may jump.
 */
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { UserError } from "../../core/errors.ts";
import { findClips } from "../../training/clipCache.ts";

/** A recording as it lies there: a file, or a folder of pictures. */
export interface Sighting {
  /** Absolute. */
  readonly path: string;
  /** Bytes; of a folder those of all its files. */
  readonly size: number;
  /** When it was last written, ms; of a folder the latest of its files. */
  readonly modified: number;
}

/** What a look found. */
export interface Survey {
  readonly found: readonly Sighting[];
  /** Watched folders that are not there. */
  readonly missing: readonly string[];
}

/** @param except a folder in which nothing counts: the site's own */
export async function survey(folders: readonly string[], except: string): Promise<Survey> {
  const missing: string[] = [];
  const paths = new Set<string>();
  for (const folder of folders)
    for (const path of (await clipsIn(folder)) ?? (missing.push(folder), [])) paths.add(resolve(path));
  const own = resolve(except) + sep;
  const outside = [...paths].filter((path) => !path.startsWith(own));
  const found = await Promise.all(outside.map(sighting));
  return { found: found.filter((one) => one !== undefined), missing };
}

/** Undefined where there is no such folder. */
async function clipsIn(folder: string): Promise<string[] | undefined> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) return undefined;
  try {
    return await findClips([folder]);
  } catch (error) {
    // Nothing has arrived yet; or a folder in it went while it was read, and the next look knows more.
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Undefined of what has gone meanwhile. */
async function sighting(path: string): Promise<Sighting | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return { path, size: stats.size, modified: stats.mtimeMs };
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => stat(join(path, name)));
  const all = (await Promise.allSettled(files)).filter((one) => one.status === "fulfilled").map(({ value }) => value);
  return { path, ...sizeAndTime(all) };
}

function sizeAndTime(files: readonly Stats[]): Omit<Sighting, "path"> {
  return files.reduce(
    (sum, { size, mtimeMs }) => ({ size: sum.size + size, modified: Math.max(sum.modified, mtimeMs) }),
    { size: 0, modified: 0 },
  );
}
