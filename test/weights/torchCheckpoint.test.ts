import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { toEncoderNames } from "../../src/weights/import.ts";
import { loadWeights } from "../../src/weights/load.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import type { StateDict } from "../../src/weights/tensors.ts";
import { readTorchCheckpoint } from "../../src/weights/torchCheckpoint.ts";
import { hasTorch, python } from "./python.ts";

const CRW = new URL("../media/crw-layout.pth", import.meta.url).pathname;
const OLD = new URL("../media/before-1.6.pth", import.meta.url).pathname;

/** The pickle of a tuple of small numbers. */
const tuple = (values: number[]): string => `(${values.map((n) => `K${String.fromCharCode(n)}`).join("")}t`;

const vector = (n: number) => ({ shape: [n], data: new Float32Array(n) });

const seen = (state: StateDict): unknown =>
  Object.fromEntries([...state].map(([name, { shape, data }]) => [name, [shape, [...data].map(Number)]]));

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-torch-"));
  file = join(folder, "w.pth");
});
afterAll(() => rm(folder, { recursive: true }));

async function readBytes(bytes: Uint8Array): Promise<StateDict> {
  await writeFile(file, bytes);
  return readTorchCheckpoint(file);
}

/** A checkpoint with this pickle; latin-1 text, so that opcodes can be written as they are. */
function checkpoint(pickle: string, files: Record<string, Uint8Array> = {}): Uint8Array {
  return zipSync({ "a/data.pkl": strToU8(pickle, true), ...files }, { level: 0 });
}

/** The pickle of `{"w": tensor}` over storage "0" of 4 floats, with any offset, size and stride of one byte each. */
function oneTensor(offset: number, size: number[], stride: number[]): string {
  const storage = "(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ";
  const args = `(${storage}K${String.fromCharCode(offset)}${tuple(size)}${tuple(stride)}\x89Nt`;
  return `\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n${args}Rs.`;
}
const four = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

describe("a training checkpoint in CRW's layout, written by PyTorch", () => {
  it("gives the tensors under `model` with their names, kinds and values", async () => {
    const state = await readTorchCheckpoint(CRW);
    expect([...state]).toEqual([
      [
        "encoder.model.conv1.1.weight",
        { shape: [2, 3, 2, 2], data: Float32Array.from({ length: 24 }, (_, i) => i / 8) },
      ],
      ["encoder.model.bn1.weight", { shape: [2], data: Float32Array.of(1.5, -2) }],
      ["encoder.model.bn1.bias", { shape: [2], data: Float32Array.of(0.25, 0.5) }],
      ["encoder.model.bn1.num_batches_tracked", { shape: [], data: BigInt64Array.of(9n) }],
      ["encoder.model.layer1.0.conv1.1.weight", { shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) }],
      ["selfsim_fc.0.weight", { shape: [2, 2], data: Float32Array.of(1, 1, 1, 1) }],
    ]);
  });

  it("gets the encoder's names", async () => {
    const expected = new Map([
      ["bn1.bias", [2]],
      ["conv1.weight", [2, 3, 2, 2]],
      ["bn1.weight", [2]],
      ["layer1.0.conv1.weight", [3, 2]],
    ]);
    const named = toEncoderNames(await readTorchCheckpoint(CRW), expected, "crw-layout.pth, variant crw");
    expect([...named.keys()]).toEqual([...expected.keys()]);
    expect(named.get("bn1.weight")?.data).toEqual(Float32Array.of(1.5, -2));
  });
});

