/** @file The clip that the tracking benchmarks use: DAVIS `dog`, 480p, from the shared data beside the checkout. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";
import { openVideoWriter } from "../src/video/writing/writer.ts";

/** The checkout, whether this file runs from bench/ or from dist/. */
const root = fileURLToPath(new URL(import.meta.url.includes("/dist/") ? "../../../" : "../", import.meta.url));

export const shared = join(root, "../shared");
export const davis = join(shared, "data/segmentation/DAVIS");
export const clip = join(davis, "JPEGImages/480p/dog");
export const firstMask = join(davis, "Annotations/480p/dog/00000.png");

/** The weights that come with the package; their usual place is beside the compiled benchmarks, not above them. */
export const packageWeights = join(root, "weights/default.safetensors");

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The clip as an H.264 video, as a camera or a download would give it. */
export async function clipVideo(path: string): Promise<string> {
  await using source = await openFrameSource(clip);
  const { width, height } = source;
  await using writer = await openVideoWriter(path, { width, height, fps: 24 });
  for await (const { data } of source.frames()) await writer.write(data);
  await writer.finish();
  return path;
}

/** The clip's one object cut into three by columns: the cost of three objects on footage that has one. */
export async function threeObjects(path: string): Promise<LabelMap> {
  return objectsByColumns(await readMaskPng(path), 3);
}

/** The object cut into `count` bands of equal width. */
export function objectsByColumns(mask: LabelMap, count: number): LabelMap {
  const columns = [...mask.data.keys()].filter((p) => mask.data[p] > 0).map((p) => p % mask.width);
  const [left, right] = [columns.reduce((a, b) => Math.min(a, b)), columns.reduce((a, b) => Math.max(a, b))];
  const bandOf = (x: number): number => 1 + Math.min(count - 1, Math.floor(((x - left) / (right - left + 1)) * count));
  return { ...mask, data: mask.data.map((value, p) => (value > 0 ? bandOf(p % mask.width) : 0)) };
}
