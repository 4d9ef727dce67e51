/** @file What every queue of jobs does: the same tests for the one in SQLite and the one on Redis. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { openDatabase } from "../../../src/server/jobs/database.ts";
import type { Hold, JobError, JobQueue, NewJob } from "../../../src/server/jobs/queue.ts";
import { RedisQueue } from "../../../src/server/jobs/redis/redisQueue.ts";
import { SqliteQueue } from "../../../src/server/jobs/sqliteQueue.ts";
import { workerName } from "../../../src/server/jobs/workerName.ts";
import { hasRedis, startRedis, type TestRedis } from "../redis.ts";
import { until } from "../service.ts";

/** A kind of queue, empty for each test. */
interface Driver {
  readonly name: string;
  readonly isThere: boolean;
  begin(): Promise<void>;
  /** @param place another one is another queue. */
  open(place: number): Promise<JobQueue>;
  /** Renews a hold several times, then lets the worker be silent for too long. */
  silence(place: number, id: string, renew: () => Promise<Hold>): Promise<void>;
  end(): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), "tsumugi-queue-"));
const fileOf = (place: number): string => join(folder, `${place}.sqlite`);

const sqlite: Driver = {
  name: "in SQLite",
  isThere: true,
  async begin() {},
  open: async (place) => new SqliteQueue(fileOf(place)),
  async silence(_place, _id, renew) {
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(20_000);
      expect(await renew()).toBe("yours");
    }
    vi.advanceTimersByTime(31_000);
  },
  end: () => rm(folder, { recursive: true, force: true }),
};

let server: TestRedis;
const addressOf = (place: number): string => `${server.address}/${place % 16}`;
const redis: Driver = {
  name: "on Redis",
  isThere: hasRedis,
  async begin() {
    server = await startRedis();
  },
  open: (place) => RedisQueue.open({ address: addressOf(place), logger: silent, checkEvery: 100 }),
  async silence(place, id, renew) {
    const client = new Redis(addressOf(place));
    const lock = `{tsumugi}:jobs:job-${id}:lock`;
    await client.pexpire(lock, 10_000);
    expect(await renew()).toBe("yours");
    expect(await client.pttl(lock)).toBeGreaterThan(15_000);
    // Locks end by the clock of Redis, which no test can put on.
    await client.del(lock);
    client.disconnect();
  },
  end: async () => server[Symbol.asyncDispose](),
};

const me = workerName(0);
/** No process has this id: the largest one is below. */
const DEAD = me.replace(/^\d+/u, "4194305");
const error: JobError = { code: "job/stopped", what: "it ended" };
const plain = { name: "check", asked: { clips: [] }, work: { task: { task: "check" } }, clips: [], owner: "local" };

/** Only the clock is the test's: connections have timers of their own. */
const stopClock = (): void => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });

