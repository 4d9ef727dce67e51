/** @file A small version of `bench/service.ts kills`: see there. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { smallFootage } from "../../../bench/service/footage.ts";
import { killWorkers, undisturbed } from "../../../bench/service/kills.ts";
import { temporaryFolder } from "../../training/footage.ts";
import { hasRedis, startRedis } from "../redis.ts";

const JOBS = 3;
const plan = { workers: 2, pause: 500 };
/** Programs are started again and again, which on a busy machine takes minutes. */
const PATIENCE = 900_000;

let folder: string;
let footage: string;
let results: string[];
beforeAll(async () => {
  folder = await temporaryFolder();
  footage = await smallFootage(join(folder, "footage"), 12);
  results = await undisturbed(footage, folder, JOBS);
});
afterAll(() => rm(folder, { recursive: true }));

it(
  "kill -9 of workers and jobs at random moments loses nothing and doubles nothing",
  async () => {
    const found = await killWorkers({ ...plan, footage, data: join(folder, "sqlite"), jobs: JOBS, kills: 5, seed: 7 });
    expect(found).toMatchObject({ done: JOBS, ends: JOBS, digests: results });
    // Some of the kills hit.
    expect(found.attempts).toBeGreaterThan(JOBS);
  },
  PATIENCE,
);

it.skipIf(!hasRedis)(
  "nor where the queue is on Redis, which is stopped and started in the middle",
  async () => {
    await using redis = await startRedis();
    const jobs = 2;
    const found = await killWorkers({ ...plan, footage, data: join(folder, "redis"), redis, jobs, kills: 3, seed: 8 });
    expect(found).toMatchObject({ done: jobs, ends: jobs, digests: results.slice(0, jobs) });
    expect(found.attempts).toBeGreaterThan(jobs);
  },
  PATIENCE,
);
