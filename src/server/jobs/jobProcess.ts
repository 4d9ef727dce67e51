/**
 * @file The process of one job: does the task that it is sent, says how far it is, and ends. When its worker dies it ends
 * at once; what it has written stays, and whoever takes the job next resumes there.
 */
import { join } from "node:path";
import { Interrupted, messageOf, UserError } from "../../core/errors.ts";
import { FileLock } from "../../core/fileLock.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { TaskContext } from "../../tasks/task.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { SessionFolder } from "../../tracking/session/folder.ts";
import { RUN_FILES } from "../../training/runFiles.ts";
import { takeLabels } from "../sites/takeLabels.ts";
import { type JobMessage, type JobOrder, progressOf } from "./jobMessages.ts";
import type { JobError } from "./queue.ts";
import type { JobTaskName } from "./references.ts";

/** A process loads only what its task needs. */
const taskModules: Readonly<Record<JobTaskName, () => Promise<Runnable>>> = {
  track: async () => (await import("../../tasks/track.ts")).trackTask,
  check: async () => (await import("../../tasks/check.ts")).checkTask,
  review: async () => (await import("../../tasks/review.ts")).reviewTask,
  convert: async () => (await import("../../tasks/convert.ts")).convertTask,
  inspect: async () => (await import("../../tasks/inspect.ts")).inspectTask,
  discover: async () => (await import("../../tasks/discover.ts")).discoverTask,
  train: async () => trainOrResume(await import("../../tasks/train.ts")),
  resume: async () => (await import("../../tasks/train.ts")).resumeTask,
  site: async () => (await import("../../tasks/site.ts")).siteTask,
  evaluate: async () => (await import("../../tasks/evaluate.ts")).evaluateTask,
};

interface Runnable {
  run(task: unknown, context: TaskContext): Promise<unknown>;
}

/** A run whose process died has begun already. */
function trainOrResume({ trainTask, resumeTask }: typeof import("../../tasks/train.ts")): Runnable {
  return {
    async run(task, context) {
      const { out } = task as { out: string };
      const isBegun = await isThere(join(out, RUN_FILES.checkpoint));
      return isBegun ? resumeTask.run({ run: out }, context) : trainTask.run(task as TaskInput, context);
    },
  };
}

type TaskInput = Parameters<typeof import("../../tasks/train.ts").trainTask.run>[0];

/** Progress lines are thinned out to one in so many ms. */
const PROGRESS_EVERY = 200;

const stop = new AbortController();

/** Errors of the surroundings that may pass; what is wrong with the task itself stays wrong. */
const PASSING: ReadonlySet<string> = new Set(["lock/busy", "file/write"]);

process.on("SIGTERM", () => stop.abort(new Interrupted("the worker stops")));
// Ctrl-C in a terminal reaches the whole group; the worker decides when its job stops.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(1));
process.once("message", (order) => void perform(order as JobOrder));

async function perform(order: JobOrder): Promise<void> {
  await tell(await outcomeOf(order));
  process.exit(0);
}

async function outcomeOf({ work, folder, machine }: JobOrder): Promise<JobMessage> {
  try {
    await using _ = await FileLock.acquire(join(folder, "job.lock"), "this job");
    const result = await run(work, { logger: logger(), machine, signal: stop.signal });
    if (stop.signal.aborted) return { kind: "stopped" };
    await writeFileAtomic(join(folder, "result.json"), `${JSON.stringify(result ?? null, undefined, 1)}\n`);
    return { kind: "done" };
  } catch (error) {
    if (stop.signal.aborted) return { kind: "stopped" };
    return failure(error);
  }
}

async function run({ task, keyFrames, labels }: JobOrder["work"], context: TaskContext): Promise<unknown> {
  if (labels !== undefined) await takeLabels(new SiteFolder(task["folder"] as string), labels);
  if (keyFrames !== undefined) await new SessionFolder(task["out"] as string).keepKeys(new Set(keyFrames));
  return (await taskModules[task["task"] as JobTaskName]()).run(task, context);
}

function failure(error: unknown): JobMessage {
  if (error instanceof UserError) {
    const data: JobError = { code: error.code, ...error.parts };
    return { kind: PASSING.has(error.code) ? "again" : "failed", error: data };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  void tell({ kind: "log", text });
  return { kind: "again", error: { code: "job/internal", what: messageOf(error) } };
}

const log = (text: string): void => void tell({ kind: "log", text });

function logger(): Logger {
  let last = 0;
  return {
    info: log,
    warn: (text) => log(`warning: ${text}`),
    progress(text) {
      if (Date.now() - last < PROGRESS_EVERY) return;
      last = Date.now();
      void tell({ kind: "progress", progress: progressOf(text) });
    },
  };
}

function tell(message: JobMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
}
