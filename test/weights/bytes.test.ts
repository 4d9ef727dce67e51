/** @file Weights from bytes in memory, as a page has them. */
import { expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { parseEncoderWeights } from "../../src/browser.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { inMemory } from "../../src/weights/bytes.ts";
import { parseSafetensors } from "../../src/weights/safetensorsFormat.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../training/footage.ts";

async function nanoBytes(): Promise<Uint8Array> {
  const path = join(await temporaryFolder(), "nano.safetensors");
  await writeSafetensors(path, new Map(untrainedWeights("nano").values), { metadata: { variant: "nano", recipe: "r" } });
  // In a larger buffer, as readers often give it.
  const bytes = await readFile(path);
  const around = new Uint8Array(bytes.length + 3);
  around.set(bytes, 3);
  return around.subarray(3);
}

test("bytes that are no safetensors file are the user's error, with the name given", async () => {
  await expect(parseSafetensors(inMemory("upload.bin", new Uint8Array(5)))).rejects.toThrow(
    "upload.bin is not a valid safetensors file: it has 5 bytes, too few for a header",
  );
  const cut = (await nanoBytes()).subarray(0, 1000);
  await expect(parseEncoderWeights(cut)).rejects.toThrow(/^the weights is not a valid safetensors file/u);
});

test("weights of another variant are refused", async () => {
  const error = await parseEncoderWeights(await nanoBytes(), { name: "n", variant: "small" }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toContain("n holds weights of another variant: got nano, expected small");
});

test("weights come with what the file notes", async () => {
  const { variant, values, metadata } = await parseEncoderWeights(await nanoBytes());
  expect({ variant, metadata }).toEqual({ variant: "nano", metadata: { variant: "nano", recipe: "r" } });
  const untrained = untrainedWeights("nano").values;
  expect([...values.keys()].sort()).toEqual([...untrained.keys()].sort());
  for (const [name, { data }] of values) expect(data).toEqual(untrained.get(name)?.data);
});

test("parts are read as copies", async () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const part = await inMemory("b", bytes).read(1, 2);
  expect([...part]).toEqual([2, 3]);
  part[0] = 9;
  expect(bytes[1]).toBe(2);
  expect(part.buffer.byteLength).toBe(2);
});
