/**
 * @file The labels of a site of the service are those of its clips: before a job of a site begins, its label folder is made
 * equal to them.
 */
import { copyFile, readdir, rm, stat, utimes } from "node:fs/promises";
import { extname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isThere, makeFolders } from "../../core/files.ts";
import type { Site } from "../../site/siteFile.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { LabelStore } from "../labels/labelStore.ts";

/** The labels of a clip of a site. */
export interface ClipLabels {
  /** Of the clip in the site. */
  readonly clip: string;
  /** Of its `LabelStore`. */
  readonly folder: string;
}

/**
 * Copies labels that are new or were changed, and removes those that are gone. A site knows masks and points.
 * @throws UserError those of the sources; `json/invalid`, `lock/busy`, `file/write`
 */
export async function takeLabels(folder: SiteFolder, sources: readonly ClipLabels[]): Promise<void> {
  await using _ = await folder.lock();
  const site = await folder.read();
  let changed = 0;
  for (const source of sources) changed += await takeClip(folder, site, source);
  const objects = await namesOf(sources);
  if (Object.keys(objects).length > 0 && !isDeepStrictEqual(objects, site.objects)) {
    await folder.write({ ...site, objects });
    changed++;
  }
  if (changed > 0) await folder.note("labels", { changed });
}

/** Whether a job would find other labels than the latest one did. */
export async function areLabelsNew(folder: SiteFolder, sources: readonly ClipLabels[]): Promise<boolean> {
  for (const { clip, folder: from } of sources) {
    const wanted = await stampsOf(from, await labelFiles(new LabelStore(from)));
    const there = await stampsOf(folder.at("labels", clip), await readdir(folder.at("labels", clip)).catch(() => []));
    if (!isDeepStrictEqual(wanted, there)) return true;
  }
  return false;
}

/** @returns how many files changed */
async function takeClip(folder: SiteFolder, { footage }: Site, { clip, folder: from }: ClipLabels): Promise<number> {
  const store = new LabelStore(from);
  const files = await labelFiles(store);
  const to = folder.at("labels", clip);
  const path = footage.find(({ key }) => key === clip)?.path;
  // Of footage that is gone for a while nothing can be told: its labels stay.
  if (path === undefined || !(await isThere(path))) return 0;
  const names = files.length === 0 ? [] : await namesIn(path);
  const wanted = new Map(files.flatMap((file) => targetOf(file, names)));
  let changed = 0;
  for (const file of await readdir(to).catch(() => []))
    if (!wanted.has(file)) {
      await rm(join(to, file), { force: true });
      changed++;
    }
  if (wanted.size > 0) await makeFolders(to);
  for (const [target, file] of wanted) changed += await copied(join(from, file), join(to, target));
  return changed;
}

/** In the site a label is called as its frame is. */
function targetOf(file: string, names: readonly string[]): [string, string][] {
  const name = names[Number.parseInt(file, 10)];
  return name === undefined ? [] : [[`${name}${extname(file)}`, file]];
}

/** Files with a mask, or with points. */
async function labelFiles(store: LabelStore): Promise<string[]> {
  const files: string[] = [];
  for (const { frame, mask, shapes } of await store.frames()) {
    const name = String(frame).padStart(5, "0");
    if (mask !== null) files.push(`${name}.png`);
    if (shapes !== null && (await store.shapes(frame)).shapes.points.length > 0) files.push(`${name}.json`);
  }
  return files;
}

async function namesIn(path: string): Promise<readonly string[]> {
  await using source = await openFrameSource(path);
  return source.names;
}

/** Copies a file with its time, by which it is known later. @returns 0 where it was the same */
async function copied(from: string, to: string): Promise<0 | 1> {
  if ((await stampOf(to)) === (await stampOf(from))) return 0;
  // What is written while it is copied is newer than this, and copied again.
  const { mtime } = await stat(from);
  await copyFile(from, to);
  await utimes(to, mtime, mtime);
  return 1;
}

async function stampsOf(folder: string, files: readonly string[]): Promise<string[]> {
  return (await Promise.all(files.map((file) => stampOf(join(folder, file))))).map(String).sort();
}

/** Kind, size and time of a file, to the millisecond; undefined where there is none. */
async function stampOf(path: string): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info && `${extname(path)} ${info.size} ${info.mtime.getTime()}`;
}

/** Names of objects by their value in masks; what the first clip says counts. */
async function namesOf(sources: readonly ClipLabels[]): Promise<Record<string, string>> {
  const all = await Promise.all(sources.map(({ folder }) => new LabelStore(folder).objects()));
  const named = all.flat().flatMap(({ id, name }) => (name === undefined ? [] : [[String(id), name] as const]));
  return Object.fromEntries(named.toReversed());
}
