/**
 * @file The results of a session as a file of lines (`frames.jsonl`): one line of JSON for a frame, appended when its
 * mask is on disk; a later line of the same frame replaces an earlier one. Memory holds only the position of each
 * frame's line, a few bytes a frame.
 */
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolders, temporaryPath, writeError } from "../../core/files.ts";
import type { CutSide } from "../confidence/cutWatch.ts";
import type { TrackedObject } from "../objects.ts";
import type { TrackedPoint } from "../points/trackedPoint.ts";

/** A line. */
export interface FrameRecord {
  readonly frame: number;
  readonly name: string;
  readonly timeSec: number;
  /** See `plan.ts`: what the result depends on. */
  readonly run: string;
  /** As far as the pass that the result comes from has seen. */
  readonly cut: CutSide;
  /** Without signals. */
  readonly objects: readonly TrackedObject[];
  /** Without signals. */
  readonly points: readonly TrackedPoint[];
}

/** What is known of a frame, seen together with the frames beside it. */
export type SessionRecord = Omit<FrameRecord, "cut"> & {
  /** The camera cut to another shot before this frame. */
  readonly cut: boolean;
};

/** Bytes read at once when a file is opened. */
const CHUNK = 1 << 16;

/** Lines are found again by their place; those of frames without a result have length 0. */
export class Journal implements AsyncDisposable {
  private readonly path: string;
  private file: FileHandle;
  private size = 0;
  private readonly places: Float64Array;
  private readonly lengths: Uint32Array;
  /** Which of `names` each frame's line has. */
  private readonly runs: Uint32Array;
  private readonly names = new Map<string, number>();
  /** Frame of the last line; infinite once lines were not in order. */
  private latest = -1;

  private constructor(path: string, file: FileHandle, frameCount: number) {
    this.path = path;
    this.file = file;
    this.places = new Float64Array(frameCount);
    this.lengths = new Uint32Array(frameCount);
    this.runs = new Uint32Array(frameCount);
  }

  /** Opens or makes the file; a last line that was not finished is cut off. @throws UserError `file/write` */
  static async open(path: string, frameCount: number): Promise<Journal> {
    try {
      await makeFolders(dirname(path));
      const journal = new Journal(path, await open(path, "a+"), frameCount);
      await journal.scan();
      return journal;
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** Whether every frame has one line at most, and they are in order. */
  get isTidy(): boolean {
    return this.latest < Number.POSITIVE_INFINITY;
  }

  /** Whether the frame's latest result has this name. */
  has(frame: number, run: string): boolean {
    return this.lengths[frame] > 0 && this.runs[frame] === this.names.get(run);
  }

  /** @throws UserError `file/write` */
  async append(record: FrameRecord): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      await this.file.appendFile(line);
    } catch (error) {
      // Half a line may have been written; it would spoil the next one.
      await this.file.truncate(this.size).catch(() => {});
      throw writeError(this.path, error);
    }
    this.note(record, this.size, line.length);
    this.size += line.length;
  }

  /** The frame's latest line. */
  async read(frame: number): Promise<FrameRecord | undefined> {
    const line = await this.line(frame);
    return line === undefined ? undefined : (JSON.parse(line.toString("utf8")) as FrameRecord);
  }

  /** Rewrites the file with the latest line of each wanted frame, in order. @throws UserError `file/write` */
  async tidy(isWanted: (frame: number) => boolean): Promise<void> {
    const temporary = temporaryPath(this.path);
    try {
      const file = await open(temporary, "w");
      try {
        for (let frame = 0; frame < this.lengths.length; frame++) {
          const line = isWanted(frame) ? await this.line(frame) : undefined;
          if (line !== undefined) await file.appendFile(line);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await this.file.close();
      await rename(temporary, this.path);
      this.file = await open(this.path, "a+");
    } catch (error) {
      throw writeError(this.path, error);
    }
    this.lengths.fill(0);
    this.size = 0;
    this.latest = -1;
    await this.scan();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }

  private async line(frame: number): Promise<Buffer | undefined> {
    const length = this.lengths[frame];
    if (length === 0) return undefined;
    const { buffer } = await this.file.read(Buffer.alloc(length), 0, length, this.places[frame]);
    return buffer;
  }

  private note({ frame, run }: Pick<FrameRecord, "frame" | "run">, place: number, length: number): void {
    if (!this.names.has(run)) this.names.set(run, this.names.size + 1);
    this.places[frame] = place;
    this.lengths[frame] = length;
    this.runs[frame] = this.names.get(run) ?? 0;
    this.latest = frame > this.latest ? frame : Number.POSITIVE_INFINITY;
  }

  /** Finds all lines; the file is cut off after the last valid one. */
  private async scan(): Promise<void> {
    let rest = Buffer.alloc(0);
    for (let at = 0; ;) {
      const { bytesRead, buffer } = await this.file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        const record = parsed(bytes.subarray(from, end));
        if (record === undefined) return this.file.truncate(this.size);
        if (record.frame < this.lengths.length) this.note(record, this.size, end + 1 - from);
        this.size += end + 1 - from;
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) await this.file.truncate(this.size);
  }
}

function parsed(line: Buffer): FrameRecord | undefined {
  try {
    return JSON.parse(line.toString("utf8")) as FrameRecord;
  } catch {
    return undefined;
  }
}
