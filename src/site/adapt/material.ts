/**
 * @file What a site learns from, and what is set aside to judge it by: whole clips where there are many, else the last
 * part of each. Nothing that is learned from is judged by.
 */
import { UserError } from "../../core/errors.ts";
import type { CheckedClip, Check, UnreadableClip } from "../../footage/checkFile.ts";
import type { ClipRanges } from "../../training/clipCache.ts";
import { drawnOrder, passageKey } from "../plan/passages.ts";
import type { SiteClip } from "../siteFile.ts";

/** Frames `start` (inclusive) to `end` (exclusive) of a clip. */
export interface Stretch {
  readonly clip: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A clip that is left out, and why. */
export interface LeftOut {
  readonly clip: string;
  readonly why: string;
}

/** See the file comment. */
export interface Material {
  readonly learn: readonly Stretch[];
  readonly aside: readonly Stretch[];
}

/** Where there are so many clips, whole ones are set aside. */
const MANY = 8;
/** The share of the footage that is set aside. */
const ASIDE = 0.2;
/** Stretches that are judged by, and frames of each. */
export const MOST_STRETCHES = 8;
export const STRETCH_FRAMES = 24;
export const LEAST_FRAMES = 10;
/** Fewer cannot tell a gain from noise. */
const LEAST_STRETCHES = 4;
/** What to do where there is too little, in a site. */
const ADD_FOOTAGE = "add footage with tsumugi site init SITE --footage PATHS";

/** The clips that the check found good enough, and the others. Those that it has not seen count as good. */
export function refusedByCheck(
  clips: readonly SiteClip[],
  check: Check | null,
): { readonly kept: readonly SiteClip[]; readonly leftOut: readonly LeftOut[] } {
  const checked = new Map(check?.clips.map((one) => [one.path, one]));
  const leftOut = clips.flatMap(({ key, path }) => {
    const why = whyRefused(checked.get(path));
    return why === undefined ? [] : [{ clip: key, why }];
  });
  const out = new Set(leftOut.map(({ clip }) => clip));
  return { kept: clips.filter(({ key }) => !out.has(key)), leftOut };
}

/** Why the check refuses a clip; undefined: it does not. */
export function whyRefused(checked: CheckedClip | UnreadableClip | undefined): string | undefined {
  if (checked?.verdict === "unreadable") return checked.error.message;
  if (checked?.verdict !== "poor") return undefined;
  return checked.readings.find(({ verdict }) => verdict === "poor")?.said ?? "poor";
}

/**
 * What to learn from, and what to judge by.
 * @param todo what to do where there is too little. @throws UserError `site/too-little`
 */
export function chooseMaterial(clips: readonly SiteClip[], seed: number, todo = ADD_FOOTAGE): Material {
  const { learn, ranges } = clips.length >= MANY ? wholeClips(clips, seed) : lastParts(clips);
  const most = Math.ceil(MOST_STRETCHES / Math.max(1, ranges.length));
  const aside = ranges.flatMap((range) => spread(range, most)).slice(0, MOST_STRETCHES);
  if (learn.length === 0 || aside.length < LEAST_STRETCHES) throw tooLittle(aside.length, todo);
  return { learn, aside };
}

interface Parts {
  readonly learn: readonly Stretch[];
  /** To set aside. */
  readonly ranges: readonly Stretch[];
}

const stretchOf = ({ key, path }: SiteClip, start: number, end: number): Stretch => ({ clip: key, path, start, end });

/** Stretches to test by, spread over the cameras: what nothing is learned from need not be set aside. */
export function testStretches(clips: readonly SiteClip[], seed: number): Stretch[] {
  const long = drawnClips(clips, seed).filter(({ frames }) => frames >= LEAST_FRAMES);
  const most = Math.ceil(MOST_STRETCHES / Math.max(1, long.length));
  return long
    .slice(0, MOST_STRETCHES)
    .flatMap((clip) => spread(stretchOf(clip, 0, clip.frames), most))
    .slice(0, MOST_STRETCHES);
}

/** By lot, camera by camera. */
export function drawnClips(clips: readonly SiteClip[], seed: number): SiteClip[] {
  const byKey = new Map(clips.map((clip) => [clip.key, clip]));
  const passages = clips.map(({ key, camera, frames }) => ({
    key: passageKey(key, 0),
    clip: key,
    camera,
    start: 0,
    end: frames,
  }));
  return drawnOrder(passages, seed).flatMap(({ clip }) => byKey.get(clip) ?? []);
}

function wholeClips(clips: readonly SiteClip[], seed: number): Parts {
  const long = drawnClips(clips, seed).filter(({ frames }) => frames >= LEAST_FRAMES);
  const count = Math.min(MOST_STRETCHES, Math.max(LEAST_STRETCHES, Math.round(ASIDE * clips.length)));
  const out = new Set(long.slice(0, count));
  return {
    learn: clips.filter((clip) => !out.has(clip)).map((clip) => stretchOf(clip, 0, clip.frames)),
    ranges: [...out].map((clip) => stretchOf(clip, 0, clip.frames)),
  };
}

/** The last part of every clip that is long enough for both. */
function lastParts(clips: readonly SiteClip[]): Parts {
  const parts = clips.map((clip) => {
    const wanted = Math.max(Math.round(ASIDE * clip.frames), Math.ceil(LEAST_STRETCHES / clips.length) * LEAST_FRAMES);
    return { clip, border: clip.frames < 2 * wanted ? clip.frames : clip.frames - wanted };
  });
  return {
    learn: parts.map(({ clip, border }) => stretchOf(clip, 0, border)),
    ranges: parts
      .filter(({ clip, border }) => border < clip.frames)
      .map(({ clip, border }) => stretchOf(clip, border, clip.frames)),
  };
}

/** Frames of a stretch. */
export interface StretchSize {
  readonly least: number;
  readonly most: number;
}

/** Of what is judged by. */
const JUDGED: StretchSize = { least: LEAST_FRAMES, most: STRETCH_FRAMES };

/** Stretches spread evenly over a range, none of which share a frame; one that is too short for any is one. */
export function spread(range: Stretch, most: number, size = JUDGED): Stretch[] {
  const frames = range.end - range.start;
  const count = Math.min(most, Math.max(1, Math.floor(frames / size.least)));
  const length = Math.min(size.most, Math.floor(frames / count));
  const apart = count === 1 ? 0 : (frames - length) / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    const start = range.start + Math.round(i * apart);
    return { ...range, start, end: start + length };
  });
}

