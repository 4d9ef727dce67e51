/** @file Reads parts of a file, so that a broken header cannot cause a large allocation. */
import { open, type FileHandle } from "node:fs/promises";
import { messageOf, UserError } from "../core/errors.ts";
import type { FileBytes } from "./bytes.ts";

/**
 * Opens `path`, passes it to `use`, closes it.
 * @throws UserError `weights/unreadable` when it is missing, a folder, not readable or shrinks while being read.
 */
export async function withFile<T>(path: string, use: (file: FileBytes) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const { size } = await handle.stat();
    const opened = handle;
    return await use({ path, size, read: (start, length) => readExactly(opened, start, length) });
  } catch (error) {
    throw error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined
      ? error
      : unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

async function readExactly(handle: FileHandle, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 1 << 30), start + done);
    if (bytesRead === 0) throw Object.assign(new Error("the file ended while it was being read"), { code: "EOF" });
    done += bytesRead;
  }
  return bytes;
}

function unreadable(path: string, error: unknown): UserError {
  const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
  return new UserError(
    "weights/unreadable",
    {
      what: `cannot read the weights ${path}: ${missing ? "there is no such file" : messageOf(error)}`,
      todo: "check the path and its permissions",
    },
    error,
  );
}
