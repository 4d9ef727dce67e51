import { join } from "node:path";
import { expect, test } from "vitest";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import type { StateDict } from "../../src/weights/tensors.ts";
import { temporaryFolder } from "../training/footage.ts";

test("a demanded variant holds for weights in memory and in a file", async () => {
  const weights = untrainedWeights("nano");
  await expect(openEncoder({ weights, variant: "crw" })).rejects.toThrow(/got nano, expected crw/);
  const path = join(await temporaryFolder(), "nano.safetensors");
  await writeSafetensors(path, new Map(weights.values), { metadata: { variant: "nano" } });
  await expect(openEncoder({ weights: path, variant: "crw" })).rejects.toThrow(/got nano, expected crw/);
});

test("without a note in the file the variant that fits is found", async () => {
  const path = join(await temporaryFolder(), "weights.safetensors");
  await writeSafetensors(path, new Map(untrainedWeights("nano").values));
  expect((await readEncoderWeights(path)).variant).toBe("nano");
});

test("infinite values and whole numbers are no weights", async () => {
  const path = join(await temporaryFolder(), "weights.safetensors");
  const values: StateDict = new Map(untrainedWeights("nano").values);
  const { shape } = values.get("bn1.bias")!;
  values.set("bn1.bias", { shape, data: new Float32Array(shape[0]).fill(Infinity) });
  await writeSafetensors(path, values);
  await expect(readEncoderWeights(path)).rejects.toThrow(/bn1\.bias: got Infinity/);
  values.set("bn1.bias", { shape, data: new Uint8Array(shape[0]) });
  await writeSafetensors(path, values);
  await expect(readEncoderWeights(path)).rejects.toThrow(/bn1\.bias: got whole numbers/);
});
