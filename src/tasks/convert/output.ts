/** @file Where a conversion is written: beside its place, which it takes once it is complete. */
import { readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { UserError } from "../../core/errors.ts";
import { requireWritable, temporaryPath, writeError } from "../../core/files.ts";
import type { AnnotationFormat } from "../../formats/format.ts";
import { filesToZip, writeZip } from "../../formats/zip.ts";

/** @throws UserError `convert/out` for a name that the format's files do not have, `convert/exists`, `file/write` */
export async function requireFreeOutput(
  out: string,
  { layout, folder, name }: AnnotationFormat,
  overwrite: boolean,
): Promise<void> {
  // Before anything is read; what fails while it is written names the temporary path.
  await requireWritable(dirname(out));
  const isFolder = await folderAt(out);
  if (isZipName(out)) return requireFree(out, isFolder, overwrite);
  if (folder || layout === "folder") return requireEmpty(out, isFolder);
  if (!layout.includes(extname(out).toLowerCase()))
    throw new UserError("convert/out", {
      what: `${name} is a file`,
      got: out,
      expected: `a name that ends in ${[...layout, ".zip"].join(" or ")}`,
    });
  requireFree(out, isFolder, overwrite);
}

/** Any format can be written in a ZIP. */
const isZipName = (out: string): boolean => extname(out).toLowerCase() === ".zip";

/** @throws UserError `convert/exists` */
function requireFree(out: string, isFolder: boolean | undefined, overwrite: boolean): void {
  if (isFolder === undefined || (overwrite && !isFolder)) return;
  throw new UserError("convert/exists", {
    what: `${out} is there already`,
    todo: isFolder ? "name a file with --out" : "name another file with --out, or say --overwrite",
  });
}

/** Undefined where there is nothing. */
function folderAt(path: string): Promise<boolean | undefined> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => undefined,
  );
}

async function requireEmpty(out: string, isFolder: boolean | undefined): Promise<void> {
  if (isFolder === undefined || (isFolder && (await readdir(out)).length === 0)) return;
  throw new UserError("convert/exists", {
    what: `${out} is there already${isFolder ? ", and has files in it" : ""}`,
    expected: "a new or empty folder",
    todo: "name another one with --out",
  });
}

/** Writes the file or folder of a format, or a ZIP of it; see `writeAside`. */
export function writeOut(
  out: string,
  { layout }: AnnotationFormat,
  write: (path: string) => Promise<void>,
): Promise<void> {
  if (!isZipName(out)) return writeAside(out, write);
  return writeAside(out, async (archive) => {
    const contents = temporaryPath(`${out}.contents`);
    try {
      await write(contents);
      const extension = layout === "folder" ? "" : layout[0];
      await writeZip(archive, await filesToZip(contents, `${basename(out, extname(out))}${extension}`));
    } finally {
      await rm(contents, { recursive: true, force: true });
    }
  });
}

/** Writes at a temporary path and moves that to `out`; whatever fails, nothing half-written stays. */
async function writeAside(out: string, write: (path: string) => Promise<void>): Promise<void> {
  const aside = temporaryPath(out);
  try {
    await write(aside);
    if (await folderAt(out)) await rmdir(out);
    await rename(aside, out);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    throw error instanceof UserError || !isSystemError(error) ? error : writeError(out, error);
  }
}

const isSystemError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).code === "string";
