/** @file Atomic writes: a reader never sees half a file, and a full disk leaves the old one in place. */
import { createHash } from "node:crypto";
import { access, constants, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { messageOf, UserError } from "./errors.ts";

/**
 * Writes beside `path`, syncs, then renames over it. Makes missing folders.
 * @throws UserError `file/write` when the disk is full or the folder is not writable; no partial file is left.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  return replaceFile(path, async (temporary) => {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/**
 * The same for files that something else writes.
 * @param write makes the file that it is given the path of, beside `path`.
 * @throws UserError `file/write` for any error
 */
export async function replaceFile(path: string, write: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await makeFolders(dirname(path));
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, error);
  }
}

/**
 * Makes a folder and what is missing of its path. Node's own recursive `mkdir` tries for ever where the system says that
 * there is no such path although its parent is there, as in /proc (nodejs/node, seen in 20).
 * @throws the system's error.
 */
export async function makeFolders(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder && !(await isThere(parent))) await makeFolders(parent);
  // Another process may have made it meanwhile.
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

/**
 * That files can be written in a folder, which need not be there yet; nothing is made. For work that writes only after it
 * has read for long.
 * @throws UserError `file/write`
 */
export async function requireWritable(folder: string): Promise<void> {
  let there = resolve(folder);
  while (!(await isThere(there)) && dirname(there) !== there) there = dirname(there);
  try {
    // The dot makes it an error where it is a file.
    await access(`${there}${sep}.`, constants.W_OK);
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** Bytes that file systems allow for a name. */
const LONGEST_NAME = 255;

/** Where this process writes before it renames to `path`: beside it, under a name that `removeAbandoned` knows. */
export function temporaryPath(path: string): string {
  const suffix = `.${process.pid}.part`;
  const name = basename(path);
  const isShort = Buffer.byteLength(name) + suffix.length <= LONGEST_NAME;
  const short = isShort ? name : createHash("sha256").update(name).digest("hex").slice(0, 32);
  return join(dirname(path), `${short}${suffix}`);
}

/**
 * Removes partial files that `writeFileAtomic` and similar functions left in a folder or below it, where their process
 * is gone.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const pid = /\.(?<pid>\d+)\.part$/u.exec(name)?.groups?.["pid"];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether there is a file or folder at a path. */
export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Whether there is a folder at a path, or a link to one. */
export function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Whether a process with this id runs on this machine. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const IN_THE_WAY = { why: "a file is where a folder is needed", todo: "choose another folder" };

/** Why something cannot be written, and what to do, by the system's code. */
const KNOWN_REASONS: Readonly<Record<string, { readonly why: string; readonly todo: string }>> = {
  ENOSPC: {
    why: "the disk is full",
    todo: "free some space or choose another folder, then run the same command again",
  },
  ENOTDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
};

/** The error to show when `path` could not be written, with the usual remedies. */
export function writeError(path: string, error: unknown): UserError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const unknown = { why: messageOf(error), todo: "check the folder and its permissions" };
  const { why, todo } = KNOWN_REASONS[code] ?? unknown;
  return new UserError("file/write", { what: `cannot write ${path}: ${why}`, todo }, error);
}
