/**
 * @file Masks as PNG files: reading keeps palette indices exactly, writing uses the DAVIS palette.
 */
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { messageOf, UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import type { LabelMap } from "../labelMap.ts";
import { decodeInterlacedPng } from "./interlacedPng.ts";
import {
  decodedMask,
  encodeMaskPng,
  labelsOfStored,
  type PngPacker,
  type StoredMask,
  storedMask,
} from "./maskBytes.ts";

/** zlib in native code is ten times as fast as in JavaScript, which would take a quarter of a live frame's time. */
const PACKER: PngPacker = { deflate: (rows) => deflateSync(rows, { level: 4 }), crc32 };

/**
 * Reads a mask.
 * - Palette PNG of 1, 2, 4 or 8 bits: the indices, whatever the palette's colours are.
 * - Grey PNG: the sample values as stored (DAVIS-2016's 0/255 stays 0/255; a 1-bit file gives 0/1).
 * - RGB(A) PNG: every colour must be one of the DAVIS palette and becomes its index.
 * @throws UserError `mask/missing`, `mask/unreadable`, `mask/depth` (16 bits) or `mask/colour`.
 */
export async function readMaskPng(path: string): Promise<LabelMap> {
  return labelsOfStored(path, decodeMaskPng(path, await readMaskBytes(path)));
}

/** @throws UserError `mask/missing` */
export async function readMaskBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const what = missing ? `no such mask: ${path}` : `cannot read the mask ${path}: ${messageOf(error)}`;
    throw new UserError("mask/missing", { what, todo: "check the path" }, error);
  }
}

/** @param path for messages. @throws UserError `mask/unreadable` */
export function decodeMaskPng(path: string, bytes: Uint8Array): StoredMask {
  return decodedMask(path, bytes, () => {
    const interlaced = decodeInterlacedPng(bytes);
    return interlaced === undefined ? storedMask(bytes) : { ...interlaced, channels: 1 };
  });
}

/**
 * Writes a palette PNG of 8 bits with the DAVIS palette; the pixel values are the labels, exactly. Atomic.
 * @throws UserError `file/write`
 */
export async function writeMaskPng(path: string, labels: LabelMap): Promise<void> {
  await writeFileAtomic(path, encodeMaskPng(labels, PACKER));
}
