/**
 * @file Labels in a ZIP: unpacked into a temporary folder, read there as the folder or file that it holds, and removed once
 * they are read.
 */
import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { isFolder } from "../core/files.ts";
import type { AnnotationFormat } from "./format.ts";
import { isZip, unzip } from "./zip.ts";

/** Whether a path is that of a ZIP of labels; `.npz` is a format of its own. */
export async function isZipped(path: string): Promise<boolean> {
  return extname(path).toLowerCase() === ".zip" && !(await isFolder(path)) && (await isZip(path).catch(() => false));
}

/** Folders that are still there when the process ends. */
const left = new Set<string>();
let isWatching = false;

/** An archive's contents, until it is disposed of. */
export class Unpacked implements AsyncDisposable {
  /** The folder that holds everything. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws UserError `format/zip`, `format/limit`; the system's error where it cannot be written */
  static async from(path: string): Promise<Unpacked> {
    if (!isWatching)
      process.once("exit", () => left.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
    isWatching = true;
    const unpacked = new Unpacked(await mkdtemp(join(tmpdir(), "tsumugi-zip-")));
    left.add(unpacked.folder);
    try {
      await unzip(path, unpacked.folder);
      return unpacked;
    } catch (error) {
      await unpacked[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    left.delete(this.folder);
  }
}

/** What other files of an archive may be beside its labels. */
const BESIDE =
  /(?:^|[/\\])(?:readme|licen[cs]e)[^/\\]*$|\.(?:png|jpe?g|webp|tiff?|avif|bmp|gif|mp4|mov|avi|mkv|webm)$/iu;

/**
 * Where the labels of an unpacked archive may be, the most likely first: the innermost folder that is not alone in its own,
 * then the only file beside pictures and videos.
 */
export async function placesIn(folder: string): Promise<string[]> {
  let top = folder;
  for (;;) {
    const names = await readdir(top);
    if (names.length !== 1) break;
    top = join(top, names[0]);
    if (!(await isFolder(top))) return [top];
  }
  const all = await readdir(top, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile() && !BESIDE.test(entry.name));
  return [top, ...(files.length === 1 ? [join(files[0].parentPath, files[0].name)] : [])];
}

/** A format that reads what was unpacked, in the place of the archive, once. */
export function reading<Read extends AnnotationStream>(
  format: AnnotationFormat<Read>,
  path: string,
  unpacked: Unpacked,
): AnnotationFormat<Read> {
  const { read } = format;
  if (read === undefined) return format;
  return {
    ...format,
    async read(_, options) {
      try {
        const stream = await read(path, options);
        if (!Array.isArray(stream.frames)) return { ...stream, frames: disposing(stream.frames, unpacked) };
        await unpacked[Symbol.asyncDispose]();
        return stream;
      } catch (error) {
        await unpacked[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

async function* disposing(
  frames: AnnotationStream["frames"],
  unpacked: Unpacked,
): AsyncGenerator<FrameAnnotation, void, void> {
  try {
    yield* frames;
  } finally {
    await unpacked[Symbol.asyncDispose]();
  }
}