describe("a file in the format before PyTorch 1.6", () => {
  it("gives the same tensors, views of one storage too", async () => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => i / 4);
    expect([...(await readTorchCheckpoint(OLD))]).toEqual([
      ["module.conv1.weight", { shape: [2, 6], data: Float32Array.from(rows) }],
      ["module.bn1.weight", { shape: [3, 2], data: BigInt64Array.of(0n, 3n, 1n, 4n, 2n, 5n) }],
      ["module.bn1.bias", { shape: [6], data: Float32Array.from(rows.slice(6)) }],
    ]);
  });

  it("is refused when it is cut off in its storages, or of another version", async () => {
    const bytes = await readFile(OLD);
    await expect(readBytes(bytes.subarray(0, -1))).rejects.toThrow(/the storage \d+ is cut off/);
    const version = Uint8Array.from(bytes);
    version[18] ^= 1;
    await expect(readBytes(version)).rejects.toThrow(/its version is unknown/);
  });

  it("is refused when it names what is not on the list", async () => {
    const magic = (await readFile(OLD)).subarray(0, 15);
    const pickles = "\x80\x02M\xe9\x03.\x80\x02}.\x80\x02cos\nsystem\n.";
    await expect(readBytes(Buffer.concat([magic, Buffer.from(pickles, "latin1")]))).rejects.toThrow(/uses os\.system/);
  });
});

describe("what is refused", () => {
  const canary = join(tmpdir(), `tsumugi-canary-${process.pid}`);
  it.each([
    ["os.system", `\x80\x02cos\nsystem\n(X\x05\0\0\0touchtR.`],
    ["posix.system", `\x80\x02cposix\nsystem\n(X${String.fromCharCode(6 + canary.length)}\0\0\0touch ${canary}tR.`],
    ["builtins.eval", `\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.`],
    ["torch.load", `\x80\x02ctorch\nload\n.`],
    ["torch._utils._rebuild_tensor_v2.__globals__", `\x80\x02ctorch._utils\n_rebuild_tensor_v2.__globals__\n.`],
  ])("the name %s", async (name, pickle) => {
    const failure = readBytes(checkpoint(pickle));
    await expect(failure).rejects.toThrow(`it uses ${name}, which is not on the list`);
    await expect(failure).rejects.toBeInstanceOf(UserError);
    await expect(stat(canary)).rejects.toThrow(/ENOENT/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a call of a storage class", checkpoint("\x80\x02ctorch\nFloatStorage\n)R."), /calls torch\.FloatStorage/],
    ["an old-style call (INST)", checkpoint("\x80\x02(ios\nsystem\n."), /opcode 0x69 is not supported/],
    ["extension codes (EXT1)", checkpoint("\x80\x02\x82\x01."), /opcode 0x82 is not supported/],
    ["a pickle cut off", checkpoint("\x80\x02}"), /ends too early/],
    ["a text longer than the file", checkpoint("\x80\x02X\xff\xff\xff\x7fab."), /ends too early/],
    ["an unknown memo", checkpoint("\x80\x02h\x07."), /unknown memo 7/],
    ["no dict", checkpoint("\x80\x02K\x01."), /no state dict in .*got no dict/],
    ["a dict without tensors", checkpoint("\x80\x02}X\x05\0\0\0epochK\x01s."), /got a dict with epoch/],
    ["a zip without data.pkl", zipSync({ "a/b": four }), /exactly one data\.pkl/],
    ["no zip", strToU8("hello, this is text"), /neither a zip file nor/],
    ["an empty file", new Uint8Array(), /neither a zip file nor/],
    ["a missing storage", checkpoint(oneTensor(0, [4], [1])), /data\/0 is missing/],
    ["a storage cut off", checkpoint(oneTensor(0, [4], [1]), { "a/data/0": four.subarray(0, 3) }), /cut off/],
    ["a tensor past its storage", checkpoint(oneTensor(1, [4], [1]), { "a/data/0": four }), /reaches past the end/],
    ["strides past its storage", checkpoint(oneTensor(0, [2, 2], [3, 1]), { "a/data/0": four }), /reaches past/],
    ["size and stride of two lengths", checkpoint(oneTensor(0, [4], [1, 1]), { "a/data/0": four }), /differ in length/],
    [
      "values without end through stride 0",
      checkpoint(oneTensor(0, [255, 255, 255, 255], [0, 0, 0, 0]), { "a/data/0": four }),
      /more than 536870912 values/,
    ],
    ["big-endian", checkpoint("\x80\x02}.", { "a/byteorder": strToU8("big") }), /big-endian/],
    ["a zip bomb", zipSync({ "a/data.pkl": new Uint8Array(65 * 2 ** 20) }), /at most 67108864/],
  ])("%s", async (_, bytes, message) => {
    const failure = readBytes(bytes);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(UserError);
  });

  it("nothing else happens with cut off or changed bytes", async () => {
    const files = [await readFile(CRW), await readFile(OLD)];
    const good = fc.constantFrom(...files);
    const cut = fc.tuple(good, fc.double({ min: 0, max: 0.999, noNaN: true })).map(([bytes, part]) => bytes.subarray(0, bytes.length * part));
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
    const changed = fc.tuple(good, edits).map(([bytes, edits]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of edits) copy[at % copy.length] = value;
      return copy;
    });
    const pickles = fc
      .array(fc.constantFrom(..."(012}])tRQbsuaeN\x88\x89\x85\x86\x87\x81\x94\x93\x8f\x90Kq\x01h.".split("")), { maxLength: 30 })
      .map((opcodes) => checkpoint(`\x80\x02${opcodes.join("")}`));
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, changed, pickles), async (bytes) => {
        const outcome = await readBytes(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
      }),
      { numRuns: 500 },
    );
  });
});

