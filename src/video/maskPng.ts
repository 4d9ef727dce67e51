/**
 * @file Masks as PNG files: reading keeps palette indices exactly, writing uses the DAVIS palette.
 * PNG is decoded by fast-png; image libraries that expand palettes to colours would lose the object ids.
 */
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { decode, type DecodedPng } from "fast-png";
import { messageOf, UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { LabelMap } from "./labelMap.ts";

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

/**
 * Reads a mask.
 * - Palette PNG of 1, 2, 4 or 8 bits: the indices, whatever the palette's colours are.
 * - Grey PNG: the sample values as stored (DAVIS-2016's 0/255 stays 0/255; a 1-bit file gives 0/1).
 * - RGB(A) PNG: every colour must be one of the DAVIS palette and becomes its index.
 * @throws UserError `mask/missing`, `mask/unreadable`, `mask/depth` (16 bits) or `mask/colour`.
 */
export async function readMaskPng(path: string): Promise<LabelMap> {
  const png = decodePng(path, await readBytes(path));
  if (png.depth === 16)
    throw new UserError("mask/depth", { what: path, got: "16 bits a sample", expected: "a palette PNG of 8 bits" });
  const { width, height } = png;
  if (png.palette !== undefined || png.channels === 1) return { width, height, data: unpack(png) };
  const data = png.channels === 2 ? firstChannel(png) : indicesOfColours(path, png);
  return { width, height, data };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const what = missing ? `no such mask: ${path}` : `cannot read the mask ${path}: ${messageOf(error)}`;
    throw new UserError("mask/missing", { what, todo: "check the path" }, error);
  }
}

function decodePng(path: string, bytes: Uint8Array): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    const got = bytes.length === 0 ? "an empty file" : messageOf(error);
    throw new UserError(
      "mask/unreadable",
      { what: `cannot read the mask ${path}`, got, expected: "a PNG file" },
      error,
    );
  }
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

function firstChannel({ data, channels, width, height }: DecodedPng): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, p) => data[p * channels]);
}

const indexOfColour = new Map(paletteEntries.map(([r, g, b], index) => [(r << 16) | (g << 8) | b, index]));

function indicesOfColours(path: string, { data, channels, width, height }: DecodedPng): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let p = 0, s = 0; p < out.length; p++, s += channels) {
    const index = indexOfColour.get((data[s] << 16) | (data[s + 1] << 8) | data[s + 2]);
    if (index === undefined) throw strangeColour(path, p % width, Math.floor(p / width), data.subarray(s, s + 3));
    out[p] = index;
  }
  return out;
}

function strangeColour(path: string, x: number, y: number, colour: ArrayLike<number>): UserError {
  return new UserError("mask/colour", {
    what: `the mask ${path} is an RGB picture with colours that stand for no object`,
    got: `rgb(${Array.from(colour).join(", ")}) at pixel (${x}, ${y})`,
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
