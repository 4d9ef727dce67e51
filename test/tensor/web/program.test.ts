/** @file Graphs on a stand-in for onnxruntime-web: what it is asked for, and what its failures become. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import { add, input } from "../../../src/tensor/graph/index.ts";
import { openWebCompiler } from "../../../src/tensor/web/index.ts";

/** An onnxruntime whose sessions give what they are made with. */
function runtime(result: Record<string, Float32Array> = {}) {
  const seen: { options?: unknown; fetches?: unknown; released?: boolean; model?: Uint8Array } = {};
  const session = {
    run: async (_: unknown, fetches: unknown) => {
      seen.fetches = fetches;
      return Object.fromEntries(Object.entries(result).map(([name, data]) => [name, { data }]));
    },
    release: async () => {
      seen.released = true;
    },
  };
  const module = {
    env: { wasm: {} as { wasmPaths?: unknown; numThreads?: number } },
    Tensor: class {
      readonly data: unknown;
      constructor(_type: string, data: unknown) {
        this.data = data;
      }
    },
    InferenceSession: {
      create: async (model: Uint8Array, options: unknown) => {
        Object.assign(seen, { model, options });
        return session;
      },
    },
  };
  return { module, seen };
}

const x = input("x", [2]);
const y = add(x, 1);

async function failure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe("what cannot be used is the user's error", () => {
  test("an onnxruntime-web that cannot be loaded", async () => {
    const error = await failure(openWebCompiler({ runtime: () => Promise.reject(new Error("no such module")) }));
    expect(error.code).toBe("tensor/device");
    expect(error.message).toBe(
      "onnxruntime-web cannot be loaded: no such module; install onnxruntime-web, or give openWebCompiler a `runtime` that loads it",
    );
  });

  test.each([
    ["cpu", "check that `wasmPaths` serves"],
    ["webgpu", "use a browser with WebGPU"],
  ] as const)("a session on %s that cannot be opened", async (device, todo) => {
    const { module } = runtime();
    module.InferenceSession.create = () => Promise.reject(new Error("no backend"));
    const compile = await openWebCompiler({ runtime: async () => module, device });
    const error = await failure(compile({ y }));
    expect(error.message).toContain(`onnxruntime-web cannot open a session on ${device}: no backend; ${todo}`);
  });

  test("feeds are checked as in Node", async () => {
    const compile = await openWebCompiler({ runtime: async () => runtime().module });
    await using program = await compile({ y });
    expect((await failure(program.run({}))).message).toBe("run(): the input x is missing: expected [2]");
    expect((await failure(program.run({ x: new Float32Array(3) }))).message).toBe(
      "run(): x has 3 elements: expected [2]",
    );
    const into = { y: new Float32Array(3) };
    expect((await failure(program.run({ x: new Float32Array(2) }, into))).message).toContain("y has 3 elements");
  });
});

describe("a program", () => {
  test("runs where it was settled", async () => {
    const { module, seen } = runtime();
    await (
      await openWebCompiler({ runtime: async () => module, wasmPaths: "/ort/", threads: 3 })
    )({ y });
    expect(module.env.wasm).toEqual({ wasmPaths: "/ort/", numThreads: 3 });
    expect(seen.options).toMatchObject({ executionProviders: ["wasm"] });
    await (
      await openWebCompiler({ runtime: async () => module, device: "webgpu" })
    )({ y });
    expect(seen.options).toMatchObject({ executionProviders: ["webgpu"] });
  });

  test("leaves onnxruntime-web's own settings where none are given", async () => {
    const { module } = runtime();
    await openWebCompiler({ runtime: async () => module });
    expect(module.env.wasm).toEqual({});
  });

  test("gives results, copied into arrays that are given", async () => {
    const { module, seen } = runtime({ "out/y": Float32Array.of(4, 5) });
    await using program = await (await openWebCompiler({ runtime: async () => module }))({ y });
    expect([...(await program.run({ x: Float32Array.of(3, 4) })).y]).toEqual([4, 5]);
    const into = new Float32Array(2);
    expect((await program.run({ x: Float32Array.of(3, 4) }, { y: into })).y).toBe(into);
    expect([...into]).toEqual([4, 5]);
    expect(seen.fetches).toEqual({ "out/y": null });
  });

  test("releases its session", async () => {
    const { module, seen } = runtime();
    const program = await (await openWebCompiler({ runtime: async () => module }))({ y });
    await program.close();
    expect(seen.released).toBe(true);
  });
});
