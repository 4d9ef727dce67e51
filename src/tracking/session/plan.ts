/**
 * @file Plans the work of a session from its key frames alone: passes between them, each named by all that its results
 * depend on. A frame whose result has the name that the plan gives it is done, so a changed label redoes what depends
 * on it and nothing else, whatever happened before.
 *
 * A pass begins at a key frame with only its labels in the memory: what was carried before may be what was corrected,
 * and the frames before a new object's first label show it as background.
 */
import { createHash } from "node:crypto";
import { UserError } from "../../core/errors.ts";
import type { KeyFrame } from "./keyFrame.ts";

/** Where labels are carried from a key frame: forward, backward, or both, merged between key frames. */
export type Direction = "forward" | "backward" | "both";

/** A step through the frames: to the next or to the one before. */
export type Step = 1 | -1;

/** Half-open. */
export interface TrackRange {
  readonly start: number;
  /** One past the last frame. */
  readonly end: number;
}

/** What is being carried. */
export interface Alive {
  /** Ids, ascending. */
  readonly objects: readonly number[];
  /** Names. */
  readonly points: readonly string[];
}

/** What a plan needs to know of a key frame. */
export type PlannedKey = Pick<KeyFrame, "frame" | "objects" | "ends" | "points" | "endedPoints"> & {
  /** See `digestOf`. */
  readonly digest: string;
  /** Digest of the labels as they were given, with rectangles, where their boxes were refined. */
  readonly given?: string;
};

/** A key frame: what is given over what was carried to it. */
export interface KeyWork {
  readonly kind: "key";
  /** Name of the result. */
  readonly run: string;
  readonly frame: number;
  readonly alive: Alive;
  /** What comes from the pass before, which has this name; null where all is given. */
  readonly carried: { readonly run: string; readonly alive: Alive } | null;
}

/** A pass from a key frame. */
export interface PassWork {
  /** `pass`: its masks are results; `ahead`: its cells are kept to be merged. */
  readonly kind: "pass" | "ahead";
  readonly run: string;
  readonly from: number;
  readonly step: Step;
  /** Frames after `from` with results, at least 0. */
  readonly count: number;
  /** Whether the frame after those is tracked too, because it is a key frame. */
  readonly carriesOn: boolean;
  /** Whether a key frame follows, so that the pass never has to go further. */
  readonly closed: boolean;
  /** Name of the results that an `ahead` is needed for. */
  readonly merged: string | null;
  readonly alive: Alive;
}

/** The backward pass from a key frame to the one before, merged with the forward pass from there. */
export interface MergeWork {
  readonly kind: "merge";
  readonly run: string;
  /** Names of the forward pass, whose cells are merged, and of the backward pass. */
  readonly ahead: string;
  readonly back: string;
  readonly from: number;
  readonly to: number;
  readonly alive: Alive;
  /** What has ended at `to`, so that only the pass from `from` carries it. */
  readonly ended: Alive;
}

/** One piece of work; plans list them in order. */
export type Work = KeyWork | PassWork | MergeWork;

/** What is tracked, and how. */
export interface PlanOptions {
  readonly keys: readonly PlannedKey[];
  readonly direction: Direction;
  readonly range: TrackRange;
  /** Everything else that results depend on. */
  readonly settings: string;
}

const NOTHING: Alive = { objects: [], points: [] };

