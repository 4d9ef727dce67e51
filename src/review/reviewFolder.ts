/** @file Reviews a folder of results: which frames to look at first, with pictures and the commands that correct them. */
import { basename, join } from "node:path";
import { counted } from "../core/counted.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import { differenceOf, fingerprintOf } from "../video/fingerprint.ts";
import type { FrameSource } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { Point } from "../video/point.ts";
import { ContactWatch } from "./contactWatch.ts";
import { correctionLines } from "./correction.ts";
import { entriesOf, type ReviewEntry, thingsOf } from "./entries.ts";
import type { Finding } from "./finding.ts";
import { type ReviewPage, reviewHtml, type ShownEntry } from "./reviewPage.ts";
import { RECENT_SEC, ThingWatch } from "./thingWatch.ts";
import { areaAround, thumbnail } from "./thumbnails.ts";
import { maskOf, openTrackedFolder, type TrackedFolder } from "./trackedFolder.ts";
import { type FrameRows, frameRows, isSeen, type TrackRow } from "./trackRows.ts";

/** What to review. */
export interface ReviewOptions {
  /** The folder of the results. */
  readonly folder: string;
  /** Path of the page; default `review.html` in the folder. */
  readonly out?: string | undefined;
  /** The clip, if it is not where it was. */
  readonly video?: string | undefined;
  /** The largest number of entries. */
  readonly most: number;
  readonly logger?: Logger | undefined;
  /** Aborting ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found. */
export interface Review {
  /** The worst first. */
  readonly entries: readonly (ReviewEntry & { readonly commands: readonly string[] })[];
  /** Entries that were left out because there are worse ones. */
  readonly leftOut: number;
  /** What the user should know: the clip is gone, the results are not complete. */
  readonly notes: readonly string[];
  /** Path of the page. */
  readonly page: string;
}

/** @throws UserError `review/missing`, `review/unfinished`, `review/results`, `json/invalid`, `file/write` */
export async function reviewFolder(options: ReviewOptions): Promise<Review> {
  const { folder: path, out = join(path, "review.html"), most, logger = silent } = options;
  const folder = await openTrackedFolder(path);
  const { findings, first, last } = await found(folder, options);
  const all = entriesOf(findings, Infinity);
  const clip = await openClip(folder, options.video);
  await using _ = clip.source;
  const notes = notesOf(folder, clip, all.length - most);
  for (const note of notes) logger.warn(note);
  const entries = await shown(folder, clip, all.slice(0, most), options);
  const page: ReviewPage = { title: basename(folder.summary.video), frames: { first, last }, notes, entries };
  await writeFileAtomic(out, reviewHtml(page));
  return {
    entries: entries.map(({ pictures: _pictures, ...entry }) => entry),
    leftOut: Math.max(0, all.length - most),
    notes,
    page: out,
  };
}

interface Found {
  readonly findings: readonly Finding[];
  readonly first: number;
  readonly last: number;
}

async function found(folder: TrackedFolder, { logger = silent, signal }: ReviewOptions): Promise<Found> {
  const { summary, tracks } = folder;
  const cuts = new Set(summary.cuts);
  const things = new Map<string, ThingWatch>();
  const shortSide = Math.min(summary.width, summary.height);
  const contacts = new ContactWatch({ shortSide, labels: labelsOf(folder), mask: (frame) => maskOf(folder, frame) });
  const findings: Finding[] = [];
  let [first, last] = [-1, -1];
  for await (const frame of frameRows(tracks)) {
    signal?.throwIfAborted();
    const cut = cuts.has(frame.frame);
    if (cut) findings.push(...cutFinding(frame));
    for (const row of frame.rows) {
      const watch = things.get(row.object) ?? new ThingWatch(summary);
      things.set(row.object, watch);
      findings.push(...watch.add(row, cut));
    }
    findings.push(...(await contacts.add(frame, cut)));
    if (first < 0) first = frame.frame;
    last = frame.frame;
    logger.progress(`read ${last - first + 1} of ${summary.frameCount} frames`);
  }
  for (const watch of things.values()) findings.push(...watch.finish());
  return { findings, first, last };
}

/** What follows a cut was found anew, unless a person labelled all of it. */
function cutFinding({ frame, timeSec, rows }: FrameRows): Finding[] {
  if (rows.every(({ state }) => state === "given")) return [];
  return [{ kind: "cut", frame, timeSec, things: [], weight: 0.6, text: "the camera cuts to another shot" }];
}

const labelsOf = ({ summary }: TrackedFolder): Map<string, number> =>
  new Map(summary.objects.map(({ name, label }) => [name, label]));

/** The clip, if it is still there. */
interface Clip {
  readonly path: string;
  readonly source?: FrameSource;
  /** Why it cannot be shown. */
  readonly problem?: string;
}

async function openClip({ summary, session }: TrackedFolder, given: string | undefined): Promise<Clip> {
  const path = given ?? summary.video;
  try {
    const source = await openFrameSource(path);
    const isLike = source.width === summary.width && source.height === summary.height;
    const known = session?.fingerprint;
    const isSame = isLike && (known === undefined || differenceOf(known, await fingerprintOf(source)) === undefined);
    if (isSame) return { path, source };
    await source[Symbol.asyncDispose]();
    return { path, problem: `${path} is not the clip that was tracked` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path, problem: `${path} cannot be read` };
  }
}

function notesOf({ path, summary, session }: TrackedFolder, { problem }: Clip, more: number): string[] {
  return [
    ...(summary.complete
      ? []
      : [`tracking was stopped after ${counted(summary.frameCount, "frame")}: the rest is not reviewed`]),
    ...(problem === undefined
      ? []
      : [`${problem}, so the pictures show only what was tracked; --video names the clip`]),
    ...(session === undefined
      ? [`${path} holds no session (points by direct matching), which cannot be corrected`]
      : []),
    ...(more > 0 ? [`${counted(more, "less doubtful place")} left out; --most shows more`] : []),
  ];
}

/** Pictures and commands of all entries; frames are read in order. */
async function shown(
  folder: TrackedFolder,
  clip: Clip,
  entries: readonly ReviewEntry[],
  { logger = silent, signal }: ReviewOptions,
): Promise<ShownEntry[]> {
  const rows = await rowsAround(folder, entries);
  const done = new Map<ReviewEntry, ShownEntry>();
  for (const entry of entries.toSorted((a, b) => a.frame - b.frame)) {
    signal?.throwIfAborted();
    done.set(entry, await showEntry(folder, clip, entry, rows));
    logger.progress(`drew ${done.size} of ${entries.length} places`);
  }
  return entries.flatMap((entry) => done.get(entry) ?? []);
}

/** Frames by index: those of the entries and those half a second before, or as early as there are. */
async function rowsAround(
  folder: TrackedFolder,
  entries: readonly ReviewEntry[],
): Promise<Map<ReviewEntry, FrameRows[]>> {
  const around = new Map<ReviewEntry, FrameRows[]>(entries.map((entry) => [entry, []]));
  for await (const frame of frameRows(folder.tracks))
    for (const [entry, known] of around) {
      const isBefore = known.length === 0 && frame.timeSec >= entry.timeSec - RECENT_SEC && frame.frame < entry.frame;
      if (isBefore || frame.frame === entry.frame) known.push(frame);
    }
  return around;
}

async function showEntry(
  folder: TrackedFolder,
  clip: Clip,
  entry: ReviewEntry,
  rows: ReadonlyMap<ReviewEntry, readonly FrameRows[]>,
): Promise<ShownEntry> {
  const frames = rows.get(entry) ?? [];
  const things = thingsOf(entry);
  const own = frames.flatMap((frame) => frame.rows).filter(({ object }) => things.includes(object));
  const common = { things, labels: labelsOf(folder), area: areaAround(own, folder.summary) };
  const pictures: ShownEntry["pictures"][number][] = [];
  for (const { frame, timeSec, rows: all } of frames) {
    const picture = (await clip.source?.frame(frame)) ?? blank(folder.summary);
    const src = await thumbnail({ picture, mask: await maskOf(folder, frame), rows: all }, common);
    const when = frame === entry.frame ? "" : `, ${(entry.timeSec - timeSec).toFixed(1)} s earlier`;
    pictures.push({ src, caption: `frame ${frame}${when}` });
  }
  return { ...entry, pictures, commands: commandsOf(folder, clip, entry, frames) };
}

const blank = ({ width, height }: { readonly width: number; readonly height: number }): RgbPicture => ({
  width,
  height,
  data: new Uint8Array(3 * width * height),
});

function commandsOf(folder: TrackedFolder, { path }: Clip, entry: ReviewEntry, frames: readonly FrameRows[]): string[] {
  const things = thingsOf(entry);
  const rows = frames.find(({ frame }) => frame === entry.frame)?.rows ?? [];
  const concerned = rows.filter(({ object }) => things.length === 0 || things.includes(object));
  const [points, masks] = [true, false].map((wanted) =>
    concerned.filter(({ object }) => folder.points.has(object) === wanted),
  );
  const guesses = [...(frames[0]?.rows ?? []), ...rows];
  return correctionLines(folder, {
    frame: entry.frame,
    video: path,
    hasMask: masks.length > 0,
    points: points.map(({ object }) => ({ name: object, ...placeOf(object, guesses, folder) })),
  });
}

/** The latest place of a point that is known, else the frame's centre. */
function placeOf(name: string, rows: readonly TrackRow[], { summary }: TrackedFolder): Point {
  const { x_px: x, y_px: y } = rows.findLast((row) => row.object === name && isSeen(row)) ?? {};
  return { x: x ?? summary.width / 2, y: y ?? summary.height / 2 };
}
