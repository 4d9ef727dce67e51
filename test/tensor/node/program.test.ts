/** @file Running graphs: feeds, errors, profile, determinism, devices; named parameters in one vector. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import * as t from "../../../src/tensor/index.ts";
import { expectClose, values } from "../check.ts";

async function rejection(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message;
}

describe("run", () => {
  const x = t.input("x", [2, 3]);
  const y = t.mul(x, t.input("scale", []));

  test("computes every output of what is fed, as often as asked", async () => {
    await using program = await t.compile({ y, total: t.sum(y) });
    for (const scale of [2, 3]) {
      const got = await program.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6), scale: Float32Array.of(scale) });
      expect([...got.y]).toEqual([1, 2, 3, 4, 5, 6].map((v) => v * scale));
      expect([...got.total]).toEqual([21 * scale]);
    }
  });
  test("writes into an array that is given", async () => {
    await using program = await t.compile({ y });
    const into = new Float32Array(6);
    const got = await program.run({ x: new Float32Array(6).fill(2), scale: Float32Array.of(4) }, { y: into });
    expect(got.y).toBe(into);
    expect([...into]).toEqual([8, 8, 8, 8, 8, 8]);
  });
  test("an input may be an output too, and an output may have an input's name", async () => {
    await using program = await t.compile({ x: t.add(x, 1), same: x });
    const got = await program.run({ x: new Float32Array(6) });
    expect([...got.x, ...got.same]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  });
  test("errors name the input, what came and what was wanted", async () => {
    await using program = await t.compile({ y });
    expect(await rejection(program.run({ x: new Float32Array(6) }))).toBe(
      "run(): the input scale is missing: expected []",
    );
    expect(await rejection(program.run({ x: new Float32Array(5), scale: Float32Array.of(1) }))).toBe(
      "run(): x has 5 elements: expected [2,3]",
    );
    const got = program.run({ x: new Float32Array(6), scale: Float32Array.of(1) }, { y: new Float32Array(7) });
    expect(await rejection(got)).toBe("run(): y has 7 elements: expected [2,3]");
    expect(await rejection(program.run({ x: new Int32Array(6), scale: Float32Array.of(1) }))).toBe(
      "run(): x is a Int32Array: expected float32",
    );
  });
  test("two inputs of one name are refused", async () => {
    const twice = t.add(t.input("a", [1]), t.input("a", [1]));
    expect(await rejection(t.compile({ twice }))).toBe("two inputs have the name a: expected one name for each input");
  });
});

const leftOvers = async () => (await readdir(tmpdir())).filter((n) => n.startsWith(`tsumugi-profile-${process.pid}-`));

describe("profile", () => {
  const x = t.input("x", [8, 8]);
  const outputs = { y: t.relu(t.matmul(x, x)) };
  const feeds = { x: new Float32Array(64).fill(1) };

  test("time by op type, longest first; the file is removed", async () => {
    await using program = await t.compile(outputs, { profile: true });
    for (let i = 0; i < 3; i++) await program.run(feeds);
    const table = await program.profile();
    expect(new Map(table.map(({ type, count }) => [type, count]))).toEqual(
      new Map([
        ["MatMul", 3],
        ["Relu", 3],
      ]),
    );
    for (const { ms } of table) expect(ms).toBeGreaterThanOrEqual(0);
    expect(table[0].ms).toBeGreaterThanOrEqual(table[1].ms);
    expect(await leftOvers()).toEqual([]);
  });
  test("can be asked once, and only where it was measured", async () => {
    const message = "profile(): nothing was measured; compile with { profile: true }, and call profile() once";
    await using measured = await t.compile(outputs, { profile: true });
    await measured.profile();
    expect(await rejection(measured.profile())).toBe(message);
    await using other = await t.compile(outputs);
    expect(await rejection(other.profile())).toBe(message);
  });
  test("closing without asking leaves no file", async () => {
    const program = await t.compile(outputs, { profile: true });
    await program.run(feeds);
    await program.close();
    expect(await leftOvers()).toEqual([]);
  });
});

/** A small step with everything in it: convolution, batch norm, pooling, resize, matrix product, softmax, Adam. */
function smallStep() {
  const x = t.input("x", [2, 3, 9, 8]);
  const layout = new t.ParameterLayout([
    { name: "a", shape: [8, 3, 3, 3] },
    { name: "gamma", shape: [8] },
    { name: "beta", shape: [8] },
    { name: "b", shape: [8, 8, 3, 3] },
  ]);
  const flat = t.input("parameters", [layout.size]);
  const get = layout.views(flat);
  const p = (name: string): t.Tensor => get.get(name) as t.Tensor;
  const stem = t.batchNormTraining(t.conv2d(x, p("a"), { stride: 2, padding: 1 }), p("gamma"), p("beta")).y;
  const deep = t.conv2d(t.maxPool2d(t.relu(stem), { kernel: 3, stride: 1, padding: 1 }), p("b"), { padding: 1 });
  const rows = t.reshape(t.resizeBilinear(deep, 6, 6), [2, 8, 36]);
  const affinity = t.softmax(t.matmul(rows, rows, { transposeA: true }));
  const copied = t.matmul(rows, affinity, { transposeB: true });
  const loss = t.mean(t.smoothL1(copied, t.stopGradient(t.mul(rows, 0.5))));
  const [gradient] = t.gradients(loss, [flat]);
  const { parameters, m, v, gradientNorm } = t.adam(flat, gradient, { weightDecay: 0.01, clipNorm: 1 });
  const zeros = new Float32Array(layout.size);
  const feeds = {
    x: values(x.shape, 1),
    parameters: values(flat.shape, 2, { low: -0.5, high: 0.5 }),
    "adam.m": zeros,
    "adam.v": zeros,
    learningRate: Float32Array.of(0.01),
    step: Float32Array.of(1),
  };
  return { outputs: { loss, parameters, m, v, gradientNorm, gradient }, feeds };
}

