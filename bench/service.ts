/**
 * @file What the service bears: `kills` (workers and Redis are killed while jobs run), `uploads` (lines that break) and `load`
 * (many clients while jobs run). How to build and run it: docs/service.md.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { wholeNumber } from "../src/cli/optionParsers.ts";
import { startRedis } from "../test/server/redis.ts";
import { machine } from "./row.ts";
import { smallFootage, smallSettings } from "./service/footage.ts";
import { killWorkers, undisturbed } from "./service/kills.ts";
import { load } from "./service/load.ts";
import { breakUploads } from "./service/uploads.ts";

const number = (flags: string, text: string, usual: number): Option =>
  new Option(flags, text).argParser(wholeNumber(1)).default(usual);
const seed = (): Option => number("--seed <n>", "another order of events", 1);

/** Does something with a folder that is gone afterwards, and prints what came out. */
async function measured(work: (folder: string) => Promise<object>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    process.stdout.write(`${JSON.stringify({ ...(await work(folder)), machine: machine() }, undefined, 1)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A service in a process of its own, with two workers. */
async function withService<T>(footage: string, folder: string, work: (url: string) => Promise<T>): Promise<T> {
  const options = ["--port", "0", "--data", join(folder, "data"), "--workers", "2", "--threads", "1"];
  const program = [resolve("dist/cli/main.js"), "serve", footage, ...options];
  const service = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    for await (const text of service.stdout.setEncoding("utf8") as AsyncIterable<string>) {
      const url = /serves at (?<url>\S+)/u.exec(text)?.groups?.["url"];
      if (url !== undefined) return await work(url);
    }
    throw new Error("the service ended before it listened");
  } finally {
    service.kill("SIGTERM");
  }
}

interface KillFlags {
  readonly queue: "sqlite" | "redis";
  readonly jobs: number;
  readonly kills: number;
  readonly workers: number;
  readonly frames: number;
  readonly pause: number;
  readonly seed: number;
}

function killsCommand(): Command {
  return new Command("kills")
    .description("Kills workers and the processes of their jobs at random moments, and stops and starts Redis.")
    .addOption(new Option("--queue <name>", "where jobs wait").choices(["sqlite", "redis"]).default("sqlite"))
    .addOption(number("--jobs <n>", "jobs", 40))
    .addOption(number("--kills <n>", "kills", 100))
    .addOption(number("--workers <n>", "processes that work", 2))
    .addOption(number("--frames <n>", "of the clip", 12))
    .addOption(number("--pause <ms>", "longest time before a kill", 1000))
    .addOption(seed())
    .action(({ queue, frames, ...plan }: KillFlags) =>
      measured(async (folder) => {
        const footage = await smallFootage(join(folder, "footage"), frames);
        const results = await undisturbed(footage, folder, plan.jobs);
        await using redis = queue === "redis" ? await startRedis() : undefined;
        const data = join(folder, "data");
        const found = await killWorkers({ ...plan, footage, data, ...(redis && { redis }) });
        const { digests, ...rest } = found;
        return {
          ...rest,
          jobs: plan.jobs,
          kills: plan.kills,
          queue,
          equal: digests.filter((digest, i) => digest === results[i]).length,
        };
      }),
    );
}

interface UploadFlags {
  readonly uploads: number;
  readonly mb: number;
  readonly breaks: number;
  readonly seed: number;
}

function uploadsCommand(): Command {
  return new Command("uploads")
    .description("Sends files over lines that break at random moments.")
    .addOption(number("--uploads <n>", "at the same time", 50))
    .addOption(number("--mb <n>", "size of each, MB", 4))
    .addOption(number("--breaks <n>", "of each line", 3))
    .addOption(seed())
    .action(({ mb, ...plan }: UploadFlags) =>
      measured(async (folder) => {
        const footage = await smallFootage(join(folder, "footage"), 2);
        const bytes = mb * 1024 ** 2;
        return withService(footage, folder, async (url) => ({
          ...plan,
          bytes,
          ...(await breakUploads({ ...plan, url, bytes })),
        }));
      }),
    );
}

interface LoadFlags {
  readonly clients: number;
  readonly seconds: number;
  readonly pause: number;
  readonly jobs: number;
  readonly frames: number;
  readonly seed: number;
}

function loadCommand(): Command {
  return new Command("load")
    .description("Sends mixed requests of many clients while jobs run.")
    .addOption(number("--clients <n>", "at the same time", 200))
    .addOption(number("--seconds <n>", "how long", 300))
    .addOption(number("--pause <ms>", "longest time of a client between two requests", 4000))
    .addOption(number("--jobs <n>", "jobs under way", 2))
    .addOption(number("--frames <n>", "of the clip", 60))
    .addOption(seed())
    .action(({ seconds, frames, ...plan }: LoadFlags) =>
      measured(async (folder) => {
        const footage = await smallFootage(join(folder, "footage"), frames);
        const mask = await readFile(join(footage, "mask.png"));
        return withService(footage, folder, async (url) => {
          const end = Date.now() + seconds * 1000;
          const settings = smallSettings(footage);
          return { ...plan, ...(await load({ ...plan, url, settings, mask, isOver: () => Date.now() > end })) };
        });
      }),
    );
}

await new Command("service")
  .description("Faults and load of the service, on this machine.")
  .addCommand(killsCommand())
  .addCommand(uploadsCommand())
  .addCommand(loadCommand())
  .parseAsync();