describe("strided tensors", () => {
  it.each<[string, number, number[], number[], number[]]>([
    ["a transposed view", 0, [2, 2], [1, 2], [1, 3, 2, 4]],
    ["a slice", 1, [2], [2], [2, 4]],
    ["an expanded scalar", 2, [3], [0], [3, 3, 3]],
    ["a scalar", 3, [], [], [4]],
    ["nothing", 0, [2, 0], [1, 1], []],
  ])("%s", async (_, offset, size, stride, values) => {
    const state = await readBytes(checkpoint(oneTensor(offset, size, stride), { "a/data/0": four }));
    expect(state.get("w")).toEqual({ shape: size, data: Float32Array.from(values) });
  });
});

describe("toEncoderNames", () => {
  const expected = new Map([
    ["conv1.weight", [2]],
    ["head.weight", [3]],
  ]);

  it("strips prefixes, also nested, and drops what the encoder does not have", () => {
    const state: StateDict = new Map([
      ["module.encoder.conv1.weight", vector(2)],
      ["module.encoder.head.weight", vector(3)],
      ["module.encoder.fc.weight", vector(9)],
      ["module.encoder.layer4.0.conv1.weight", vector(9)],
      ["module.encoder.bn1.num_batches_tracked", vector(1)],
      ["module.selfsim_fc.0.bias", vector(1)],
    ]);
    expect([...toEncoderNames(state, expected, "x").keys()]).toEqual(["conv1.weight", "head.weight"]);
  });

  it("keeps layer4 where the encoder has one", () => {
    const state: StateDict = new Map([["layer4.0.conv1.weight", vector(2)]]);
    expect(toEncoderNames(state, new Map([["layer4.0.conv1.weight", [2]]]), "x")).toEqual(state);
  });

  it("names everything that is wrong in one message", () => {
    const state: StateDict = new Map([
      ["conv1.weight", vector(5)],
      ...["a", "b", "c", "d", "e"].map((name): [string, ReturnType<typeof vector>] => [name, vector(1)]),
    ]);
    expect(() => toEncoderNames(state, expected, "w.pth, variant small")).toThrow(
      "the weights do not fit the encoder (w.pth, variant small): got missing: head.weight; unexpected: a, b, c and 2 more; " +
        "of a different shape: conv1.weight [5] for [2]; check that",
    );
  });

  it("refuses two tensors with one name", () => {
    const state: StateDict = new Map([
      ["model.conv1.weight", vector(2)],
      ["encoder.conv1.weight", vector(2)],
    ]);
    expect(() => toEncoderNames(state, expected, "x")).toThrow(/model.conv1.weight and encoder.conv1.weight/);
  });
});

