/**
 * @file Masks as PNG files: reading keeps palette indices exactly, writing uses the DAVIS palette.
 * PNG is decoded by fast-png; image libraries that expand palettes to colours would lose the object ids.
 */
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { decode, type DecodedPng } from "fast-png";
import { messageOf, UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { decodeInterlacedPng } from "./interlacedPng.ts";
import type { LabelMap } from "../labelMap.ts";

/**
 * The colours of DAVIS masks, `[256, 3]` uint8: PASCAL VOC's colour map. The bits of an index are dealt out in turn to
 * red, green and blue, from the highest bit of each downwards.
 */
export const davisPalette: Uint8Array = makeDavisPalette();

function makeDavisPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++)
    for (let bit = 0; bit < 8; bit++)
      palette[index * 3 + (bit % 3)] |= ((index >> bit) & 1) << (7 - Math.floor(bit / 3));
  return palette;
}

/** The palette in the form that fast-png wants. */
const paletteEntries = Array.from({ length: 256 }, (_, i) => [...davisPalette.subarray(i * 3, i * 3 + 3)]);

/** A mask as its file stores it. */
export interface StoredMask {
  readonly width: number;
  readonly height: number;
  /** 1: grey values or palette indices; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** `[height, width, channels]`; 16 bits only where the file has them. */
  readonly data: Uint8Array | Uint16Array;
  /** `[height, width]`, 0 = transparent, where the file has it. */
  readonly alpha?: Uint8Array;
  /** [red, green, blue] by index, of palette pictures. */
  readonly palette?: readonly (readonly number[])[];
}

/**
 * Reads a mask.
 * - Palette PNG of 1, 2, 4 or 8 bits: the indices, whatever the palette's colours are.
 * - Grey PNG: the sample values as stored (DAVIS-2016's 0/255 stays 0/255; a 1-bit file gives 0/1).
 * - RGB(A) PNG: every colour must be one of the DAVIS palette and becomes its index.
 * @throws UserError `mask/missing`, `mask/unreadable`, `mask/depth` (16 bits) or `mask/colour`.
 */
export async function readMaskPng(path: string): Promise<LabelMap> {
  const { width, height, channels, data } = decodeMaskPng(path, await readMaskBytes(path));
  if (data instanceof Uint16Array)
    throw new UserError("mask/depth", { what: path, got: "16 bits a sample", expected: "a palette PNG of 8 bits" });
  if (channels === 1) return { width, height, data };
  const indices = davisIndices(data, channels);
  if (indices === undefined) throw strangeColour(path, data, width);
  return { width, height, data: indices };
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
  try {
    const interlaced = decodeInterlacedPng(bytes);
    return interlaced === undefined ? storedMask(decode(bytes, { checkCrc: true })) : { ...interlaced, channels: 1 };
  } catch (error) {
    const got = bytes.length === 0 ? "an empty file" : messageOf(error);
    throw new UserError(
      "mask/unreadable",
      { what: `cannot read the mask ${path}`, got, expected: "a PNG file" },
      error,
    );
  }
}

function storedMask(png: DecodedPng): StoredMask {
  const { width, height, channels, palette } = png;
  const size = { width, height };
  if (palette !== undefined) return { ...size, channels: 1, data: unpack(png), palette };
  if (channels === 1) return { ...size, channels: 1, data: png.depth === 16 ? pick(png, [0]) : unpack(png) };
  const colours = channels >= 3 ? [0, 1, 2] : [0];
  const hasAlpha = channels === 2 || channels === 4;
  const opacity = hasAlpha && { alpha: Uint8Array.from(pick(png, [channels - 1]), (value) => (value === 0 ? 0 : 255)) };
  return { ...size, channels: channels >= 3 ? 3 : 1, data: pick(png, colours), ...opacity };
}

/** Some channels of every pixel. */
function pick(
  { data, channels, width, height, depth }: DecodedPng,
  which: readonly number[],
): Uint8Array | Uint16Array {
  const Samples = depth === 16 ? Uint16Array : Uint8Array;
  const out = new Samples(width * height * which.length);
  for (let p = 0, to = 0; p < width * height; p++)
    for (const channel of which) out[to++] = data[p * channels + channel];
  return out;
}

/** One byte a pixel from rows of packed 1, 2, 4 or 8 bit samples; every row begins at a byte. */
function unpack({ data, depth, width, height }: DecodedPng): Uint8Array {
  if (depth === 8) return Uint8Array.from(data);
  const out = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = (1 << depth) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      out[y * width + x] = (data[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
    }
  return out;
}

const indexOfColour = new Map(paletteEntries.map(([r, g, b], index) => [(r << 16) | (g << 8) | b, index]));

/** Where the colour of a pixel is found. */
const colourAt = (data: Uint8Array, at: number): number => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];

/**
 * Indices in the DAVIS palette.
 * @param data `[height, width, channels]`
 * @returns `[height, width]`; undefined when a colour is not in the palette
 */
export function davisIndices(data: Uint8Array, channels: number): Uint8Array | undefined {
  const out = new Uint8Array(data.length / channels);
  for (let p = 0; p < out.length; p++) {
    const index = indexOfColour.get(colourAt(data, p * channels));
    if (index === undefined) return undefined;
    out[p] = index;
  }
  return out;
}

function strangeColour(path: string, data: Uint8Array, width: number): UserError {
  const pixels = data.length / 3;
  const p = Array.from({ length: pixels }, (_, i) => i).find((i) => !indexOfColour.has(colourAt(data, 3 * i))) ?? 0;
  const colour = data.subarray(3 * p, 3 * p + 3);
  return new UserError("mask/colour", {
    what: `the mask ${path} is an RGB picture with colours that stand for no object`,
    got: `rgb(${Array.from(colour).join(", ")}) at pixel (${p % width}, ${Math.floor(p / width)})`,
    expected: "a palette PNG whose pixel values are object ids, or exactly the colours of the DAVIS palette",
    todo: "save it as an indexed (palette) PNG without antialiasing",
  });
}

/**
 * Writes a palette PNG of 8 bits with the DAVIS palette; the pixel values are the labels, exactly. Atomic.
 * @throws UserError `file/write`
 */
export async function writeMaskPng(path: string, labels: LabelMap): Promise<void> {
  await writeFileAtomic(path, encodeMaskPng(labels));
}

/**
 * A palette PNG of 8 bits (PNG specification, section 11): rows unfiltered, as areas of one label compress best. zlib in native
 * code makes it ten times as fast as encoders in JavaScript, which would take a quarter of a live frame's time.
 */
function encodeMaskPng({ width, height, data }: LabelMap): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const chunks = [chunk("IHDR", header), chunk("PLTE", davisPalette), chunk("IDAT", deflateSync(rows, { level: 4 }))];
  return Buffer.concat([signature, ...chunks, chunk("IEND", new Uint8Array())]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
