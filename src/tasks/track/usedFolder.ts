/** @file Folders with results of another kind: those of a live source cannot be resumed, nor mixed with a session's. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";

/** What a live source or a session is tracked into. */
const RESULTS = ["masks", "frames.jsonl", "tracks.csv", "tracks.jsonl", "live.json", "session.json"];

/** For a live source: its masks would mix with those that are there. @throws UserError `track/used` */
export async function requireUnusedFolder(out: string): Promise<void> {
  const there: string[] = [];
  for (const name of RESULTS) if (await holdsSomething(join(out, name))) there.push(name);
  if (there.length > 0)
    throw used(`${out} holds results already, and a live source cannot go on where another run stopped`, there);
}

/** For a clip: a folder that has frames but no session is that of a live source. @throws UserError `track/used` */
export async function requireNoStream(out: string): Promise<void> {
  const has = (name: string): Promise<boolean> => holdsSomething(join(out, name));
  if ((await has("session.json")) || !(await has("frames.jsonl"))) return;
  throw used(`${out} holds results of a live source, which a clip cannot go on from`, [
    "frames.jsonl",
    "no session.json",
  ]);
}

function used(what: string, there: readonly string[]): UserError {
  return new UserError("track/used", {
    what,
    got: there.join(", "),
    expected: "a new or an empty folder",
    todo: "name another folder with --out, or move or remove this one",
  });
}

/** Whether there is a file, or a folder with something in it. */
async function holdsSomething(path: string): Promise<boolean> {
  const names = await readdir(path).catch(() => undefined);
  if (names !== undefined) return names.length > 0;
  return isThere(path);
}
