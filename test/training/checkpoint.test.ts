import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/training/checkpoint.ts";
import { temporaryFolder } from "./footage.ts";

const array = (...values: number[]): Float32Array => Float32Array.of(...values);
const checkpoint: Checkpoint = {
  step: 12,
  minutes: 1.25,
  smoothedLoss: 0.5,
  state: {
    parameters: array(1, 2, 3),
    statistics: array(4),
    average: array(5, 6, 7),
    m: array(0, -0, 1e-30),
    v: array(1, 1, 1),
  },
};

test("round trip keeps every bit", async () => {
  const path = join(await temporaryFolder(), "checkpoint.bin");
  await writeCheckpoint(path, checkpoint);
  expect(await readCheckpoint(path)).toEqual(checkpoint);
});

test("missing, cut off and foreign files are clear errors", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "checkpoint.bin");
  await expect(readCheckpoint(path)).rejects.toThrow(/cannot resume.*no such file/);
  await writeCheckpoint(path, checkpoint);
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, whole.length - 3));
  await expect(readCheckpoint(path)).rejects.toThrow(/cut off/);
  await writeFile(path, "something else");
  await expect(readCheckpoint(path)).rejects.toThrow(/another kind of file/);
});
