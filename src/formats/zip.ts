/**
 * @file ZIP archives (PKWARE's APPNOTE.TXT), read and written a file at a time. Names are checked by yauzl: none leads out
 * of the folder that is written; what a file says of its size must be true.
 */
import { createWriteStream } from "node:fs";
import { lstat, mkdir, open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Entry, ZipFile } from "yauzl";
import { messageOf, UserError } from "../core/errors.ts";

/** Files of an archive. */
const MOST_FILES = 1_000_000;

/** How many times as large as the archive its files may be; text is seldom a tenth, zeros a thousandth. */
const MOST_RATIO = 200;

/** Bytes that any archive may unpack to, however small it is. */
const ALWAYS_BYTES = 64 * 2 ** 20;

/** Bytes that no archive may unpack to. */
const MOST_BYTES = 64 * 2 ** 30;

/** True for a file that begins as a ZIP does, also an empty one. @throws the system's error */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer: head, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && head.readUInt16BE(0) === 0x504b && [0x0304, 0x0506].includes(head.readUInt16BE(2));
  } finally {
    await file.close();
  }
}

/**
 * Some files of an archive, in memory.
 * @param wants whether a file is read, by its name.
 * @throws UserError `format/zip`, `format/limit`
 */
export async function readZip(path: string, wants: (name: string) => boolean): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await eachFile(path, async (entry, archive) => {
    if (wants(entry.fileName)) files.set(entry.fileName, await buffer(await archive.openReadStreamPromise(entry)));
  });
  return files;
}

/** What an archive may hold beside its files, and what other systems put into it. */
const isNoFile = (name: string): boolean =>
  name.endsWith("/") || name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

/**
 * Writes the files of an archive into a folder, one after another; hidden ones are left out.
 * @throws UserError `format/zip`, `format/limit`; the system's error where it cannot be written
 */
export async function unzip(path: string, folder: string): Promise<void> {
  const made = new Set<string>();
  await eachFile(path, async (entry, archive) => {
    if (isNoFile(entry.fileName)) return;
    const to = join(folder, entry.fileName);
    if (!made.has(dirname(to))) await mkdir(dirname(to), { recursive: true });
    made.add(dirname(to));
    // Two files of one name are no honest archive.
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(to, { flags: "wx" }));
  });
}

async function eachFile(path: string, use: (entry: Entry, archive: ZipFile) => Promise<void>): Promise<void> {
  const { openPromise } = await import("yauzl");
  const { size } = await stat(path);
  const budget = Math.min(MOST_BYTES, Math.max(ALWAYS_BYTES, MOST_RATIO * size));
  let [files, bytes] = [0, 0];
  try {
    const archive = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      for await (const entry of archive.eachEntry()) {
        files++;
        bytes += entry.uncompressedSize;
        if (files > MOST_FILES || bytes > budget) throw tooLarge(path, { files, bytes, budget });
        requireReadable(entry, path);
        await use(entry, archive);
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    if (error instanceof UserError || isOfDisk(error)) throw error;
    throw new UserError("format/zip", { what: `cannot read the ZIP ${path}: ${messageOf(error)}` }, error);
  }
}

function requireReadable(entry: Entry, path: string): void {
  const { fileName } = entry;
  // oxlint-disable-next-line no-control-regex
  const isPlain = !/[\u0000-\u001f]/u.test(fileName);
  if (isPlain && !entry.isEncrypted()) return;
  throw new UserError("format/zip", {
    what: `${path}: ${JSON.stringify(fileName)}`,
    got: isPlain ? "an encrypted file" : "a name with control characters",
    expected: "plain files",
  });
}

/** Errors of writing, but for those that a dishonest archive causes. */
function isOfDisk(error: unknown): boolean {
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined && !["EEXIST", "EISDIR", "ENOTDIR", "ENAMETOOLONG"].includes(code);
}

function tooLarge(
  path: string,
  { files, bytes, budget }: { readonly files: number; readonly bytes: number; readonly budget: number },
): UserError {
  return new UserError("format/limit", {
    what: `the ZIP ${path} unpacks to more than it may`,
    got: `${files} files with ${bytes} bytes so far`,
    expected: `at most ${MOST_FILES} files with ${budget} bytes`,
    todo: "unpack it yourself if you trust it, and give the folder",
  });
}

/** A file for an archive: its name there, and where its contents are. */
export interface ZippedFile {
  readonly name: string;
  readonly from: string | Uint8Array;
}

/** Files whose contents are compressed already. */
const IS_COMPRESSED = /\.(?:png|jpe?g|webp|avif)$/iu;

/** Dates of all files: the same labels are the same bytes. */
const SAME_DATE = new Date(1980, 0, 1);

/** Writes an archive, a file at a time. @throws the system's error */
export async function writeZip(path: string, files: readonly ZippedFile[]): Promise<void> {
  const { ZipFile } = await import("yazl");
  const archive = new ZipFile();
  const written = new Promise<never>((_, reject) => archive.once("error", reject));
  for (const { name, from } of files) {
    const options = { mtime: SAME_DATE, mode: 0o100644, compress: !IS_COMPRESSED.test(name) };
    if (typeof from === "string") archive.addFile(from, name, options);
    else archive.addBuffer(Buffer.from(from), name, options);
  }
  archive.end();
  await Promise.race([pipeline(archive.outputStream, createWriteStream(path)), written]);
}

/** The files below a file or folder, for `writeZip`: a folder's by their paths in it, in natural order. */
export async function filesToZip(path: string, name: string): Promise<ZippedFile[]> {
  if (!(await lstat(path)).isDirectory()) return [{ name, from: path }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.toSorted().map((from) => ({ name: from.slice(path.length + 1).replaceAll("\\", "/"), from }));
}
