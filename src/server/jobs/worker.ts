/**
 * @file Takes jobs from the queue and runs each in a process of its own. The worker itself computes nothing, so it always
 * has time to renew its hold of a job.
 */
import { makeFolders } from "../../core/files.ts";
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { Machine } from "../../core/machine.ts";
import { builtScript } from "../../core/workerCalls.ts";
import type { JobMessage, JobOrder } from "./jobMessages.ts";
import type { Job, JobProgress, JobQueue, Outcome } from "./queue.ts";
import { workerName } from "./workerName.ts";

/** How a worker works. */
export interface WorkerOptions {
  readonly queue: JobQueue;
  /** The folder of a job. */
  readonly folderOf: (id: string) => string;
  /** Each job's. */
  readonly machine: Machine;
  readonly logger: Logger;
  /** How often an idle worker looks for a job, and a busy one whether its job was cancelled, ms. Default 500. */
  readonly beat?: number;
}

const SCRIPT = fileURLToPath(builtScript("./jobProcess.js", import.meta.url));
/** What of a process's stderr is shown when it crashes, characters. */
const SHOWN = 2000;

/** Works on one job at a time until it is stopped. */
export class JobWorker {
  private readonly options: WorkerOptions;
  private readonly name: string;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  private warned = "";

  /** @param slot tells the workers of one process apart. */
  constructor(options: WorkerOptions, slot: number) {
    this.options = options;
    this.name = workerName(slot);
    this.ended = this.work();
  }

  /** Its job saves what it has and goes back to the queue. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async work(): Promise<void> {
    const { queue, beat = 500 } = this.options;
    while (!this.stopping.signal.aborted) {
      try {
        const job = await queue.claim(this.name);
        if (job === undefined) await this.pause(beat);
        else await this.settle(job.id, await this.perform(job));
        this.warned = "";
      } catch (error) {
        this.warn(`worker ${this.name}: ${messageOf(error)}`);
        await this.pause(beat);
      }
    }
  }

  /** What came out is told until it is heard, also when the queue is away for a while. */
  private async settle(id: string, outcome: Outcome): Promise<void> {
    const { queue, beat = 500 } = this.options;
    for (;;) {
      try {
        return await queue.end(id, this.name, outcome);
      } catch (error) {
        this.warn(`job ${id}: ${messageOf(error)}`);
        // Whoever takes the job next finds the results.
        if (this.stopping.signal.aborted) return;
        await this.pause(beat);
      }
    }
  }

  /** Of a queue that is away it is told once. */
  private warn(line: string): void {
    if (line !== this.warned) this.options.logger.warn(line);
    this.warned = line;
  }

  private pause(ms: number): Promise<void> {
    return setTimeout(ms, undefined, { signal: this.stopping.signal }).catch(() => {});
  }

  private async perform(job: Job): Promise<Outcome> {
    const { folderOf, machine, logger } = this.options;
    const folder = folderOf(job.id);
    await makeFolders(folder);
    logger.info(`job ${job.id}: ${job.name} begins`);
    const running = new JobProcess(job, { work: job.work, folder, machine }, this.options, this.name);
    const stop = (): void => running.stop("stopped");
    if (this.stopping.signal.aborted) stop();
    this.stopping.signal.addEventListener("abort", stop, { once: true });
    const outcome = await running.outcome;
    this.stopping.signal.removeEventListener("abort", stop);
    logger.info(`job ${job.id}: ${outcome.kind === "again" ? "failed for now" : outcome.kind}`);
    return outcome;
  }
}

/** A job's process while it runs. */
class JobProcess {
  readonly outcome: Promise<Outcome>;
  private readonly child: ChildProcess;
  private readonly job: Job;
  private readonly options: WorkerOptions;
  private readonly worker: string;
  private last: JobMessage | undefined;
  /** Why it was told to stop. */
  private why: "stopped" | "cancelled" | undefined;
  private stderr = "";

  constructor(job: Job, order: JobOrder, options: WorkerOptions, worker: string) {
    this.job = job;
    this.options = options;
    this.worker = worker;
    this.child = fork(SCRIPT, { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-SHOWN);
    });
    this.child.on("message", (message: JobMessage) => this.heard(message));
    this.child.send(order, () => {});
    const beating = setInterval(() => void this.renew().catch(() => {}), options.beat ?? 500);
    this.outcome = new Promise<Outcome>((resolve) => {
      this.child.on("error", () => {});
      this.child.on("close", (code, signal) => resolve(this.outcomeOf(code, signal)));
    }).finally(() => clearInterval(beating));
  }

  stop(why: "stopped" | "cancelled"): void {
    this.why ??= why;
    this.child.kill("SIGTERM");
  }

  private heard(message: JobMessage): void {
    const { queue } = this.options;
    const report = (kind: "progress" | "log", data: JobProgress | { text: string }): void =>
      // A line that is lost does no harm: the next one says more.
      void queue.report(this.job.id, this.worker, kind, data).catch(() => {});
    if (message.kind === "progress") report("progress", message.progress);
    else if (message.kind === "log") report("log", { text: message.text });
    else this.last = message;
  }

  private async renew(): Promise<void> {
    const hold = await this.options.queue.renew(this.job.id, this.worker);
    if (hold === "cancelled") this.stop("cancelled");
    // Another worker has the job: this process must not write any more.
    if (hold === "lost") this.child.kill("SIGKILL");
  }

  private outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
    if (this.last?.kind === "done" || this.last?.kind === "failed") return this.last;
    if (this.why !== undefined) return { kind: this.why };
    if (this.last?.kind === "again") return this.last;
    const how = signal === null ? `with exit code ${code}` : `by the signal ${signal}`;
    const said = this.stderr.trim().split("\n").at(-1) ?? "";
    const todo = "read the job's log; ask for the job again when the reason is gone";
    return {
      kind: "again",
      error: { code: "job/stopped", what: `the job's process ended ${how}`, ...(said !== "" && { got: said }), todo },
    };
  }
}

/** Where a service keeps a job. */
export function jobFolder(data: string, id: string): string {
  return join(data, "jobs", id);
}
