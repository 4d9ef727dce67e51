/** @file What `tsumugi track` left in a folder, as far as a review needs it. */
import { isThere } from "../core/files.ts";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../core/errors.ts";
import type { TrackSummary } from "../results/summary.ts";
import { SessionFolder, type SessionFile } from "../tracking/session/folder.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { readMaskPng } from "../video/masks/maskPng.ts";

/** A finished folder. */
export interface TrackedFolder {
  readonly path: string;
  /** Path of `tracks.jsonl`. */
  readonly tracks: string;
  readonly summary: TrackSummary;
  /** Undefined for points by direct matching, which have none. */
  readonly session: SessionFile | undefined;
  /** Names of points that are labelled in any frame of the session. */
  readonly points: ReadonlySet<string>;
  /** The task that made the results, without what its defaults say; undefined in folders of earlier versions. */
  readonly task: Readonly<Record<string, unknown>> | undefined;
  /** The path of a frame's mask; undefined where there are none. */
  readonly maskPath: (frame: number) => string | undefined;
}

/** @throws UserError `review/missing`, `review/unfinished`, `json/invalid` */
export async function openTrackedFolder(path: string): Promise<TrackedFolder> {
  const sessionFolder = new SessionFolder(path);
  const session = await sessionFolder.readSession();
  const text = await readFile(join(path, "summary.json"), "utf8").catch(() => undefined);
  const tracks = join(path, "tracks.jsonl");
  if (text === undefined || !(await isThere(tracks))) throw await nothingThere(path, session);
  const summary = JSON.parse(text) as TrackSummary;
  const task = await readFile(join(path, "task.json"), "utf8").catch(() => undefined);
  const names = (await isThere(join(path, "masks"))) ? await frameNames(join(path, "frames.jsonl")) : undefined;
  return {
    path,
    tracks,
    summary,
    session,
    points: new Set((await sessionFolder.readKeys()).flatMap(({ points }) => points.map(({ name }) => name))),
    task: task === undefined ? undefined : (JSON.parse(task) as Record<string, unknown>),
    maskPath: (frame) => {
      const name = names?.get(frame);
      return name === undefined ? undefined : join(path, "masks", `${name}.png`);
    },
  };
}

/** The mask of a frame; undefined where there is none. @throws UserError those of `readMaskPng` */
export async function maskOf({ maskPath }: TrackedFolder, frame: number): Promise<LabelMap | undefined> {
  const path = maskPath(frame);
  return path !== undefined && (await isThere(path)) ? readMaskPng(path) : undefined;
}

/** Names of the frames by index; a later line replaces an earlier one. */
async function frameNames(path: string): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  if (!(await isThere(path))) return names;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const { frame, name } = JSON.parse(line) as { frame: number; name: string };
    names.set(frame, name);
  }
  return names;
}

async function nothingThere(path: string, session: SessionFile | undefined): Promise<UserError> {
  if (session !== undefined)
    return new UserError("review/unfinished", {
      what: `tracking in ${path} was not finished: it has no tables yet`,
      got: `a session of ${session.video}`,
      expected: "summary.json and tracks.jsonl, written at the end",
      todo: "run the same track command again; it resumes",
    });
  const isLive = await isThere(join(path, "live.json"));
  return new UserError("review/missing", {
    what: `${path} holds no results of tsumugi track`,
    got: isLive ? "results of a live source, which have no tables" : (await isThere(path)) ? "neither" : "no folder",
    expected: "a folder with summary.json and tracks.jsonl",
    todo: isLive ? "record the source and track the recording" : "give the folder that track's --out named",
  });
}
