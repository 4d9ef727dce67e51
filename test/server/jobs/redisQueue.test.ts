/** @file What only the queue on Redis has: a server that may be away, may forget, and packages that may be missing. */
import { expect, describe, it, vi } from "vitest";
import { type Logger, silent } from "../../../src/core/log.ts";
import { RedisQueue } from "../../../src/server/jobs/redis/redisQueue.ts";
import { workerName } from "../../../src/server/jobs/workerName.ts";
import { hasRedis, startRedis } from "../redis.ts";
import { until } from "../service.ts";

const me = workerName(0);
const job = { name: "check", asked: {}, work: { task: {} }, clips: [], priority: 0, retries: 0, owner: "local" };

function listening(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  return { ...silent, lines, info: (line) => lines.push(line), warn: (line) => lines.push(line) };
}

describe.skipIf(!hasRedis)("a queue on Redis", () => {
  it("is refused while it is away, and goes on where it was", async () => {
    await using redis = await startRedis();
    const logger = listening();
    await using queue = await RedisQueue.open({ address: redis.address, logger });
    for (const id of ["a", "b"]) await queue.add({ ...job, id });
    expect((await queue.claim(me))?.id).toBe("a");
    await redis.stop();
    await expect(queue.get("a")).rejects.toMatchObject({ code: "service/queue" });
    await redis.start();
    await until(
      () => queue.renew("a", me).catch(() => "away"),
      (hold) => hold === "yours",
    );
    await queue.end("a", me, { kind: "done" });
    expect((await queue.claim(me))?.id).toBe("b");
    expect(await queue.counts()).toMatchObject({ done: 1, running: 1 });
    expect(logger.lines).toEqual([expect.stringContaining("is away"), expect.stringContaining("is back")]);
  });

  it("can be left while Redis is away", async () => {
    await using redis = await startRedis();
    const queue = await RedisQueue.open({ address: redis.address, logger: silent });
    await queue.claim(me);
    await redis.stop();
    await queue[Symbol.asyncDispose]();
  });

  it("warns where it would be forgotten", async () => {
    await using redis = await startRedis(false);
    const logger = listening();
    await using _ = await RedisQueue.open({ address: redis.address, logger });
    expect(logger.lines).toEqual([expect.stringContaining("all jobs are lost; start it with --appendonly yes")]);
  });
});

it("that nobody answers for is named, without its password", async () => {
  const opened = RedisQueue.open({ address: "redis://anna:secret@127.0.0.1:1/3", logger: silent });
  await expect(opened).rejects.toMatchObject({ code: "service/queue", status: 503 });
  await expect(opened).rejects.toThrow(/^(?!.*secret).*redis:\/\/127\.0\.0\.1:1\/3 cannot be used: .*ECONNREFUSED/su);
});

it("names the packages that it needs", async () => {
  vi.doMock("bullmq", () => {
    throw new Error("Cannot find package 'bullmq'");
  });
  const opened = RedisQueue.open({ address: "redis://127.0.0.1:1", logger: silent });
  await expect(opened).rejects.toMatchObject({
    code: "service/packages",
    parts: { todo: "install them with: npm install bullmq ioredis" },
  });
  vi.doUnmock("bullmq");
});
