/**
 * @file One process at a time: a lock file that names its holder. A killed process leaves the file behind. The next
 * one finds it stale: the holder is gone or, where that cannot be checked (another machine, a restarted container), the
 * file has not been touched for a while.
 */
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { UserError } from "./errors.ts";
import { isRunning, makeFolders, writeError } from "./files.ts";

/** How often the holder touches the file, and how long without a touch before it is stale, ms. */
const BEAT = 5_000;
const SILENCE = 30_000;

/** Paths of the locks that this process holds: a process that is gone may have had the same id. */
const held = new Set<string>();

/** A lock held until it is disposed of. */
export class FileLock implements AsyncDisposable {
  private readonly path: string;
  private readonly beat: NodeJS.Timeout;

  private constructor(path: string) {
    this.path = path;
    held.add(path);
    this.beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT).unref();
  }

  /**
   * Makes missing folders.
   * @param what is locked, in messages.
   * @throws UserError `lock/busy` when another process holds it, `file/write`
   */
  static async acquire(path: string, what: string): Promise<FileLock> {
    if (held.has(path)) throw busy(path, what, "this process");
    await makeFolders(dirname(path)).catch((error: unknown) => {
      throw writeError(path, error);
    });
    if (await created(path)) return new FileLock(path);
    const holder = await holderOf(path);
    if (holder !== undefined) throw busy(path, what, holder);
    await rm(path, { force: true });
    if (await created(path)) return new FileLock(path);
    throw busy(path, what, "a process that started a moment earlier");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.beat);
    held.delete(this.path);
    await rm(this.path, { force: true });
  }
}

/** Creates the file, naming this process. @returns false if it already existed. */
async function created(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(`${process.pid} ${hostname()}\n`);
    } catch (error) {
      // On a full disk: a lock without a holder would keep everyone out until it is stale.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw writeError(path, error);
  }
}

/** The lock's holder, in words; undefined once the lock is stale. */
async function holderOf(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const [pid, host] = text.trim().split(" ");
  const isHere = host === hostname();
  if (isHere && (Number(pid) === process.pid || !isRunning(Number(pid)))) return undefined;
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - touched > SILENCE) return undefined;
  return text === "" ? "a process that is just starting" : `process ${pid}${isHere ? "" : ` on ${host}`}`;
}

function busy(path: string, what: string, holder: string): UserError {
  return new UserError("lock/busy", {
    what: `${holder} is working in ${what}`,
    todo: `wait until it is done, stop it, or name another folder (if no such process exists, delete ${path})`,
  });
}
