/** @file Workers and the processes of their jobs are killed at random moments; every job is done once, with the same results. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isRunning } from "../../../src/core/files.ts";
import { Random } from "../../../src/core/random.ts";
import type { NewJob } from "../../../src/server/jobs/queue.ts";
import { SqliteQueue } from "../../../src/server/jobs/sqliteQueue.ts";
import { tasks } from "../../../src/tasks/index.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { makeFootage, quick, type SmallFootage, until } from "../service.ts";

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const JOBS = 4;
const KILLS = 7;

let footage: SmallFootage;
let data: string;
beforeAll(async () => {
  footage = await makeFootage(12);
  data = join(footage.around, "data");
  await mkdir(data);
  const mask = new Uint8Array(48 * 48).fill(1, 20 * 48, 28 * 48);
  await writeMaskPng(join(footage.around, "mask.png"), { width: 48, height: 48, data: mask });
});
afterAll(() => rm(footage.around, { recursive: true }));

/** A track task into a folder; each has another setting, so that no results are alike. */
function task(out: string, i: number) {
  const [video, labels] = [join(footage.root, "clip"), [{ path: join(footage.around, "mask.png") }]];
  return { task: "track" as const, video, labels, out, ...quick(footage.root), topK: 3 + i };
}

async function resultsOf(folder: string): Promise<string[]> {
  const masks = (await readdir(join(folder, "masks"))).sort();
  const files = ["tracks.csv", ...masks.map((name) => join("masks", name))];
  return Promise.all(files.map(async (name) => `${name} ${(await readFile(join(folder, name))).toString("base64")}`));
}

const worker = (): ChildProcess =>
  spawn(process.execPath, [MAIN, "work", "--data", data, "--threads", "1"], { stdio: "ignore" });

/** The processes of jobs that run now, by their locks. */
async function jobProcesses(): Promise<number[]> {
  const jobs = await readdir(join(data, "jobs")).catch(() => []);
  const locks = await Promise.all(
    jobs.map((job) => readFile(join(data, "jobs", job, "job.lock"), "utf8").catch(() => "")),
  );
  return locks.map((text) => Number.parseInt(text, 10)).filter((pid) => pid > 0 && isRunning(pid));
}

it("kill -9 of workers and jobs at random moments loses nothing and doubles nothing", async () => {
  const random = new Random(7);
  await using queue = new SqliteQueue(join(data, "service.sqlite"));
  for (let i = 0; i < JOBS; i++) {
    const plain = { name: "track", asked: {}, clips: [], priority: 0, retries: 20, owner: "local" } as const;
    await queue.add({ id: `job${i}`, ...plain, work: { task: task(join(data, `out${i}`), i) } } satisfies NewJob);
  }
  const workers = [worker(), worker()];
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      // Workers take a while to start: a kill counts only once a job is underway, or all are done.
      const isOver = async () => (await queue.counts()).done === JOBS;
      await until(
        async () => (await jobProcesses()).length > 0 || (await isOver()),
        (isDue) => isDue,
      );
      await setTimeout(random.uniform(0, 600));
      const [pid] = await jobProcesses();
      if (kill % 3 === 2 && pid !== undefined) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has just ended by itself.
        }
      } else {
        const slot = kill % 2;
        workers[slot].kill("SIGKILL");
        workers[slot] = worker();
      }
    }
    await until(
      () => queue.counts(),
      ({ done, failed }) => done + failed === JOBS,
      100,
    );
  } finally {
    for (const one of workers) one.kill("SIGKILL");
  }
  const events = await queue.events(0, 10_000);
  let attempts = 0;
  for (let i = 0; i < JOBS; i++) {
    const job = await queue.get(`job${i}`);
    expect(job).toMatchObject({ state: "done", error: null });
    attempts += job?.attempts ?? 0;
    const ends = events.filter(({ job, data }) => job === `job${i}` && (data as { state?: string }).state === "done");
    expect(ends).toHaveLength(1);
    const apart = join(footage.around, `apart${i}`);
    await tasks.track.run(task(apart, i), { machine: { device: "cpu", threads: 1 } });
    expect(await resultsOf(join(data, `out${i}`))).toEqual(await resultsOf(apart));
  }
  // Some of the kills hit.
  expect(attempts).toBeGreaterThan(JOBS);
});
