/**
 * @file Workers and the processes of their jobs are killed with `kill -9` at random moments, and Redis is stopped and started:
 * how many jobs are done, how often, and with which results.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isRunning } from "../../src/core/files.ts";
import { silent } from "../../src/core/log.ts";
import { Random } from "../../src/core/random.ts";
import { openQueue } from "../../src/server/context.ts";
import type { JobQueue } from "../../src/server/jobs/queue.ts";
import { tasks } from "../../src/tasks/index.ts";
import { digestOf, smallTask, waitFor } from "./footage.ts";

/** What is done to whom. */
export interface KillPlan {
  /** From `smallFootage`. */
  readonly footage: string;
  /** The service's folder; made. */
  readonly data: string;
  /** Default: the queue in SQLite. */
  readonly redis?: { readonly address: string; stop(): Promise<void>; start(): Promise<void> };
  readonly jobs: number;
  readonly kills: number;
  readonly workers: number;
  readonly seed: number;
  /** Longest pause before a kill, ms. */
  readonly pause: number;
}

export interface KillResult {
  readonly done: number;
  /** How often a job was said to be done; without doubles that is `done`. */
  readonly ends: number;
  /** How often a worker took a job. */
  readonly attempts: number;
  /** SHA-256 of the results of each job. */
  readonly digests: readonly string[];
  readonly seconds: number;
}

const PATIENCE = 1800;
const idOf = (i: number): string => `job${i}`;

/** The results of an undisturbed run, job by job. */
export async function undisturbed(footage: string, folder: string, jobs: number): Promise<string[]> {
  const digests: string[] = [];
  for (let i = 0; i < jobs; i++) {
    const out = join(folder, `apart${i}`);
    await tasks.track.run(smallTask(footage, out, i), { machine: { device: "cpu", threads: 1 } });
    digests.push(await digestOf(out));
  }
  return digests;
}

/** Runs `npm run build`'s program from the present folder. @throws Error where jobs do not end */
export async function killWorkers(plan: KillPlan): Promise<KillResult> {
  const { data, jobs, redis } = plan;
  await mkdir(data, { recursive: true });
  await using queue = await openQueue(data, { queue: redis?.address, logger: silent });
  await ask(queue, plan);
  const begun = Date.now();
  const workers = Array.from({ length: plan.workers }, () => startWorker(plan));
  try {
    await disturb(plan, workers, queue);
    await waitFor(() => areOver(queue, jobs), PATIENCE);
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
  }
  return { ...(await outcomeOf(queue, plan)), seconds: (Date.now() - begun) / 1000 };
}

async function ask(queue: JobQueue, { footage, data, jobs }: KillPlan): Promise<void> {
  const plain = { name: "track", asked: {}, clips: [], priority: 0, retries: 20, owner: "local" };
  for (let i = 0; i < jobs; i++)
    await queue.add({ ...plain, id: idOf(i), work: { task: smallTask(footage, join(data, `out${i}`), i) } });
}

function startWorker({ data, redis }: KillPlan): ChildProcess {
  const address = redis === undefined ? [] : ["--queue", redis.address];
  const program = [resolve("dist/cli/main.js"), "work", "--data", data, "--threads", "1", ...address];
  return spawn(process.execPath, program, { stdio: "ignore" });
}

/** Of each three kills two are of workers, one of a job's process. Half-way Redis is started again. */
async function disturb(plan: KillPlan, workers: ChildProcess[], queue: JobQueue): Promise<void> {
  const random = new Random(plan.seed);
  for (let kill = 0; kill < plan.kills; kill++) {
    // Workers take a while to start: a kill counts only once a job is underway.
    await waitFor(
      async () => (await jobProcesses(plan.data)).length > 0 || (await areOver(queue, plan.jobs)),
      PATIENCE,
    );
    await setTimeout(random.uniform(0, plan.pause));
    if (kill === Math.floor(plan.kills / 2)) {
      await plan.redis?.stop();
      await setTimeout(random.uniform(0, plan.pause));
      await plan.redis?.start();
    }
    const [pid] = await jobProcesses(plan.data);
    if (kill % 3 === 2 && pid !== undefined) endProcess(pid);
    else {
      const slot = kill % workers.length;
      workers[slot].kill("SIGKILL");
      workers[slot] = startWorker(plan);
    }
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

/** While Redis is away, nothing is known. */
async function areOver(queue: JobQueue, jobs: number): Promise<boolean> {
  const counts = await queue.counts().catch(() => undefined);
  return counts !== undefined && counts.done + counts.failed === jobs;
}

/** The processes of jobs that run now, by their locks. */
async function jobProcesses(data: string): Promise<number[]> {
  const jobs = await readdir(join(data, "jobs")).catch(() => []);
  const locks = await Promise.all(
    jobs.map((job) => readFile(join(data, "jobs", job, "job.lock"), "utf8").catch(() => "")),
  );
  return locks.map((text) => Number.parseInt(text, 10)).filter((pid) => pid > 0 && isRunning(pid));
}

async function outcomeOf(queue: JobQueue, { data, jobs }: KillPlan): Promise<Omit<KillResult, "seconds">> {
  let [done, ends, attempts] = [0, 0, 0];
  const digests: string[] = [];
  for (let i = 0; i < jobs; i++) {
    const job = await queue.get(idOf(i));
    if (job?.state === "done" && job.error === null) done++;
    attempts += job?.attempts ?? 0;
    const events = await queue.events(0, 10_000, idOf(i));
    ends += events.filter((event) => (event.data as { state?: string }).state === "done").length;
    digests.push(await digestOf(join(data, `out${i}`)));
  }
  return { done, ends, attempts, digests };
}
