/** @file A recording is monitored from its first frame to its last, resumable. */
import { duration } from "../core/duration.ts";
import { requireWritable } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import type { Threads } from "../core/machine.ts";
import { versionsInUse } from "../core/versions.ts";
import { streamViews } from "../footage/prepare.ts";
import { OpticalFlow } from "../kernels/opticalFlow.ts";
import { fingerprintOf } from "../video/fingerprint.ts";
import type { FrameSource } from "../video/frame.ts";
import type { FaultRow } from "./faultEvent.ts";
import { MonitorRun, type MonitorRunOptions, type RunTotals } from "./monitorRun.ts";

/** A checkpoint is written every so many milliseconds of work. */
const SAVE_EVERY_MS = 5000;

/** What is monitored. */
export interface MonitorFootageOptions extends Threads, Omit<MonitorRunOptions, "logger"> {
  /** Stays open. */
  readonly source: FrameSource;
  readonly logger?: Logger | undefined;
  /** Aborting ends it with the signal's reason; the same call resumes. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found. */
export interface MonitorOutcome extends RunTotals {
  /** In the order in which they were known. */
  readonly events: readonly FaultRow[];
  readonly frames: number;
  /** Of the footage. */
  readonly seconds: number;
  readonly out: string;
  /** Addresses that have not taken all events; the same call sends the rest. */
  readonly unsent: readonly string[];
}

/** @throws UserError `monitor/used`, `lock/busy`, `file/write`, and those of the source */
export async function monitorFootage(options: MonitorFootageOptions): Promise<MonitorOutcome> {
  const { source, out, logger = silent, signal, threads } = options;
  const { frameCount, timesSec } = source;
  await requireWritable(out);
  const { tsumugi } = await versionsInUse();
  const identity = { tsumugi, fingerprint: await fingerprintOf(source), frames: frameCount };
  const monitored = { name: source.path, identity, startedMs: null };
  await using run = await MonitorRun.open(monitored, { ...options, logger });
  const start = run.frame;
  const begin = performance.now();
  let saved = begin;
  await using kernel = await OpticalFlow.open({ threads });
  try {
    // The frame before is seen again, for what moved since.
    for await (const view of streamViews(source.frames({ start: Math.max(0, start - 1) }), { kernel, signal })) {
      if (view.index < start) continue;
      await run.see(view);
      logger.progress(progressOf(run.frame, start, frameCount, begin));
      if (performance.now() - saved < SAVE_EVERY_MS) continue;
      await run.save();
      saved = performance.now();
    }
  } catch (error) {
    if (signal?.aborted === true) await run.save();
    throw error;
  }
  const found = { frames: frameCount, seconds: timesSec[frameCount - 1] - timesSec[0] };
  const told = await run.finish({ tsumugi, source: source.path, ...found });
  return { ...run.totals, ...found, ...told, out };
}

function progressOf(seen: number, start: number, all: number, begin: number): string {
  const seconds = (performance.now() - begin) / 1000;
  const rate = (seen - start) / seconds;
  return `${seen}/${all} frames, ${rate.toFixed(0)} frames/s, ${duration((all - seen) / rate)} left`;
}
