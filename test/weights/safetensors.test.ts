import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/weights/safetensors.ts";
import { elementCount, fromFloat16, toFloat16 } from "../../src/weights/tensors.ts";
import type { StateDict } from "../../src/weights/tensors.ts";
import { hasTorch, python } from "./python.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-safetensors-"));
  file = join(folder, "w.safetensors");
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with any header text and data. */
function raw(header: string | Uint8Array, data: Uint8Array = new Uint8Array(), length?: number): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

async function readBytes(bytes: Uint8Array): ReturnType<typeof readSafetensors> {
  await writeFile(file, bytes);
  return readSafetensors(file);
}

const f32 = (start: number, end: number, shape: string): string =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${start},${end}]}`;

const float32Tensor = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      data: fc.float32Array({ minLength: elementCount(shape), maxLength: elementCount(shape) }),
    }),
  );
const stateDict = fc
  .dictionary(
    fc.string({ unit: "grapheme", maxLength: 12 }).filter((name) => name !== "__metadata__" && name !== "__proto__"),
    float32Tensor,
    { maxKeys: 6 },
  )
  .map((entries): StateDict => new Map(Object.entries(entries)));

describe("what is written is read back", () => {
  it("float32, any names and shapes, metadata", async () => {
    await fc.assert(
      fc.asyncProperty(
        stateDict,
        fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ unit: "binary" })),
        async (tensors, metadata) => {
          await writeSafetensors(file, tensors, { metadata });
          const back = await readSafetensors(file);
          expect(back.tensors).toEqual(tensors);
          expect(back.metadata).toEqual({ ...metadata });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("float16 halves the file and loses only what float16 cannot hold", async () => {
    const data = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3);
    await writeSafetensors(file, new Map([["w", { shape: [10, 10], data }]]), { dtype: "F16" });
    const { tensors } = await readSafetensors(file);
    expect(tensors.get("w")).toEqual({ shape: [10, 10], data: fromFloat16(toFloat16(data)) });
  });

  it("whole numbers in their own kind, and aligned", async () => {
    const tensors: StateDict = new Map([
      ["a", { shape: [3], data: Uint8Array.of(1, 2, 255) }],
      ["b", { shape: [], data: BigInt64Array.of(-(2n ** 60n)) }],
      ["c", { shape: [2], data: Int16Array.of(-3, 4) }],
      ["d", { shape: [1], data: Int32Array.of(-7) }],
      ["e", { shape: [2, 0], data: new Float32Array() }],
      ["f", { shape: [1], data: BigUint64Array.of(2n ** 63n) }],
      ["g", { shape: [1], data: Int8Array.of(-1) }],
      ["h", { shape: [1], data: Uint16Array.of(65535) }],
      ["i", { shape: [1], data: Uint32Array.of(4294967295) }],
    ]);
    await writeSafetensors(file, tensors);
    expect((await readSafetensors(file)).tensors).toEqual(tensors);
    const bytes = await readFile(file);
    expect(bytes.readBigUint64LE(0) % 8n).toBe(0n);
    const { a, b } = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUint64LE(0))));
    expect(b.data_offsets).toEqual([0, 8]);
    expect(a).toEqual({ dtype: "U8", shape: [3], data_offsets: [30, 33] });
  });

  it("the same bytes, however the map was filled", async () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    await writeSafetensors(file, new Map([["b", one], ["a", one]]), { metadata: { y: "1", x: "2" } });
    const first = await readFile(file);
    await writeSafetensors(file, new Map([["a", one], ["b", one]]), { metadata: { x: "2", y: "1" } });
    expect(await readFile(file)).toEqual(first);
  });

  it("float16 refuses what would become infinite and keeps real infinities", async () => {
    const write = (value: number): Promise<void> =>
      writeSafetensors(file, new Map([["w", { shape: [1], data: Float32Array.of(value) }]]), { dtype: "F16" });
    await expect(write(70000)).rejects.toThrow(/w holds a value that float16 cannot store: got 70000/);
    await write(Infinity);
    expect((await readSafetensors(file)).tensors.get("w")?.data[0]).toBe(Infinity);
  });
});

describe("files of others", () => {
  it("reads F64 and BF16 as float32, BOOL as uint8", async () => {
    const data = new Uint8Array(11);
    new DataView(data.buffer).setFloat64(0, 0.1, true);
    data.set([0x80, 0x3f, 1], 8);
    const header =
      '{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"y":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]},' +
      '"z":{"dtype":"BOOL","shape":[1],"data_offsets":[10,11]}}   ';
    const { tensors } = await readBytes(raw(header, data));
    expect(tensors.get("x")?.data).toEqual(Float32Array.of(0.1));
    expect(tensors.get("y")?.data).toEqual(Float32Array.of(1));
    expect(tensors.get("z")?.data).toEqual(Uint8Array.of(1));
  });

  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /0 bytes, too few/],
    ["a header past the end", raw("{}", four, 1000), /ends before/],
    ["a header above 100 MB", raw("{}", four, 100_000_001), /at most 100 MB/],
    ["an absurd header length", new Uint8Array(32).fill(255), /at most 100 MB/],
    ["no object", raw("[]"), /does not begin with \{/],
    ["half of a header", raw('{"a":'), /not valid JSON/],
    ["bytes that are no UTF-8", raw(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not valid JSON/],
    ["a key twice", raw(`{"a":${f32(0, 4, "[1]")},"a":${f32(0, 4, "[1]")}}`, four), /the key "a" occurs twice/],
    ["a key twice, escaped", raw(`{"a":${f32(0, 4, "[1]")},"\\u0061":${f32(0, 4, "[1]")}}`, four), /occurs twice/],
    ["an unknown dtype", raw('{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}', four), /a has dtype F8_E4M3/],
    ["a negative axis", raw(`{"a":${f32(0, 4, "[-1]")}}`, four), /the entry of a is wrong/],
    ["a missing field", raw('{"a":{"dtype":"F32","shape":[1]}}', four), /data_offsets/],
    ["offsets of another size", raw(`{"a":${f32(0, 4, "[2]")}}`, four), /needs 8 bytes but its offsets are 0\.\.4/],
    ["offsets backwards", raw(`{"a":${f32(4, 0, "[1]")}}`, four), /needs 4 bytes/],
    ["an absurd shape", raw(`{"a":${f32(0, 4, "[9007199254740991,9007199254740991]")}}`, four), /needs/],
    ["an overlap", raw(`{"a":${f32(0, 4, "[1]")},"b":${f32(0, 4, "[1]")}}`, four), /overlap or gap/],
    ["a hole", raw(`{"a":${f32(4, 8, "[1]")}}`, eight), /overlap or gap/],
    ["values cut off", raw(`{"a":${f32(0, 8, "[2]")}}`, four), /need 8 bytes but 4 follow/],
    ["values left over", raw(`{"a":${f32(0, 4, "[1]")}}`, eight), /need 4 bytes but 8 follow/],
    ["metadata that is no text", raw('{"__metadata__":{"a":1}}'), /may hold text only/],
  ])("refuses %s", async (_, bytes, message) => {
    const failure = readBytes(bytes);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(UserError);
  });

  it("a missing file and a folder are named", async () => {
    await expect(readSafetensors(join(folder, "none"))).rejects.toThrow(/none: there is no such file/);
    await expect(readSafetensors(folder)).rejects.toBeInstanceOf(UserError);
  });

  it("never fails in another way: cut off or changed bytes, garbage headers", async () => {
    await writeSafetensors(
      file,
      new Map([
        ["conv1.weight", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
        ["bn1.num", { shape: [], data: BigInt64Array.of(3n) }],
      ]),
      { metadata: { variant: "small" } },
    );
    const good = await readFile(file);
    const cut = fc.nat(good.length - 1).map((end) => good.subarray(0, end));
    const changed = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((edits) => {
      const copy = Uint8Array.from(good);
      for (const [at, value] of edits) copy[at] = value;
      return copy;
    });
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((json) => raw(json)),
      fc.json().map((json) => raw(`{"a":${json}}`)),
      fc.string({ unit: "binary" }).map((text) => raw(`{${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, changed, garbage), async (bytes) => {
        const outcome = await readBytes(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
      }),
      { numRuns: 400 },
    );
  });
});

const peers = resolve("../shared/peers");
describe.skipIf(!hasTorch || !existsSync(join(peers, "models.py")))("the PyTorch peer (skips without it)", () => {
  it("reads our file, F32 and F16, value for value", async () => {
    const weight = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i) / 8);
    const tensors: StateDict = new Map([
      ["layer1.0.conv1.weight", { shape: [2, 3, 2, 2], data: weight }],
      ["bn1.num_batches_tracked", { shape: [], data: BigInt64Array.of(7n) }],
    ]);
    for (const dtype of ["F32", "F16"] as const) {
      await writeSafetensors(file, tensors, { dtype, metadata: { variant: "small" } });
      const program = `
import sys, json
sys.path.insert(0, sys.argv[1])
from models import load_safetensors
t = load_safetensors(sys.argv[2])
print(json.dumps({k: [list(v.shape), v.double().flatten().tolist()] for k, v in t.items()}))`;
      const seen = JSON.parse(python(program, peers, file));
      const stored = dtype === "F32" ? weight : fromFloat16(toFloat16(weight));
      expect(seen).toEqual({
        "layer1.0.conv1.weight": [[2, 3, 2, 2], [...stored]],
        "bn1.num_batches_tracked": [[], [7]],
      });
    }
  });
});
