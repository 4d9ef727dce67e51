/**
 * @file Masks as bytes of PNG files, without files: pages read and write them as well. PNG is decoded by fast-png; image libraries that
 * expand palettes to colours would lose the object ids.
 */
import { decode, type DecodedPng } from "fast-png";
import { messageOf, UserError } from "../../core/errors.ts";
import type { LabelMap } from "../labelMap.ts";

/** What packs the pixels of a PNG: zlib's, of whoever runs this. */
export interface PngPacker {
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  readonly crc32: (bytes: Uint8Array) => number;
}

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
 * The labels of a mask as `readMaskPng` takes them. Interlaced files of less than 8 bits a sample are not read here.
 * @param name for messages. @throws UserError `mask/unreadable`, `mask/depth` or `mask/colour`
 */
export function parseMaskPng(name: string, bytes: Uint8Array): LabelMap {
  return labelsOfStored(
    name,
    decodedMask(name, bytes, () => storedMask(bytes)),
  );
}

/** @param name for messages. @param decoded throws any error. @throws UserError `mask/unreadable` */
export function decodedMask(name: string, bytes: Uint8Array, decoded: () => StoredMask): StoredMask {
  try {
    return decoded();
  } catch (error) {
    const got = bytes.length === 0 ? "an empty file" : messageOf(error);
    throw new UserError(
      "mask/unreadable",
      { what: `cannot read the mask ${name}`, got, expected: "a PNG file" },
      error,
    );
  }
}

/** See `readMaskPng`. @param name for messages. @throws UserError `mask/depth` or `mask/colour` */
export function labelsOfStored(name: string, { width, height, channels, data }: StoredMask): LabelMap {
  if (data instanceof Uint16Array)
    throw new UserError("mask/depth", { what: name, got: "16 bits a sample", expected: "a palette PNG of 8 bits" });
  if (channels === 1) return { width, height, data };
  const indices = davisIndices(data, channels);
  if (indices === undefined) throw strangeColour(name, data, width);
  return { width, height, data: indices };
}

/** What a PNG stores. @throws Error for damaged ones */
export function storedMask(bytes: Uint8Array): StoredMask {
  const png = decode(bytes, { checkCrc: true });
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
 * A palette PNG of 8 bits with the DAVIS palette (PNG specification, section 11): rows unfiltered, as areas of one label
 * compress best.
 */
export function encodeMaskPng({ width, height, data }: LabelMap, packer: PngPacker): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const contents = [
    ["IHDR", header],
    ["PLTE", davisPalette],
    ["IDAT", packer.deflate(rows)],
    ["IEND", new Uint8Array()],
  ] as const;
  return joined([signature, ...contents.map(([type, content]) => chunk(type, content, packer))]);
}

function chunk(type: string, data: Uint8Array, { crc32 }: PngPacker): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(new TextEncoder().encode(type), 4);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)));
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    out.set(part, at);
    return at + part.length;
  }, 0);
  return out;
}
