/** @file The encoder equals PyTorch's: stored cases of narrow variants, and the real variants where PyTorch is at hand. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import {
  channelsOf,
  encode,
  encoderParameters,
  encoderStatistics,
  type EncoderVariant,
  encoderVariants,
  initialValues,
  strideOf,
} from "../../src/method/encoder.ts";
import { compile, constant, gradients, input, mul, ParameterLayout, sum, type Tensor } from "../../src/tensor/index.ts";
import { rgbToLab } from "../../src/video/lab.ts";
import { readSafetensors, writeSafetensors } from "../../src/weights/safetensors.ts";
import { Random } from "../../src/core/random.ts";
import { hasTorch, python } from "../weights/python.ts";

/** Largest difference as a share of the largest wanted value. */
function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  let [error, scale] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(got[i] - wanted[i]);
    error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(error, difference);
    scale = Math.max(scale, Math.abs(wanted[i]));
  }
  return error / scale;
}

const media = fileURLToPath(new URL("../media/", import.meta.url));
const stored: { name: string; variant: EncoderVariant }[] = [
  { name: "pool-head", variant: { stem: 6, pool: true, widths: [6, 10], strides: [1, 2], head: 5 } },
  { name: "plain", variant: { stem: 4, pool: false, widths: [4, 6, 6], strides: [1, 2, 1] } },
];
interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const get = (tensors: Map<string, Values>, key: string): Values => {
  const found = tensors.get(key);
  if (found === undefined) throw new Error(`the file has no ${key}`);
  return found;
};

describe.each(stored)("stored case $name", ({ name, variant }) => {
  const read = async () =>
    (await readSafetensors(join(media, `parity-${name}.safetensors`))).tensors as Map<string, Values>;

  test("inference with the stored statistics", async () => {
    const tensors = await read();
    const x = get(tensors, "case.x");
    const wanted = get(tensors, "case.eval");
    const parameters = new Map([...tensors].map(([key, { shape, data }]) => [key, constant(data, shape)]));
    const features = encode(variant, parameters, input("x", x.shape), { kind: "inference" });
    expect(features.shape).toEqual(wanted.shape);
    expect(features.shape.slice(1)).toEqual([
      channelsOf(variant),
      Math.ceil(x.shape[2] / strideOf(variant)),
      Math.ceil(x.shape[3] / strideOf(variant)),
    ]);
    await using program = await compile({ features });
    expect(relativeError((await program.run({ x: x.data })).features, wanted.data)).toBeLessThan(1e-5);
  });

  test("training: features, gradient by every parameter, and the running statistics after", async () => {
    const tensors = await read();
    const x = get(tensors, "case.x");
    const layout = new ParameterLayout(encoderParameters(variant));
    const flat = input("parameters", [layout.size]);
    const collected = new Map<string, Tensor>();
    const features = encode(variant, layout.views(flat), input("x", x.shape), { kind: "training", collected });
    const weights = get(tensors, "case.weights");
    const [gradient] = gradients(sum(mul(features, constant(weights.data, weights.shape))), [flat]);
    const statistics = Object.fromEntries(collected);
    await using program = await compile({ features, gradient, ...statistics });
    const got = await program.run({ x: x.data, parameters: layout.pack(tensors) });
    expect(relativeError(got.features, get(tensors, "case.train").data)).toBeLessThan(1e-5);
    for (const [key, { data }] of layout.unpack(got.gradient))
      expect(relativeError(data, get(tensors, `case.grad.${key}`).data), key).toBeLessThan(1e-4);
    for (const { name: key } of encoderStatistics(variant)) {
      const before = get(tensors, key).data;
      const after = before.map((old, i) => 0.9 * old + 0.1 * (got as Record<string, Float32Array>)[key][i]);
      expect(relativeError(after, get(tensors, `case.after.${key}`).data), key).toBeLessThan(1e-5);
    }
  });
});

const peers = fileURLToPath(new URL("../../../shared/peers/", import.meta.url));
const reason = !existsSync(join(peers, "models.py"))
  ? "skipped: ../shared/peers is absent"
  : hasTorch
    ? undefined
    : "skipped: no python3 with PyTorch";

// One process for all variants: importing PyTorch is what takes long. Reads NAME.{safetensors,x,json}, writes NAME.y.
const FORWARD = `
import json, sys, torch
sys.path.insert(0, sys.argv[1])
from models import Encoder, load_safetensors
import numpy as np
for name in sys.argv[3:]:
    path = sys.argv[2] + "/" + name
    net = Encoder(name).eval()
    missing, extra = net.load_state_dict(load_safetensors(path + ".safetensors"), strict=False)
    assert not extra and all(n.endswith("num_batches_tracked") for n in missing), (missing, extra)
    x = torch.from_numpy(np.fromfile(path + ".x", np.float32).reshape(json.load(open(path + ".json"))))
    with torch.no_grad():
        net(x).numpy().tofile(path + ".y")
`;

const names = ["small", "crw", "mast"] as const;

describe.skipIf(reason !== undefined)("real variants against PyTorch, a frame of odd size", () => {
  const picture = { width: 75, height: 50, data: new Uint8Array(75 * 50 * 3) };
  const random = new Random(5);
  picture.data.forEach((_, i) => (picture.data[i] = random.integer(256)));
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsumugi-parity-"));
    for (const name of names) {
      const variant = encoderVariants[name];
      const values = initialValues(variant, { seed: 2, zeroLastGamma: false });
      for (const [key, { shape, data }] of values)
        if (shape.length === 1) data.forEach((_, i) => (data[i] = random.uniform(...range(key))));
      const [h, w] = [picture.height, picture.width].map((n) => Math.ceil(n / strideOf(variant)) * strideOf(variant));
      await writeSafetensors(join(folder, `${name}.safetensors`), values);
      await writeFile(join(folder, `${name}.x`), labFrame(picture, h, w));
      await writeFile(join(folder, `${name}.json`), JSON.stringify([1, 3, h, w]));
    }
    python(FORWARD, peers, folder, ...names);
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(names)("%s", async (name) => {
    const variant = encoderVariants[name];
    await using encoder = await openEncoder({ weights: join(folder, `${name}.safetensors`), variant: name });
    const got = await encoder.encode(picture);
    const size = [picture.height, picture.width].map((n) => Math.ceil(n / strideOf(variant)));
    expect([got.channels, got.height, got.width]).toEqual([channelsOf(variant), ...size]);
    const bytes = await readFile(join(folder, `${name}.y`));
    const wanted = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    expect(relativeError(got.data, wanted)).toBeLessThan(1e-4);
  });
});
test.runIf(reason !== undefined)(`real variants against PyTorch: ${reason}`, (context) => context.skip(reason));

/** Where random norms and biases lie, so that no channel dies or explodes. */
function range(key: string): [number, number] {
  return key.endsWith("running_var") ? [0.5, 2] : key.endsWith("weight") ? [0.5, 1] : [-0.5, 0.5];
}

/** Lab `[3, h, w]` of a picture, zeros to the right and below. */
function labFrame(picture: { width: number; height: number; data: Uint8Array }, h: number, w: number): Float32Array {
  const lab = rgbToLab(picture);
  const out = new Float32Array(3 * h * w);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < picture.width; x++)
        out[(c * h + y) * w + x] = lab[(c * picture.height + y) * picture.width + x];
  return out;
}