describe("loadWeights goes by content", () => {
  it("reads safetensors called .pth and checkpoints called .safetensors", async () => {
    const tensors: StateDict = new Map([["a", { shape: [1], data: Float32Array.of(2) }]]);
    await writeSafetensors(file, tensors, { metadata: { variant: "small" } });
    expect(await loadWeights(file)).toEqual({ tensors, metadata: { variant: "small" } });
    const other = join(folder, "w.safetensors");
    await writeFile(other, await readFile(CRW));
    expect((await loadWeights(other)).tensors.size).toBe(6);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a Git LFS pointer", strToU8("version https://git-lfs.github.com/spec/v1\noid"), /git lfs pull/],
    ["a web page", strToU8("<!DOCTYPE html><html>"), /got a web page/],
    ["an empty file", new Uint8Array(), /got an empty file/],
    ["anything else", strToU8("something"), /holds no weights/],
  ])("refuses %s with a remedy", async (_, bytes, message) => {
    await writeFile(file, bytes);
    await expect(loadWeights(file)).rejects.toThrow(message);
  });
});

describe.skipIf(!hasTorch)("PyTorch itself (skips without it)", () => {
  const dump = `
import json
def show(state): print(json.dumps({k: [list(v.shape), v.double().flatten().tolist()] for k, v in state.items()}))
`;

  it("every kind, strides, shared storages, a wrapped module, protocols 2 to 4, the format before 1.6", async () => {
    const program = `${dump}
import sys, torch
torch.manual_seed(0)
x = torch.randn(4, 6)
net = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4)))
state = net.state_dict()
state.update({'t': x.t(), 'slice': x[1:, ::2], 'again': x, 'expanded': x[:1].expand(3, 6), 'empty': torch.zeros(0, 3),
  'scalar': torch.tensor(-2.5), 'double': torch.tensor([1/3, 0.1], dtype=torch.float64).float(),
  'half': torch.tensor([0.1, 6e-8, 65504.]).half(), 'bf16': torch.tensor([0.1, -3e38]).bfloat16(),
  'i64': torch.tensor([-5, 7]), 'i32': torch.tensor([-5, 7]).int(), 'i16': torch.tensor([-5]).short(),
  'i8': torch.tensor([-5]).char(), 'u8': torch.tensor([250]).byte(), 'bool': torch.tensor([True, False]),
  'parameter': torch.nn.Parameter(x[0])})
for name, protocol, zipped in ('2', 2, True), ('3', 3, True), ('4', 4, True), ('old', 2, False):
    torch.save({'state_dict': state, 'epoch': 3}, sys.argv[1] + name, pickle_protocol=protocol,
        _use_new_zipfile_serialization=zipped)
show(state)`;
    const expected = JSON.parse(python(program, file));
    for (const name of ["2", "3", "4", "old"]) {
      const state = await readTorchCheckpoint(file + name);
      expect(seen(state)).toEqual(expected);
      expect([...state.keys()]).toEqual(Object.keys(expected));
    }
  });

  it("a hostile file that PyTorch's own loader would run", async () => {
    const marker = join(folder, "was-run");
    const program = `
import sys, os, torch
class Evil:
    def __reduce__(self): return (os.system, ('touch ' + sys.argv[2],))
torch.save({'state_dict': {'w': torch.zeros(1)}, 'evil': Evil()}, sys.argv[1])`;
    python(program, file, marker);
    await expect(readTorchCheckpoint(file)).rejects.toThrow(/it uses posix\.system/);
    await expect(stat(marker)).rejects.toThrow(/ENOENT/);
  });

  it("a whole module instead of its state dict is refused by name, with the remedy", async () => {
    python("import sys, torch; torch.save(torch.nn.Linear(2, 2), sys.argv[1])", file);
    await expect(readTorchCheckpoint(file)).rejects.toThrow(/torch\.nn\.modules\.linear\.Linear.*model\.state_dict\(\)/s);
  });
});