/** @throws UserError `labels/missing` when no key frame lies in the range */
export function planWork({ keys, direction, range, settings }: PlanOptions): Work[] {
  const step: Step = direction === "backward" ? -1 : 1;
  requireLabels(
    keys.map(({ frame }) => frame),
    range,
  );
  const inside = keys.filter(({ frame }) => frame >= range.start && frame < range.end);
  const ordered = inside.toSorted((a, b) => step * (a.frame - b.frame));
  const work: Work[] = [];
  let before: { readonly key: KeyWork; readonly run: string } | undefined;
  ordered.forEach((key, i) => {
    const next = ordered.at(i + 1);
    const carried = before === undefined ? NOTHING : without(before.key.alive, key);
    const now = keyWork(key, carried, before?.run, [settings, step]);
    const merge = direction === "both" && before !== undefined ? mergeWork(before, now, key) : [];
    const ahead = work.pop();
    if (ahead?.kind === "ahead") work.push({ ...ahead, merged: merge.at(0)?.run ?? null });
    else if (ahead !== undefined) work.push(ahead);
    work.push(now, ...merge);
    if (direction === "both" && i === 0) work.push(...backTo(range.start, now));
    const run = nameOf("pass", step, now.run);
    const last = next === undefined ? (step === 1 ? range.end : range.start - 1) : next.frame;
    const count = step * (last - key.frame) - 1;
    const carriesOn = next !== undefined && !isEmpty(without(now.alive, next));
    const kind = direction === "both" && next !== undefined && !isEmpty(now.alive) ? "ahead" : "pass";
    const closed = next !== undefined;
    const route = { from: key.frame, step, count, carriesOn, closed, alive: now.alive };
    if (count > 0 || carriesOn) work.push({ kind, run, ...route, merged: null });
    before = { key: now, run };
  });
  return work;
}

/** Frames that the work gives results for. */
export function resultFrames(work: Work): { readonly run: string; readonly frames: readonly number[] } {
  if (work.kind === "key") return { run: work.run, frames: [work.frame] };
  if (work.kind === "ahead") return { run: work.run, frames: [] };
  const { from, step, count } =
    work.kind === "merge" ? { from: work.to, step: -1, count: work.to - work.from - 1 } : work;
  return { run: work.run, frames: Array.from({ length: count }, (_, i) => from + step * (i + 1)) };
}

function keyWork(key: PlannedKey, carried: Alive, passBefore: string | undefined, about: unknown[]): KeyWork {
  const from = passBefore !== undefined && !isEmpty(carried) ? { run: passBefore, alive: carried } : null;
  const objects = [...carried.objects, ...key.objects].sort((a, b) => a - b);
  const points = [...carried.points, ...key.points.map(({ name }) => name)];
  const run = nameOf("key", ...about, key.frame, key.digest, from);
  return { kind: "key", run, frame: key.frame, alive: { objects, points }, carried: from };
}

function mergeWork(before: { key: KeyWork; run: string }, now: KeyWork, key: PlannedKey): MergeWork[] {
  const { alive, frame: from, run } = before.key;
  if (now.frame - from < 2 || isEmpty(alive)) return [];
  const ended = {
    objects: alive.objects.filter((id) => key.ends.includes(id)),
    points: alive.points.filter((name) => key.endedPoints.includes(name)),
  };
  const back = nameOf("back", run, now.run, alive);
  return [{ kind: "merge", run: nameOf("merge", back), ahead: before.run, back, from, to: now.frame, alive, ended }];
}

/** From the first key frame to the beginning. */
function backTo(start: number, { run, frame, alive }: KeyWork): PassWork[] {
  const count = frame - start;
  if (count === 0) return [];
  const route = { from: frame, step: -1, count, carriesOn: false, closed: false, alive } as const;
  return [{ kind: "pass", run: nameOf("pass", -1, run), ...route, merged: null }];
}

function without({ objects, points }: Alive, key: PlannedKey): Alive {
  return {
    objects: objects.filter((id) => !key.objects.includes(id) && !key.ends.includes(id)),
    points: points.filter((name) => !key.points.some((one) => one.name === name) && !key.endedPoints.includes(name)),
  };
}

/** Whether nothing is being carried. */
export const isEmpty = ({ objects, points }: Alive): boolean => objects.length + points.length === 0;

function nameOf(...parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** @param frames that have labels. @throws UserError `labels/missing` when none lies in the range */
export function requireLabels(frames: readonly number[], { start, end }: TrackRange): void {
  if (frames.some((frame) => frame >= start && frame < end)) return;
  if (frames.length === 0)
    throw new UserError("labels/missing", {
      what: "nothing is labelled yet",
      expected: "labels of at least one frame",
    });
  throw new UserError("labels/missing", {
    what: "no labelled frame lies in the range to track",
    got: `labels in frame ${frames.join(", ")}`,
    expected: `one from ${start} to ${end - 1}`,
    todo: "label a frame of the range, or choose another range",
  });
}
