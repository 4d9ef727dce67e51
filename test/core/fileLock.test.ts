import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileLock } from "../../src/core/fileLock.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-lock-"));
});
afterAll(() => rm(root, { recursive: true }));

const path = (name: string): string => join(root, name, "session.lock");

/** Leaves a lock of this process number, last touched so many seconds ago. */
async function left(name: string, holder: string, ageSec: number): Promise<void> {
  await (await FileLock.acquire(path(name), name))[Symbol.asyncDispose]();
  await writeFile(path(name), holder);
  const then = new Date(Date.now() - 1000 * ageSec);
  await utimes(path(name), then, then);
}

describe("a lock", () => {
  it("lets one in at a time, and names who is at work", async () => {
    const first = await FileLock.acquire(path("one"), "the folder");
    expect(await readFile(path("one"), "utf8")).toBe(`${process.pid} ${hostname()}\n`);
    await expect(FileLock.acquire(path("one"), "the folder")).rejects.toThrow("this process is working in the folder");
    await first[Symbol.asyncDispose]();
    await using _ = await FileLock.acquire(path("one"), "the folder");
  });

  it("of another process that is there holds", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    await left("other", `${child.pid} ${hostname()}\n`, 1);
    await expect(FileLock.acquire(path("other"), "it")).rejects.toThrow(`process ${child.pid} is working in it`);
    child.kill("SIGKILL");
    await once(child, "exit");
    await using _ = await FileLock.acquire(path("other"), "it");
  });

  it("left behind by a process of this number that is gone is taken over", async () => {
    await left("same", `${process.pid} ${hostname()}\n`, 1);
    await using _ = await FileLock.acquire(path("same"), "it");
  });

  it("of another machine holds as long as it is touched", async () => {
    await left("far", "1 elsewhere\n", 5);
    await expect(FileLock.acquire(path("far"), "it")).rejects.toThrow("process 1 on elsewhere is working in it");
    await left("silent", "1 elsewhere\n", 120);
    await using _ = await FileLock.acquire(path("silent"), "it");
  });

  it("where nothing can be written is the user's error", async () => {
    await writeFile(join(root, "file"), "");
    await expect(FileLock.acquire(join(root, "file", "session.lock"), "it")).rejects.toThrow("cannot write");
  });
});