/** Compiles the small step anew and runs it so many times on the same values. */
async function runOnce(times: number) {
  const { outputs, feeds } = smallStep();
  await using program = await t.compile(outputs, { threads: 2 });
  let last = await program.run(feeds);
  for (let i = 1; i < times; i++) last = await program.run(feeds);
  return last;
}

test("the same numbers twice give the same bits, in one program and in another", async () => {
  const first = await runOnce(1);
  expect(first.gradientNorm[0]).toBeGreaterThan(0);
  for (const times of [1, 5]) expect(await runOnce(times)).toEqual(first);
});

describe("webgpu", () => {
  // Chromium's software Vulkan driver, where the machine has it: slow, but it runs everything.
  const driver = process.env["VK_DRIVER_FILES"] ?? "/usr/lib/chromium/vk_swiftshader_icd.json";
  const software = existsSync(driver);

  test.skipIf(software)("without an adapter the message says what is missing", async (context) => {
    const attempt = await t.compile({ y: t.relu(t.input("x", [1])) }, { device: "webgpu" }).then(
      async (program) => program.close(),
      (error: unknown) => error,
    );
    context.skip(attempt === undefined, "this machine has a GPU adapter");
    expect(attempt).toBeInstanceOf(UserError);
    expect((attempt as UserError).code).toBe("tensor/device");
    expect((attempt as Error).message).toMatch(/^the device webgpu cannot be used: .*leave out --device webgpu/s);
  });

  test.runIf(software)("a small training step equals the CPU's", async () => {
    process.env["VK_DRIVER_FILES"] = driver;
    const { outputs, feeds } = smallStep();
    await using cpu = await t.compile(outputs, { threads: 1 });
    await using gpu = await t.compile(outputs, { device: "webgpu" });
    const [wanted, got] = [await cpu.run(feeds), await gpu.run(feeds)];
    expectClose(got.loss, wanted.loss, 1e-4, "loss");
    expectClose(got.gradient, wanted.gradient, 1e-3, "gradient");
  });
});

describe("ParameterLayout", () => {
  const layout = new t.ParameterLayout([
    { name: "w", shape: [2, 3] },
    { name: "scale", shape: [] },
    { name: "b", shape: [2] },
  ]);
  const named = new Map([
    ["b", { shape: [2], data: Float32Array.of(8, 9) }],
    ["w", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ["scale", { shape: [], data: Float32Array.of(7) }],
    ["more", { shape: [1], data: Float32Array.of(0) }],
  ]);

  test("packs in its own order and unpacks to the same values", () => {
    const flat = layout.pack(named);
    expect(layout.size).toBe(9);
    expect([...flat]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const unpacked = layout.unpack(flat);
    expect([...unpacked.keys()]).toEqual(["w", "scale", "b"]);
    for (const [name, value] of unpacked) expect(value).toEqual(named.get(name));
  });
  test("views are the parameters, and their gradients come back in one vector", async () => {
    const flat = t.input("flat", [9]);
    const views = layout.views(flat);
    const w = views.get("w") as t.Tensor;
    const loss = t.sum(t.mul(w, t.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])));
    const [gradient] = t.gradients(loss, [flat]);
    await using program = await t.compile({ w, gradient, scale: views.get("scale") as t.Tensor });
    const got = await program.run({ flat: layout.pack(named) });
    expect([...got.w]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...got.scale]).toEqual([7]);
    expect([...got.gradient]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0]);
  });
  test("fill gives one number per element", () => {
    expect([...layout.fill(({ shape }) => shape.length)]).toEqual([2, 2, 2, 2, 2, 2, 0, 1, 1]);
  });
  test("a missing parameter and a wrong shape are named", () => {
    const without = new Map(named);
    without.delete("scale");
    expect(() => layout.pack(without)).toThrow("the weights do not fit: scale: got nothing, expected []");
    const other = new Map(named).set("w", { shape: [3, 2], data: new Float32Array(6) });
    expect(() => layout.pack(other)).toThrow("the weights do not fit: w: got [3,2], expected [2,3]");
  });
});