describe.each([sqlite, redis].filter(({ isThere }) => isThere))("a queue $name", (driver) => {
  let count = 0;
  let queue: JobQueue;

  beforeAll(() => driver.begin());
  afterAll(() => driver.end());
  beforeEach(async () => {
    queue = await driver.open(++count);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await queue[Symbol.asyncDispose]();
  });

  const add = async (id: string, more: Partial<NewJob> = {}) =>
    queue.add({ id, ...plain, priority: 0, retries: 2, ...more });
  const claimed = async (worker = me): Promise<string | undefined> => (await queue.claim(worker))?.id;
  const stateOf = async (id: string): Promise<string | undefined> => (await queue.get(id))?.state;

  describe("jobs", () => {
    it("are taken by priority, then in the order in which they came, each once", async () => {
      await add("a");
      await add("b", { priority: 5 });
      await add("c");
      expect([await claimed(), await claimed(), await claimed(), await claimed()]).toEqual(["b", "a", "c", undefined]);
      expect(await queue.counts()).toEqual({ queued: 0, running: 3, done: 0, failed: 0, cancelled: 0 });
    });

    it("keep what they were asked and what is to be done", async () => {
      const job = { session: "s", clips: ["c1", "c2"], work: { task: { x: [1] }, keyFrames: [3] }, key: "k" };
      await add("a", job);
      expect(await queue.get("a")).toMatchObject({
        ...job,
        name: "check",
        asked: { clips: [] },
        state: "queued",
        attempts: 0,
      });
      expect(await queue.list({ clip: "c2", limit: 9 })).toHaveLength(1);
      expect(await queue.list({ clip: "c3", limit: 9 })).toHaveLength(0);
      expect(await queue.list({ session: "s", states: ["running"], limit: 9 })).toHaveLength(0);
    });

    it("of one session never run at the same time", async () => {
      await add("a", { session: "s" });
      await add("b", { session: "s" });
      await add("c", { session: "t" });
      expect([await claimed(), await claimed(), await claimed()]).toEqual(["a", "c", undefined]);
      await queue.end("a", me, { kind: "done" });
      expect(await claimed()).toBe("b");
    });

    it("end once: what another worker says of them counts nothing", async () => {
      await add("a");
      await claimed();
      await queue.end("a", "other", { kind: "done" });
      expect(await stateOf("a")).toBe("running");
      await queue.end("a", me, { kind: "done" });
      await queue.end("a", me, { kind: "failed", error });
      expect(await queue.get("a")).toMatchObject({ state: "done", error: null, worker: null });
      expect(await queue.renew("a", me)).toBe("lost");
    });

    it("that a stopped worker gives back are taken again, without a failure", async () => {
      await add("a");
      await claimed();
      await queue.end("a", me, { kind: "stopped" });
      expect(await queue.get("a")).toMatchObject({ state: "queued", failures: 0 });
      expect(await claimed()).toBe("a");
      expect(await queue.get("a")).toMatchObject({ attempts: 2 });
    });

    it("are cancelled at once while they wait, and through their worker while they run", async () => {
      await add("a");
      expect((await queue.cancel("a"))?.state).toBe("cancelled");
      await add("b");
      await claimed();
      expect((await queue.cancel("b"))?.state).toBe("running");
      expect(await queue.renew("b", me)).toBe("cancelled");
      await queue.end("b", me, { kind: "cancelled" });
      expect((await queue.cancel("b"))?.state).toBe("cancelled");
      expect(await queue.cancel("none")).toBeUndefined();
    });

    it("are forgotten with their events once they have ended", async () => {
      await add("a");
      expect(await queue.remove("a")).toBe(false);
      await queue.cancel("a");
      expect(await queue.remove("a")).toBe(true);
      expect(await queue.events(0, 10)).toEqual([]);
    });
  });

  describe("failures that may pass", () => {
    it("are followed by longer and longer pauses, then by the end", async () => {
      stopClock();
      await add("a");
      for (const pause of [1000, 2000]) {
        expect(await claimed()).toBe("a");
        await queue.end("a", me, { kind: "again", error });
        expect(await claimed()).toBeUndefined();
        vi.advanceTimersByTime(pause - 1);
        expect(await claimed()).toBeUndefined();
        vi.advanceTimersByTime(1);
      }
      expect(await claimed()).toBe("a");
      await queue.end("a", me, { kind: "again", error });
      expect(await queue.get("a")).toMatchObject({ state: "failed", failures: 2, attempts: 3, error });
    });

    it("are not those of the user", async () => {
      await add("a");
      await claimed();
      await queue.end("a", me, { kind: "failed", error: { code: "video/empty", what: "x", got: "0 bytes" } });
      expect(await queue.get("a")).toMatchObject({ state: "failed", attempts: 1, error: { got: "0 bytes" } });
    });
  });

  describe("workers that are lost", () => {
    it("lose their jobs at once where their process is gone", async () => {
      await add("a");
      expect(await claimed(DEAD)).toBe("a");
      expect(await claimed()).toBe("a");
      await queue.end("a", DEAD, { kind: "done" });
      expect(await queue.get("a")).toMatchObject({ state: "running", worker: me, attempts: 2, failures: 0 });
    });

    it("lose them after a while where they are only silent, and not while they renew", async () => {
      stopClock();
      await add("a");
      await claimed();
      await driver.silence(count, "a", () => queue.renew("a", me));
      const other = workerName(1);
      expect(
        await until(
          () => claimed(other),
          (id) => id !== undefined,
          5,
        ),
      ).toBe("a");
      expect(await queue.renew("a", me)).toBe("lost");
      const states = (await queue.events(0, 100, "a")).map(({ data }) => (data as { state: string }).state);
      expect(states).toEqual(["queued", "running", "queued", "running"]);
    });

    it("leave jobs that were to be cancelled cancelled", async () => {
      await add("a");
      await claimed(DEAD);
      await queue.cancel("a");
      expect(await claimed()).toBeUndefined();
      expect(await stateOf("a")).toBe("cancelled");
    });
  });

  describe("keys", () => {
    it("are of their owner, and of one task", async () => {
      const first = await add("a", { key: "k" });
      expect(first.isNew).toBe(true);
      expect(await add("b", { key: "k" })).toMatchObject({ isNew: false, job: { id: "a" } });
      expect((await add("c", { key: "k", owner: "other" })).isNew).toBe(true);
      await expect(add("d", { key: "k", asked: { clips: ["x"] } })).rejects.toMatchObject({ code: "service/key-used" });
      expect(await queue.get("d")).toBeUndefined();
    });
  });

  describe("events", () => {
    it("come in order, from where a reader was, of all jobs or of one", async () => {
      await add("a");
      await add("b");
      await claimed();
      await queue.report("a", me, "progress", { text: "1/2", done: 1, total: 2 });
      await queue.report("a", "other", "log", { text: "not mine" });
      await queue.end("a", me, { kind: "failed", error });
      const all = await queue.events(0, 100);
      expect(all.map(({ job, kind }) => `${job} ${kind}`)).toEqual([
        "a state",
        "b state",
        "a state",
        "a progress",
        "a state",
      ]);
      expect(all.at(-1)?.data).toEqual({ state: "failed", error });
      expect(await queue.events(all[2].id, 100, "a")).toEqual(all.slice(3));
      expect(await queue.events(0, 2)).toEqual(all.slice(0, 2));
      expect(await queue.eventRange()).toEqual({ first: all[0].id, last: all.at(-1)?.id });
    });
  });

  describe("processes", () => {
    it("share a queue: each job is taken by one of them", async () => {
      await using other = await driver.open(count);
      for (let i = 0; i < 40; i++) await add(`j${i}`);
      const taken: (string | undefined)[] = [];
      for (let i = 0; i < 20; i++)
        taken.push(...(await Promise.all([claimed(), other.claim(workerName(1)).then((job) => job?.id)])));
      expect(new Set(taken).size).toBe(40);
      expect(await other.claim(me)).toBeUndefined();
    });

    it("may ask for the same thing at the same moment", async () => {
      await using other = await driver.open(count);
      const asked = { ...plain, priority: 0, retries: 0, key: "k" };
      const added = await Promise.all([queue.add({ id: "a", ...asked }), other.add({ id: "b", ...asked })]);
      expect(added.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(added[0].job.id).toBe(added[1].job.id);
      expect(await queue.counts()).toMatchObject({ queued: 1 });
    });
  });
});

describe("an SQLite file", () => {
  const path = fileOf(1000);

  it("keeps events up to a number", async () => {
    await using queue = new SqliteQueue(path);
    await queue.add({ id: "a", ...plain, priority: 0, retries: 0 });
    await queue.claim(me);
    const database = openDatabase(path);
    database.exec("insert into events (id, job, time, kind, data) values (50098, 'a', 0, 'log', '{}')");
    database.close();
    for (const text of ["x", "y"]) await queue.report("a", me, "log", { text });
    const { first, last } = await queue.eventRange();
    expect({ first, last }).toEqual({ first: 50_098, last: 50_100 });
  });

  it("of a newer version is refused with a word", () => {
    const database = openDatabase(path);
    database.exec("pragma user_version = 99");
    database.close();
    expect(() => new SqliteQueue(path)).toThrow(/newer version of tsumugi: got version 99/u);
  });
});
