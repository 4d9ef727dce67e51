/** @file Small clips for the benchmarks of the service: the work of a job is real, but takes seconds. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder } from "../../test/training/footage.ts";

const SIZE = 48;

/** A folder with the image folder `clip`, `mask.png` of its first frame, and untrained weights. */
export async function smallFootage(folder: string, frames: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  await makeImageFolder(folder, "clip", frames, { size: SIZE });
  const mask = new Uint8Array(SIZE * SIZE).fill(1, 20 * SIZE, 28 * SIZE);
  await writeMaskPng(join(folder, "mask.png"), { width: SIZE, height: SIZE, data: mask });
  const { values } = untrainedWeights("nano");
  await writeSafetensors(join(folder, "nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  return folder;
}

/** With which it is tracked fast. */
export const smallSettings = (footage: string): Readonly<Record<string, unknown>> => ({
  weights: join(footage, "nano.safetensors"),
  overlay: false,
  pictures: false,
});

/** The track task of job `i`. Each has another setting, so that no two results are alike. */
export function smallTask(footage: string, out: string, i: number) {
  return {
    task: "track" as const,
    video: join(footage, "clip"),
    labels: [{ path: join(footage, "mask.png") }],
    ...smallSettings(footage),
    topK: 3 + (i % 20),
    radius: 4 + Math.floor(i / 20),
    out,
  };
}

/** A digest of the masks and tracks in a folder of results. */
export async function digestOf(results: string): Promise<string> {
  const masks = (await readdir(join(results, "masks"))).toSorted();
  const digest = createHash("sha256");
  for (const name of ["tracks.csv", ...masks.map((mask) => join("masks", mask))])
    digest.update(name).update(await readFile(join(results, name)));
  return digest.digest("hex");
}

/** Asks until something is so. @throws Error after so many seconds */
export async function waitFor(isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so after ${seconds} s`);
    await setTimeout(50);
  }
}
