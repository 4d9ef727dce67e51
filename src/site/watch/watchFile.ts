/**
 * @file `watch/watch.json`: what a watched site knows of its recordings, and the stretches of them that are kept. The
 * pictures lie in `watch/stretches`, so that they stay when a recorder removes what is old.
 */
import { z } from "zod";
import { isThere } from "../../core/files.ts";
import type { Stretch } from "../adapt/material.ts";
import type { SiteFolder } from "../siteFolder.ts";
import { stretchLookSchema } from "./stretchLook.ts";

/** The version of the file's layout. */
const WATCH_FORMAT = 1;

/** Where it lies in a site's folder. */
export const WATCH = "watch";

const recordingSchema = z.strictObject({
  size: z.number().min(0),
  modified: z.number(),
  /** `seen`: not known to be whole yet; `taken`: part of the footage; `refused`: why says so. */
  state: z.enum(["seen", "taken", "refused"]),
  /** The clip of the site that it became; null where it became none. */
  clip: z.string().nullable(),
  why: z.string().nullable(),
  /** Hash of what it shows, so that a copy is known; null until it was opened. */
  content: z.string().nullable(),
});
/** A file or folder that was seen. */
export type Recording = z.output<typeof recordingSchema>;

const watchedStretchSchema = z.strictObject({
  /** Names its folder. */
  key: z.string().min(1),
  clip: z.string(),
  /** Pictures. */
  frames: z.int().min(1),
  /** `judge`: nothing is ever learned from it. */
  role: z.enum(["learn", "judge"]),
  look: stretchLookSchema,
});
/** Pictures of a recording that follow one another, kept in the site. */
export type WatchedStretch = z.output<typeof watchedStretchSchema>;

const keptSchema = z.strictObject({
  reservoir: z.array(watchedStretchSchema),
  diverse: z.array(watchedStretchSchema),
  offered: z.int().min(0),
});

export const watchFileSchema = z.strictObject({
  format: z.literal(WATCH_FORMAT),
  /** Absolute paths of the watched folders. */
  from: z.array(z.string()),
  recordings: z.record(z.string(), recordingSchema),
  /** Recordings that were taken, ever. */
  taken: z.int().min(0),
  /** What came since the last adaptation. */
  fresh: z.strictObject({ learn: keptSchema, judge: z.array(watchedStretchSchema) }),
  /** What came before: it is replayed. */
  buffer: keptSchema,
  /** What a new model must not do worse on: a part that never changes, and a part of what came later. */
  older: z.strictObject({ fixed: z.array(watchedStretchSchema), later: keptSchema }),
  /** What the model in use learned from, as far as is known. */
  learned: z.array(z.strictObject({ clip: z.string(), look: stretchLookSchema })),
  /** The adaptation that was begun, and what it uses up. */
  adapting: z
    .strictObject({ number: z.int().min(1), why: z.string(), used: z.array(z.string()), replayed: z.array(z.string()) })
    .nullable(),
  /** A model that was accepted and is still to prove itself on newer footage. */
  probation: z.strictObject({ model: z.int().min(0), before: z.int().min(0) }).nullable(),
});
/** The contents of `watch.json`. */
export type WatchFile = z.output<typeof watchFileSchema>;

const NAMES = [WATCH, "watch.json"] as const;

/** Undefined where nothing was watched yet. @throws UserError `site/newer`, `json/invalid` */
export async function readWatch(folder: SiteFolder): Promise<WatchFile | undefined> {
  return (await isThere(folder.at(...NAMES))) ? folder.readFormat(NAMES, watchFileSchema, WATCH_FORMAT) : undefined;
}

/** @throws UserError `file/write` */
export function writeWatch(folder: SiteFolder, file: WatchFile): Promise<void> {
  return folder.writeJson(NAMES, file);
}

/** The file before anything has arrived. */
export function emptyWatch(from: readonly string[]): WatchFile {
  const nothing = { reservoir: [], diverse: [], offered: 0 };
  return {
    format: WATCH_FORMAT,
    from: [...from],
    recordings: {},
    taken: 0,
    fresh: { learn: nothing, judge: [] },
    buffer: nothing,
    older: { fixed: [], later: nothing },
    learned: [],
    adapting: null,
    probation: null,
  };
}

/** Where the pictures of stretches lie. */
export function stretchesFolder(folder: SiteFolder): string {
  return folder.at(WATCH, "stretches");
}

/** A stretch as adaptation takes it. */
export function asStretch(folder: SiteFolder, { key, frames }: WatchedStretch, most = frames): Stretch {
  return { clip: key, path: folder.at(WATCH, "stretches", key), start: 0, end: Math.min(most, frames) };
}
