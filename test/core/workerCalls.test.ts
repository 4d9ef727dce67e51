import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtScript, WorkerCalls } from "../../src/core/workerCalls.ts";

let folder: string;
let script: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-worker-"));
  const core = builtScript("./workerCalls.js", new URL("../../src/core/workerCalls.ts", import.meta.url).href);
  const errors = new URL("./errors.js", core);
  script = pathToFileURL(join(folder, "worker.mjs"));
  await writeFile(
    script,
    `import { moved, serveCalls } from ${JSON.stringify(core.href)};
     import { UserError } from ${JSON.stringify(errors.href)};
     const order = [];
     serveCalls({
       double: (array) => { const out = array.map((x) => 2 * x); return moved(out, [out.buffer]); },
       slow: async (name) => { order.push(name); await new Promise((r) => setTimeout(r, name === "a" ? 20 : 0)); order.push(name + "!"); },
       order: () => order,
       refuse: () => { throw new UserError("lock/busy", { what: "no", got: "this", expected: "that" }); },
       fail: () => { throw new Error("internal: broken"); },
       die: () => process.exit(3),
     });`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("calls to a worker", () => {
  it("answer, moving buffers when asked to", async () => {
    await using worker = new WorkerCalls(script);
    const array = Float32Array.of(1, 2, 3);
    expect(await worker.call("double", array)).toEqual(Float32Array.of(2, 4, 6));
    expect(array).toHaveLength(3);
    expect(await worker.call("double", array, [array.buffer])).toEqual(Float32Array.of(2, 4, 6));
    expect(array).toHaveLength(0);
  });

  it("run one after another", async () => {
    await using worker = new WorkerCalls(script);
    await Promise.all(["a", "b"].map((name) => worker.call("slow", name)));
    expect(await worker.call("order", undefined)).toEqual(["a", "a!", "b", "b!"]);
  });

  it("give errors as they were thrown", async () => {
    await using worker = new WorkerCalls(script);
    const parts = { what: "no", got: "this", expected: "that" };
    await expect(worker.call("refuse", 1)).rejects.toMatchObject({ name: "UserError", code: "lock/busy", parts });
    await expect(worker.call("fail", 1)).rejects.toThrow("internal: broken");
    expect(await worker.call("double", Float32Array.of(4))).toEqual(Float32Array.of(8));
  });

  it("of a worker that dies are errors, those under way and later ones", async () => {
    await using worker = new WorkerCalls(script);
    await expect(worker.call("die", 1)).rejects.toThrow("internal: a worker thread ended with exit code 3");
    await expect(worker.call("double", Float32Array.of(4))).rejects.toThrow("exit code 3");
  });
});
