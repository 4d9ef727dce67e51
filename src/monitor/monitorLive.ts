/**
 * @file A live source is monitored until it is stopped, for days: one that dies is opened again and again, and the time
 * without it is a time without a signal. Memory does not grow; killed at any moment, the same call goes on.
 */
import { setTimeout } from "node:timers/promises";
import { counted } from "../core/counted.ts";
import { duration } from "../core/duration.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { requireWritable } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import type { Threads } from "../core/machine.ts";
import { Turns } from "../core/turns.ts";
import { versionsInUse } from "../core/versions.ts";
import { streamViews } from "../footage/prepare.ts";
import { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { Frame } from "../video/frame.ts";
import type { LiveFrames } from "../video/sources/liveSource.ts";
import type { MonitorOutcome } from "./monitorFootage.ts";
import { MonitorRun, type MonitorRunOptions } from "./monitorRun.ts";

/** A checkpoint is written every so often, beside one at each event, ms. */
const SAVE_EVERY_MS = 60_000;
/** How often it is looked whether frames still come, ms. */
const TICK_MS = 500;
/** A connection over which nothing comes for so long is closed, and a new one is tried, ms. */
const STALLED_MS = 10_000;
/** The first wait before a source is opened again, and the longest, ms: each is twice the one before. */
const WAIT = { first: 1000, most: 30_000 } as const;

/** What is monitored. */
export interface MonitorLiveOptions extends Threads, Omit<MonitorRunOptions, "logger"> {
  /** Of the source, without secrets. */
  readonly name: string;
  /** Opens it; called again when it has died. */
  readonly open: () => Promise<LiveFrames>;
  /** Whether it can be opened again: not so a pipe, whose end is the end. */
  readonly isLasting: boolean;
  readonly logger?: Logger | undefined;
  /** Aborting ends it, with results; the same call goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Time and waiting; default: those of the machine. */
  readonly clock?: Clock;
}

/** Time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or once the signal is aborted. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

const realClock: Clock = {
  // Steady, whatever is done to the machine's clock meanwhile.
  now: () => performance.timeOrigin + performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
};

/**
 * Monitors until the signal, or the end of a pipe.
 * @throws UserError `monitor/used`, `lock/busy`, `file/write`; those of opening where there was never a frame
 */
export async function monitorLive(options: MonitorLiveOptions): Promise<MonitorOutcome> {
  const { out, name, logger = silent, signal, threads, clock = realClock } = options;
  await requireWritable(out);
  const { tsumugi } = await versionsInUse();
  const monitored = { name, identity: { tsumugi, live: name }, startedMs: clock.now() };
  await using run = await MonitorRun.open(monitored, { ...options, logger });
  run.interrupted();
  await using kernel = await OpticalFlow.open({ threads });
  await new LiveWatch(options, run, kernel).untilEnd();
  if (run.frame === 0) signal?.throwIfAborted();
  const seconds = (clock.now() - (run.startedMs ?? 0)) / 1000;
  const found = { frames: run.frame, seconds };
  const startedAt = new Date(run.startedMs ?? 0).toISOString();
  const told = await run.finish({ tsumugi, source: name, startedAt, ...found });
  return { ...run.totals, ...found, ...told, out };
}

class LiveWatch {
  private readonly options: MonitorLiveOptions;
  private readonly run: MonitorRun;
  private readonly kernel: OpticalFlow;
  private readonly clock: Clock;
  private readonly logger: Logger;
  /** Of frames, silences and checkpoints. */
  private readonly turns = new Turns();
  private savedMs: number;
  private seenMs: number;
  private failure: unknown;

  constructor(options: MonitorLiveOptions, run: MonitorRun, kernel: OpticalFlow) {
    const { clock = realClock, logger = silent } = options;
    [this.options, this.run, this.kernel, this.clock, this.logger] = [options, run, kernel, clock, logger];
    this.savedMs = this.seenMs = clock.now();
  }

  async untilEnd(): Promise<void> {
    const { isLasting, signal } = this.options;
    let said = "";
    for (let wait: number = WAIT.first; !this.isStopped; wait = Math.min(WAIT.most, 2 * wait)) {
      const before = this.run.frame;
      const reason = await this.connection();
      if (!isLasting || this.isStopped) return;
      if (this.run.frame > before) wait = WAIT.first;
      // A camera that is away for days fills no log.
      if (reason !== said) this.logger.warn(`${this.options.name} ${reason}; it is tried again and again`);
      said = reason;
      await this.clock.wait(wait, signal);
      await this.turns.take(() => this.run.silence(this.nowSec));
    }
  }

  private get isStopped(): boolean {
    return this.options.signal?.aborted === true;
  }

  private get nowSec(): number {
    return (this.clock.now() - (this.run.startedMs ?? 0)) / 1000;
  }

  /** Until it ends, by itself or because nothing comes. @returns why, in words. @throws where it never gave a frame */
  private async connection(): Promise<string> {
    try {
      await using live = await this.options.open();
      await this.watch(live);
      return "has ended";
    } catch (error) {
      const isGone = error instanceof UserError && error.code === "video/live";
      if (!isGone || this.run.frame === 0 || !this.options.isLasting) throw error;
      return `gives no frames (${messageOf(error)})`;
    }
  }

  private async watch(live: LiveFrames): Promise<void> {
    const { signal } = this.options;
    const stop = (): void => void live.close();
    signal?.addEventListener("abort", stop, { once: true });
    if (this.isStopped) stop();
    this.seenMs = this.clock.now();
    const ticks = setInterval(() => void this.tick(live), TICK_MS);
    try {
      for await (const view of streamViews(this.placed(live), { kernel: this.kernel })) {
        await this.turns.take(() => this.run.see(view));
        await this.tell();
        if (this.failure !== undefined) throw this.failure;
      }
    } finally {
      clearInterval(ticks);
      signal?.removeEventListener("abort", stop);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Frames with their index and time in the whole run. */
  private async *placed(live: LiveFrames): AsyncGenerator<Frame> {
    const first = this.run.frame;
    for await (const frame of live) {
      this.seenMs = this.clock.now();
      yield { ...frame, index: first + frame.index, timeSec: this.nowSec - live.age(frame) };
    }
  }

  private async tick(live: LiveFrames): Promise<void> {
    try {
      const isSilent = this.clock.now() - this.seenMs >= TICK_MS;
      if (isSilent) await this.turns.take(() => this.run.silence(this.nowSec));
      if (this.clock.now() - this.seenMs >= STALLED_MS) await live.close();
    } catch (error) {
      this.failure = error;
      await live.close();
    }
  }

  private async tell(): Promise<void> {
    const { counts, open } = this.run.totals;
    const faults = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const now = open.length === 0 ? "" : `, now: ${open.join(", ")}`;
    this.logger.progress(`${duration(this.nowSec)}, ${this.run.frame} frames, ${counted(faults, "fault")}${now}`);
    if (this.clock.now() - this.savedMs < SAVE_EVERY_MS) return;
    await this.turns.take(() => this.run.save());
    this.savedMs = this.clock.now();
  }
}
