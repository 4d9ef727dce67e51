/** @file A folder in which a piece of work keeps what it knows: one process at a time, files whole or not at all. */
import { join } from "node:path";
import { FileLock } from "./fileLock.ts";
import { removeAbandoned, writeFileAtomic } from "./files.ts";

/** Paths in the folder, its lock, and its JSON files. */
export class DataFolder {
  readonly root: string;
  private readonly lockName: string;

  /** @param lockName of the file that says which process works in it. */
  constructor(root: string, lockName: string) {
    this.root = root;
    this.lockName = lockName;
  }

  /** A path in the folder. */
  at(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  /**
   * One process at a time changes the folder; what killed ones left half-written is removed.
   * @throws UserError `lock/busy`
   */
  async lock(): Promise<FileLock> {
    const lock = await FileLock.acquire(this.at(this.lockName), this.root);
    await removeAbandoned(this.root);
    return lock;
  }

  /** @throws UserError `file/write` */
  writeJson(names: readonly string[], value: unknown): Promise<void> {
    return writeFileAtomic(this.at(...names), `${JSON.stringify(value, undefined, 1)}\n`);
  }
}
