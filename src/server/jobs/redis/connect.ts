/** @file The connection to Redis: its packages, which only this queue needs, whether it answers, and whether it keeps what it has. */
import type { Redis } from "ioredis";
import { messageOf, UserError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/log.ts";
import { publicAddress } from "../../../core/publicAddress.ts";

/** How long an answer of Redis is waited for, ms. */
const PATIENCE = 5000;

/** What is used of BullMQ and ioredis. */
export type Packages = Pick<typeof import("bullmq"), "Queue" | "Worker" | "Job"> &
  Pick<typeof import("ioredis"), "Redis">;

/** @throws UserError `service/packages` */
export async function redisPackages(): Promise<Packages> {
  try {
    const [{ Queue, Worker, Job }, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { Queue, Worker, Job, Redis };
  } catch (error) {
    throw new UserError(
      "service/packages",
      {
        what: `a queue on Redis needs packages that are not installed: ${messageOf(error).split("\n")[0]}`,
        todo: "install them with: npm install bullmq ioredis",
      },
      error,
    );
  }
}

/** How each connection behaves. While Redis is away requests fail after a while, and it is asked for again and again. */
export const CONNECTING = {
  commandTimeout: PATIENCE,
  connectTimeout: PATIENCE,
  maxRetriesPerRequest: 5,
  retryStrategy: (times: number): number => Math.min(times * 100, 2000),
} as const;

/** @throws UserError `service/queue` */
export async function connect({ Redis }: Packages, address: string, logger: Logger): Promise<Redis> {
  const client = new Redis(address, { ...CONNECTING, lazyConnect: true });
  let isAway = false;
  let reason: unknown;
  // Without a listener an error would end the process. The first says why; what requests get is only that there is no line.
  client.on("error", (error) => (reason ??= error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw unreachable(address, reason ?? error);
  }
  client.on("close", () => {
    if (!isAway && client.status !== "end") logger.warn(`the queue at ${publicAddress(address)} is away; trying again`);
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) logger.info(`the queue at ${publicAddress(address)} is back`);
    isAway = false;
  });
  await warnOfLoss(client, address, logger);
  return client;
}

/** An error of Redis for people. */
export function unreachable(address: string, error: unknown): UserError {
  return new UserError(
    "service/queue",
    {
      what: `the queue of jobs at ${publicAddress(address)} cannot be used: ${messageOf(error).replace(/\.$/u, "")}`,
      todo: "start Redis, or check the address of --queue",
    },
    error,
  );
}

/** A Redis that keeps nothing on disk forgets all jobs when it is started again. */
async function warnOfLoss(client: Redis, address: string, logger: Logger): Promise<void> {
  // Hosted ones may not tell.
  const settings = await client.config("GET", "save", "appendonly").catch(() => undefined);
  if (!Array.isArray(settings)) return;
  const pairs: readonly string[] = settings;
  const valueOf = (name: string): string | undefined => pairs[pairs.indexOf(name) + 1];
  if (valueOf("save") !== "" || valueOf("appendonly") === "yes") return;
  logger.warn(
    `the Redis at ${publicAddress(address)} keeps nothing on disk: when it ends, all jobs are lost; start it with --appendonly yes`,
  );
}
