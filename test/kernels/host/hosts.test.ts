/** @file The hosts of kernels: Node's files and threads, a page's fetches and workers (a page of the test's own making). */
import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { KernelThreadData, KernelThreadEvents } from "../../../src/kernels/host/host.ts";
import { jobRunner, type KernelAnswer } from "../../../src/kernels/host/jobs.ts";
import { inNode, nodeHost } from "../../../src/kernels/host/node.ts";
import { serveKernelsFrom, webHost } from "../../../src/kernels/host/web.ts";

const kernelBytes = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../../dist/kernels/${name}.wasm`, import.meta.url));
const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const threadData = async (): Promise<KernelThreadData> => ({
  module: await WebAssembly.compile(await kernelBytes("match")),
  memory: memory(),
  thread: 0,
});

/** Collects what is heard of a thread; `next` waits for it. */
function listener(): KernelThreadEvents & { next(): Promise<KernelAnswer | Error> } {
  const heard: (KernelAnswer | Error)[] = [];
  const waiting: ((what: KernelAnswer | Error) => void)[] = [];
  const hear = (what: KernelAnswer | Error): void => {
    const next = waiting.shift();
    if (next === undefined) heard.push(what);
    else next(what);
  };
  return {
    answered: hear,
    died: hear,
    next: () => {
      const first = heard.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe("a job", () => {
  it("that a kernel does not have, or that fails, is an answer", async () => {
    const { module, memory: shared } = await threadData();
    const run = jobRunner(module, shared, 0);
    expect(run({ job: "noSuchJob" })).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("noSuchJob: "),
    });
    // Height 8, and the query's address outside the memory.
    new Uint32Array(shared.buffer, 1024, 13).set([
      0, 8, 8, 2, 1, 2048, 16, 2, 0, 0, 0x7fff0000, 0x7fff0000, 0x7fff0000,
    ]);
    expect(run({ job: "prepare" })).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("out of bounds"),
    });
  });
});

describe("Node", () => {
  it("is recognised", () => expect(inNode()).toBe(true));

  it("names the remedy for a kernel that is not built, at once or later", async () => {
    const host = nodeHost();
    await expect(host.read("nothing")).rejects.toThrow(
      /internal: the kernel nothing\.wasm is missing \(npm run build/u,
    );
    expect(() => host.readNow("nothing")).toThrow("npm run build makes it");
  });

  it("reads the built kernels", async () => {
    const bytes = await kernelBytes("match");
    expect(Buffer.from(await nodeHost().read("match")).equals(bytes)).toBe(true);
    expect(Buffer.from(nodeHost().readNow("match")).equals(bytes)).toBe(true);
  });
});

describe("a page", () => {
  /** A worker that answers as it is told to. */
  class FakeWorker {
    static made: { readonly script: URL; readonly worker: FakeWorker }[] = [];
    readonly posted: unknown[] = [];
    readonly heard = new Map<string, (event: never) => void>();
    ended = false;

    constructor(script: URL) {
      FakeWorker.made.push({ script, worker: this });
    }

    addEventListener(type: string, listen: (event: never) => void): void {
      this.heard.set(type, listen);
    }

    postMessage(message: unknown): void {
      this.posted.push(message);
    }

    terminate(): void {
      this.ended = true;
    }
  }

  const isolated = { crossOriginIsolated: true, navigator: { hardwareConcurrency: 6 }, Worker: FakeWorker as never };
  const alone = { crossOriginIsolated: false, navigator: { hardwareConcurrency: 6 }, Worker: FakeWorker as never };

  it("that lacks a kernel says where it was expected", async () => {
    serveKernelsFrom("https://example.org/kernels");
    vi.stubGlobal("fetch", async () => new Response("no", { status: 404 }));
    await expect(webHost(alone).read("match")).rejects.toThrow(
      /^internal: the kernel https:\/\/example\.org\/kernels\/match\.wasm cannot be loaded \(.*serveKernelsFrom\): HTTP 404$/u,
    );
    vi.stubGlobal("fetch", () => Promise.reject(new Error("offline")));
    await expect(webHost(alone).read("match")).rejects.toThrow("offline");
  });

  it("cannot read at once", () => {
    expect(() => webHost(isolated).readNow("pixels")).toThrow('await loadKernel("pixels") first');
  });

  it("fetches kernels from where they are served", async () => {
    serveKernelsFrom(new URL("https://example.org/a/"));
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: URL) => {
      asked.push(url.href);
      return new Response(Uint8Array.of(1, 2, 3));
    });
    expect([...(await webHost(alone).read("flow"))]).toEqual([1, 2, 3]);
    expect(asked).toEqual(["https://example.org/a/flow.wasm"]);
  });

  it("has as many threads as it may share memory with", () => {
    expect(webHost(isolated)).toMatchObject({ cores: 6, mostThreads: Infinity });
    expect(webHost(alone)).toMatchObject({ cores: 1, mostThreads: 1 });
  });

  it("without shared memory does jobs on its own thread, none after the end", async () => {
    const events = listener();
    const thread = webHost(alone).startThread(await threadData(), events);
    thread.post("noSuchJob");
    expect(await events.next()).toMatchObject({ kind: "failed" });
    thread.post("noSuchJob");
    await thread.end();
    const nothing = new Promise((resolve) => {
      setTimeout(() => resolve("nothing"), 5);
    });
    expect(await Promise.race([events.next(), nothing])).toBe("nothing");
  });

  it("with it starts workers, posts jobs to them and hears of their end", async () => {
    serveKernelsFrom("https://example.org/kernels/");
    const [events, data] = [listener(), await threadData()];
    const thread = webHost(isolated).startThread(data, events);
    const { script, worker } = FakeWorker.made.at(-1)!;
    expect(script.href).toBe("https://example.org/kernels/host/webThread.js");
    thread.post("prepare");
    expect(worker.posted).toEqual([data, { job: "prepare" }]);
    worker.heard.get("message")!({ data: { kind: "done" } } as never);
    expect(await events.next()).toEqual({ kind: "done" });
    worker.heard.get("error")!({} as never);
    expect(await events.next()).toMatchObject({
      message: "internal: a kernel worker died: its script cannot be loaded",
    });
    await thread.end();
    expect(worker.ended).toBe(true);
  });
});
