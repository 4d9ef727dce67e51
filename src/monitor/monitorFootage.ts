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
import { FaultFolder } from "./faultFolder.ts";
import { MonitorRun, type RunTotals } from "./monitorRun.ts";

/** A checkpoint is written every so many seconds of work. */
const SAVE_EVERY_MS = 5000;

/** What is monitored. */
export interface MonitorFootageOptions extends Threads {
  /** Stays open. */
  readonly source: FrameSource;
  /** Folder for `events.jsonl`, `events.csv`, `pictures`, `summary.json` and what resuming needs. */
  readonly out: string;
  /** Is given every event as it is found; those of a run that is resumed are not told again. */
  readonly tell?: ((row: FaultRow) => void) | undefined;
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
}

/** @throws UserError `monitor/used`, `file/write`, and those of the source */
export async function monitorFootage(options: MonitorFootageOptions): Promise<MonitorOutcome> {
  const { source, out, tell = () => {}, logger = silent, signal, threads } = options;
  await requireWritable(out);
  const { tsumugi } = await versionsInUse();
  const identity = { tsumugi, fingerprint: await fingerprintOf(source), frames: source.frameCount };
  const { folder, checkpoint } = await FaultFolder.open(out, identity);
  await using _ = folder;
  const run = new MonitorRun(folder, checkpoint, tell);
  const start = checkpoint?.frame ?? 0;
  // Before the first event: by it the folder is known.
  if (checkpoint === undefined) await run.save(identity, start, 0);
  const begin = performance.now();
  let saved = begin;
  let next = start;
  await using kernel = await OpticalFlow.open({ threads });
  try {
    // The frame before is seen again, for what moved since.
    for await (const view of streamViews(source.frames({ start: Math.max(0, start - 1) }), { kernel, signal })) {
      if (view.index < start) continue;
      await run.next(view);
      next = view.index + 1;
      logger.progress(progressOf(next, start, source.frameCount, begin));
      if (performance.now() - saved < SAVE_EVERY_MS) continue;
      await run.save(identity, next, source.timesSec[next - 1]);
      saved = performance.now();
    }
  } catch (error) {
    if (signal?.aborted === true && next > start) await run.save(identity, next, source.timesSec[next - 1]);
    throw error;
  }
  const seconds = source.timesSec[source.frameCount - 1] - source.timesSec[0];
  await run.save(identity, source.frameCount, seconds);
  const found = { ...run.totals, frames: source.frameCount, seconds };
  await folder.finish({ format: "tsumugi-monitor/1", tsumugi, source: source.path, ...found });
  return { events: await folder.rows(), ...found, out };
}

function progressOf(seen: number, start: number, all: number, begin: number): string {
  const seconds = (performance.now() - begin) / 1000;
  const rate = (seen - start) / seconds;
  return `${seen}/${all} frames, ${rate.toFixed(0)} frames/s, ${duration((all - seen) / rate)} left`;
}
