/**
 * @file A text file that grows line by line for hours: nothing is held in memory, after a crash, what was appended is
 * in `PATH.part`; a finished file is renamed to PATH in one step. Or it grows at PATH itself, for readers that follow.
 */
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolders, writeError } from "./files.ts";

/** Opened with the first lines, so that no file is made without any. */
export class RowFile {
  readonly path: string;
  private readonly temporary: string;
  private handle: FileHandle | undefined;
  /** Bytes of whole lines. */
  private size = 0;

  /** @param inPlace whether it grows at the path itself, so that others can read what is there by now. */
  constructor(path: string, inPlace = false) {
    this.path = path;
    this.temporary = inPlace ? path : `${path}.part`;
  }

  /** Appends whole lines. @param text ends with a line break, or is empty. @throws UserError `file/write` */
  async append(text: string): Promise<void> {
    if (text === "") return;
    const bytes = Buffer.from(text);
    await this.orExplain(async () => {
      this.handle ??= await this.open();
      for (let at = 0; at < bytes.length;)
        at += (await this.handle.write(bytes, at, bytes.length - at, this.size + at)).bytesWritten;
    });
    this.size += bytes.length;
  }

  /**
   * Renames the file to its final path, replacing an older one.
   * @returns the path; null when there are none.
   * @throws UserError `file/write`
   */
  async finish(): Promise<string | null> {
    const { handle } = this;
    if (handle === undefined) return null;
    this.handle = undefined;
    try {
      await this.orExplain(async () => {
        // After a full disk, the last line may be incomplete.
        await handle.truncate(this.size);
        await handle.sync();
      });
    } finally {
      await handle.close();
    }
    if (this.size === 0) await rm(this.temporary, { force: true });
    else await this.orExplain(() => rename(this.temporary, this.path));
    return this.size === 0 ? null : this.path;
  }

  private async open(): Promise<FileHandle> {
    await makeFolders(dirname(this.path));
    return open(this.temporary, "w");
  }

  private async orExplain(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw writeError(this.path, error);
    }
  }
}
