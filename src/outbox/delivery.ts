/** @file Carries a file's lines to one destination, in order, again and again until they were taken. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { messageOf } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import { linesBetween } from "./committedLines.ts";
import type { Batch, Destination } from "./destination.ts";

/** Events that go out together, at most. */
const MOST = 100;
/** The first wait after a failure, and the longest, ms: each is twice the one before. */
const WAIT = { first: 1000, most: 60_000 } as const;
/** An answer must come within, ms. */
const ANSWER = 15_000;

/** What is sent. */
export interface Sent {
  /** A file of JSON objects, one a line, which only grows. */
  readonly file: string;
  /** Of this run; ids of events begin with it. */
  readonly run: string;
  /** Of what is watched, without secrets; every event has it. */
  readonly source: string;
}

/** How far it has come; on disk before it goes on. */
interface Position {
  readonly run: string;
  /** Events that were taken, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  /** Events of a request whose answer was not seen: when they are sent again, it is in the same request. */
  readonly asked: number;
}

/** Sends in the background. */
export class Delivery implements AsyncDisposable {
  private readonly to: Destination;
  private readonly sent: Sent;
  private readonly path: string;
  private readonly logger: Logger;
  private at: Position;
  /** Bytes of the file that may be sent. */
  private committed = 0;
  private isClosed = false;
  /** Of the request that is under way, and of the wait after one. */
  private asking = new AbortController();
  private waiting = new AbortController();
  private readonly running: Promise<void>;
  private wake = (): void => {};
  private idle = (): void => {};
  private hasFailed = false;

  private constructor(to: Destination, sent: Sent, path: string, { at, logger }: { at: Position; logger: Logger }) {
    [this.to, this.sent, this.path, this.at, this.logger] = [to, sent, path, at, logger];
    this.running = this.run();
  }

  /** @param folder for the position; that of another run is not gone on from. */
  static async open(to: Destination, sent: Sent, folder: string, logger: Logger): Promise<Delivery> {
    const path = join(folder, `${to.key}.json`);
    // Where it is missing or damaged, everything is sent, under the same ids.
    const known = await readFile(path, "utf8")
      .then((text) => JSON.parse(text) as Position)
      .catch(() => undefined);
    const at = known?.run === sent.run ? known : { run: sent.run, count: 0, bytes: 0, asked: 0 };
    return new Delivery(to, sent, path, { at, logger });
  }

  get name(): string {
    return this.to.name;
  }

  /** Whether all that may be sent was taken. */
  get isDone(): boolean {
    return this.at.bytes >= this.committed;
  }

  /** What is in the file up to here stays there: it may be sent. */
  commit(bytes: number): void {
    this.committed = bytes;
    this.wake();
  }

  /** Tries at once; resolves when all was taken, or after so long, ms. */
  async settle(patience: number): Promise<void> {
    if (this.isDone) return;
    const done = new Promise<void>((resolve) => (this.idle = resolve));
    this.waiting.abort();
    const enough = new AbortController();
    await Promise.race([done, setTimeout(patience, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.asking.abort(new Error("closed"));
    this.waiting.abort();
    this.wake();
    await this.running;
    await this.to[Symbol.asyncDispose]();
  }

  private async run(): Promise<void> {
    for (let wait: number = WAIT.first; !this.isClosed;) {
      if (this.isDone) {
        this.idle();
        await new Promise<void>((resolve) => (this.wake = resolve));
      } else if (await this.step()) wait = WAIT.first;
      else {
        await setTimeout(wait, undefined, { signal: this.waiting.signal }).catch(() => {});
        this.waiting = new AbortController();
        wait = Math.min(WAIT.most, 2 * wait);
      }
    }
  }

  /** Sends the next events. @returns whether they were taken */
  private async step(): Promise<boolean> {
    try {
      const { run, count, bytes, asked } = this.at;
      const { lines, end } = await linesBetween(this.sent.file, bytes, this.committed, asked > 0 ? asked : MOST);
      if (lines.length === 0) throw new Error(`${this.sent.file} has no whole line at ${bytes}`);
      await this.move({ ...this.at, asked: lines.length });
      const key = `${run}-${count}-${count + lines.length}`;
      const told = lines.map((line, i) => this.told(line, count + i));
      await this.deliver({ lines: told, key });
      await this.move({ run, count: count + lines.length, bytes: end, asked: 0 });
      if (this.hasFailed) this.logger.info(`${this.name} takes events again`);
      this.hasFailed = false;
      return true;
    } catch (error) {
      if (!this.hasFailed && !this.isClosed)
        this.logger.warn(`${this.name} takes no events (${reasonOf(error)}); they are kept and sent later`);
      this.hasFailed = true;
      return false;
    }
  }

  private async deliver(batch: Batch): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    if (this.isClosed) asking.abort(new Error("closed"));
    const enough = new AbortController();
    const late = setTimeout(ANSWER, undefined, { signal: enough.signal }).then(
      () => asking.abort(new Error(`no answer within ${ANSWER / 1000} s`)),
      () => {},
    );
    try {
      await this.to.deliver(batch, asking.signal);
    } finally {
      enough.abort();
      await late;
    }
  }

  /** An event with what a receiver needs to tell it from others. */
  private told(line: string, number: number): string {
    const { run, source } = this.sent;
    return `${JSON.stringify({ id: `${run}-${number}`, source }).slice(0, -1)},${line.slice(1)}`;
  }

  private async move(at: Position): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify(at));
    this.at = at;
  }
}

/** Of fetch the reason is within. */
function reasonOf(error: unknown): string {
  const { cause, code } = error as { readonly cause?: { readonly code?: string }; readonly code?: string | number };
  return String(cause?.code ?? (messageOf(error) || code));
}
