/**
 * @file The folder of a monitored source: events as lines that are appended as they come, their pictures, a checkpoint to
 * resume from, and at the end the table.
 */
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { makeFolders, removeAbandoned, writeError, writeFileAtomic } from "../core/files.ts";
import { readState, writeState } from "../core/stateFile.ts";
import { CHECKPOINT, EVENT_LINES } from "../watch/eventFolder.ts";
import { csvText, jsonLines } from "../watch/eventTable.ts";
import { FAULT_COLUMNS, type FaultRow, faultRow, type ToldFault } from "./faultEvent.ts";
import type { MonitorState } from "./monitor.ts";
import type { RunState } from "./runState.ts";

/** Of the checkpoint; others are not read. */
const FORMAT = 2;

/** Where work can go on. */
export interface Checkpoint {
  /** What is monitored, and with what; another one is refused. */
  readonly identity: unknown;
  /** The next frame. */
  readonly frame: number;
  readonly monitor: MonitorState;
  readonly run: RunState;
  /** Bytes of `events.jsonl`, and how many events there are. */
  readonly bytes: number;
  readonly count: number;
  /** Seconds of footage that were seen. */
  readonly seconds: number;
}

/** Appends events, and keeps checkpoints. */
export class FaultFolder implements AsyncDisposable {
  readonly path: string;
  private readonly file: FileHandle;
  private bytes: number;
  private count: number;

  private constructor(path: string, file: FileHandle, { bytes, count }: Pick<Checkpoint, "bytes" | "count">) {
    [this.path, this.file, this.bytes, this.count] = [path, file, bytes, count];
  }

  /**
   * Opens the folder at a checkpoint, which is found in it, or at its beginning.
   * @throws UserError `monitor/used` where it holds another source's events, `file/write`
   */
  static async open(
    path: string,
    identity: unknown,
  ): Promise<{ folder: FaultFolder; checkpoint: Checkpoint | undefined }> {
    await removeAbandoned(path);
    const checkpoint = (await readState(join(path, CHECKPOINT), FORMAT)) as Checkpoint | undefined;
    const events = join(path, EVENT_LINES);
    const size = await stat(events).then(
      (stats) => stats.size,
      () => undefined,
    );
    // Events without a checkpoint are those of another command, or of one whose checkpoint cannot be read.
    const isOwn =
      checkpoint === undefined ? (size ?? 0) === 0 : JSON.stringify(checkpoint.identity) === JSON.stringify(identity);
    if (!isOwn) throw used(path);
    try {
      await makeFolders(path);
      const file = await open(events, size === undefined ? "w+" : "r+");
      await file.truncate(checkpoint?.bytes ?? 0);
      return { folder: new FaultFolder(path, file, checkpoint ?? { bytes: 0, count: 0 }), checkpoint };
    } catch (error) {
      throw writeError(events, error);
    }
  }

  /** The file of events. */
  get events(): string {
    return join(this.path, EVENT_LINES);
  }

  /** A name for the picture of the next event, below the folder. */
  pictureName({ kind }: Pick<ToldFault, "kind">): string {
    return `${PICTURES}/${String(this.count).padStart(5, "0")}-${kind}.jpg`;
  }

  /** @throws UserError `file/write` */
  async append(event: ToldFault, picture: Uint8Array | undefined): Promise<void> {
    if (event.picture !== null && picture !== undefined) await writeFileAtomic(join(this.path, event.picture), picture);
    const line = Buffer.from(jsonLines([faultRow(event)]));
    try {
      await this.file.write(line, 0, line.length, this.bytes);
    } catch (error) {
      throw writeError(this.events, error);
    }
    this.bytes += line.length;
    this.count++;
  }

  /** @returns how long the file of events is: what is in it stays. @throws UserError `file/write` */
  async save(at: Omit<Checkpoint, "bytes" | "count">): Promise<number> {
    const { bytes, count } = this;
    await this.file.sync();
    await writeState(join(this.path, CHECKPOINT), FORMAT, { ...at, bytes, count });
    return bytes;
  }

  /** All events, as rows. */
  async rows(): Promise<FaultRow[]> {
    const text = await readFile(this.events, "utf8");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as FaultRow);
  }

  /** Writes `events.csv` and `summary.json`. @throws UserError `file/write` */
  async finish(summary: object): Promise<void> {
    await writeFileAtomic(join(this.path, "events.csv"), csvText(FAULT_COLUMNS, await this.rows()));
    await writeFileAtomic(join(this.path, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}

const PICTURES = "pictures";

function used(path: string): UserError {
  return new UserError("monitor/used", {
    what: `${path} holds the events of another source, or of other settings`,
    todo: "choose another folder with --out, or remove this one",
  });
}
