/** @file A folder with the depth of every frame: 16-bit PNG or NumPy arrays. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, parse } from "node:path";
import { decode } from "fast-png";
import { messageOf, UserError } from "../../core/errors.ts";
import { frameOrder } from "../sources/imageNames.ts";
import type { DepthMap, DepthSource } from "./depthMap.ts";
import { readNpy } from "./npy.ts";

/** The clip that the depth belongs to. */
export interface DepthClip {
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly names: readonly string[];
}

/**
 * Opens a folder with a file for each frame: named as the frame is, or as many files as the clip has frames, in natural order.
 * 16-bit grey PNG (0 = unknown) or .npy of the frame's height and width (0, negative, NaN and infinite = unknown).
 * @throws UserError `depth/missing`, `depth/frames`, `depth/unreadable`, `depth/size`
 */
export async function openDepthFolder(path: string, clip: DepthClip): Promise<DepthSource> {
  const files = filesFor(await depthFiles(path), path, clip);
  const read = (index: number): Promise<DepthMap> => readDepth(join(path, files[index]), clip);
  const hash = createHash("sha256").update(JSON.stringify(files));
  const last = files.length - 1;
  for (const index of new Set([0, last >> 1, last])) {
    // Read as a depth, too: what is wrong with a folder is found before anything is tracked.
    await read(index);
    hash.update(await readFile(join(path, files[index])));
  }
  return { path, fingerprint: hash.digest("hex"), at: read };
}

/** In natural order. */
async function depthFiles(path: string): Promise<string[]> {
  const all = await readdir(path).catch((error: unknown) => {
    throw new UserError(
      "depth/missing",
      { what: `cannot open the depth folder ${path}: ${messageOf(error)}`, todo: "check the path" },
      error,
    );
  });
  const names = all.filter((name) => !name.startsWith(".") && [".png", ".npy"].includes(extname(name).toLowerCase()));
  return frameOrder(names.map((name) => parse(name).name)).map((i) => names[i]);
}

/** The file of each frame. */
function filesFor(files: readonly string[], path: string, { names, frameCount }: DepthClip): string[] {
  const byName = new Map(files.map((file) => [parse(file).name, file]));
  const named = names.map((name) => byName.get(name));
  const missing = named.findIndex((file) => file === undefined);
  if (missing < 0) return named as string[];
  if (files.length === frameCount) return [...files];
  const someNamed = named.some((file) => file !== undefined);
  throw new UserError("depth/frames", {
    what: `${path} has no depth of ${someNamed ? `frame ${names[missing]}` : "every frame"}`,
    got: `${files.length} files`,
    expected: `${frameCount}, a .png or .npy for each frame`,
    todo: "write depth of every frame; where a pixel's is unknown, write 0",
  });
}

async function readDepth(path: string, { width, height }: DepthClip): Promise<DepthMap> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UserError("depth/unreadable", { what: `cannot read ${path}: ${messageOf(error)}` }, error);
  });
  const map = extname(path).toLowerCase() === ".npy" ? fromNpy(bytes, path) : fromPng(bytes, path);
  if (map.width === width && map.height === height) return map;
  throw new UserError("depth/size", {
    what: `${path} has another size than the frames`,
    got: `${map.width}x${map.height}`,
    expected: `${width}x${height}`,
    todo: "register the depth to the camera of the video, at its size",
  });
}

function fromNpy(bytes: Uint8Array, path: string): DepthMap {
  const { shape, data } = readNpy(bytes, path);
  if (shape.length === 2) return { width: shape[1], height: shape[0], data };
  throw new UserError("depth/unreadable", {
    what: `${path} is no depth of a frame`,
    got: `an array of shape ${shape.join(" x ") || "()"}`,
    expected: "height x width",
  });
}

function fromPng(bytes: Uint8Array, path: string): DepthMap {
  const { width, height, depth, channels, data } = decoded(bytes, path);
  if (depth === 16 && channels === 1) return { width, height, data: Float32Array.from(data) };
  throw new UserError("depth/unreadable", {
    what: `${path} is no depth of a frame`,
    got: `a PNG of ${depth} bits and ${channels} ${channels === 1 ? "channel" : "channels"}`,
    expected: "16 bits, grey",
    todo: "write the sensor's numbers, not a picture of them in colours",
  });
}

function decoded(bytes: Uint8Array, path: string): ReturnType<typeof decode> {
  try {
    return decode(bytes);
  } catch (error) {
    throw new UserError("depth/unreadable", { what: `cannot read ${path} as a PNG: ${messageOf(error)}` }, error);
  }
}