function tooLittle(stretches: number, todo: string): UserError {
  return new UserError("site/too-little", {
    what: "the site has too little footage to learn from it: nothing would be left to judge the result by",
    got: `${stretches} stretches of ${LEAST_FRAMES} frames or more to set aside`,
    expected: `at least ${LEAST_STRETCHES}, and clips to learn from beside them`,
    todo,
  });
}

/** Frames of stretches by their clips' paths; a clip has one. */
export function rangesOf(stretches: readonly Stretch[]): ClipRanges {
  return Object.fromEntries(stretches.map(({ path, start, end }) => [path, { start, end }]));
}

/** Replay clips that are used at most. */
const MOST_REPLAYED = 48;
/** Fewer frames of a clip teach little. */
const LEAST_REPLAYED = 30;

/**
 * As much of other clips that they are about this share of what is learned from: frames are drawn alike.
 * @param most frames that are used of a clip
 */
export function replayed(
  learn: readonly Stretch[],
  others: readonly { readonly path: string; readonly frames: number }[],
  { share, most }: { readonly share: number; readonly most: number },
): Stretch[] {
  const own = learn.reduce((sum, { start, end }) => sum + Math.min(most, end - start), 0);
  const wanted = Math.round((own * share) / (1 - share));
  const every = Math.ceil(others.length / MOST_REPLAYED);
  const used = others.filter((_, i) => i % every === 0);
  const each = Math.max(LEAST_REPLAYED, Math.ceil(wanted / Math.max(1, used.length)));
  const out: Stretch[] = [];
  let taken = 0;
  for (const { path, frames } of used) {
    if (taken >= wanted) break;
    const end = Math.min(frames, each);
    out.push({ clip: path, path, start: 0, end });
    taken += end;
  }
  return out;
}
