/**
 * @file Reads the mask that a person gives for a frame, whatever tool it is from: label maps as they are, other kinds by rules that are
 * said through the logger (see maskKinds.ts), the rest refused with what to do. Masks that are scored or that this project wrote are read
 * by `readMaskPng`, which takes nothing but label maps.
 */
import sharp from "sharp";
import { messageOf, UserError } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { LabelMap } from "../labelMap.ts";
import {
  backgroundIndex,
  ColourIds,
  colourName,
  isScattered,
  renumbered,
  softMask,
  type ValuePicture,
} from "./maskKinds.ts";
import { davisIndices, type StoredMask } from "./maskBytes.ts";
import { decodeMaskPng, readMaskBytes } from "./maskPng.ts";

/** Settings of `readLabelMask`. */
export interface LabelMaskOptions {
  /** Told of every rule but the plain one. Default: silent. */
  readonly logger?: Logger;
  /** Ids that colours have in all masks of one clip; default: of this mask alone. */
  readonly colours?: ColourIds;
}

/**
 * - Palette and grey PNG: the values as stored.
 * - A palette whose entry 0 is not black, with another that is: black is the background, the rest 1, 2, … in order of the palette.
 * - Soft grey masks of one object (antialiased, blurred, once a JPEG): cut at half of the highest value.
 * - RGB: the DAVIS palette by index; else black is the background and every other colour an object.
 * - 16 bits: where every value fits 8 bits, or is a multiple of 257.
 * - Transparency: fully transparent pixels are background.
 * - JPEG, WebP, TIFF, AVIF: as grey or RGB.
 * @throws UserError `mask/missing`, `mask/unreadable`, `mask/depth`, `mask/colour`, `mask/soft`
 */
export async function readLabelMask(path: string, options: LabelMaskOptions = {}): Promise<LabelMap> {
  const { logger = silent, colours = new ColourIds() } = options;
  const bytes = await readMaskBytes(path);
  const stored = isPng(bytes) ? decodeMaskPng(path, bytes) : await decodeOther(path, bytes);
  const labels = labelsOf(path, eightBits(path, stored), { logger, colours });
  return withoutTransparent(labels, stored.alpha);
}

const isPng = (bytes: Uint8Array): boolean => bytes[0] === 137 && bytes[1] === 80 && bytes[2] === 78;

async function decodeOther(path: string, bytes: Uint8Array): Promise<StoredMask> {
  try {
    const picture = sharp(bytes).autoOrient().toColourspace("srgb").removeAlpha();
    const { data, info } = await picture.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      channels: info.channels === 1 ? 1 : 3,
      data: new Uint8Array(data),
    };
  } catch (error) {
    throw new UserError(
      "mask/unreadable",
      { what: `cannot read the mask ${path}`, got: messageOf(error), expected: "a picture, best a palette PNG" },
      error,
    );
  }
}

type Samples8 = Omit<StoredMask, "data"> & { readonly data: Uint8Array };

/** 16-bit samples that hold no more than 8 bits. @throws UserError `mask/depth` */
function eightBits(path: string, stored: StoredMask): Samples8 {
  const { data } = stored;
  if (data instanceof Uint8Array) return { ...stored, data };
  const scale = data.every((value) => value <= 255) ? 1 : data.every((value) => value % 257 === 0) ? 257 : undefined;
  if (scale === undefined)
    throw new UserError("mask/depth", {
      what: path,
      got: `16 bits a sample, values up to ${data.reduce((a, b) => Math.max(a, b), 0)}`,
      expected: "a palette PNG of 8 bits with object ids from 1 to 254",
      todo: "number the objects 1, 2, … and save it with 8 bits",
    });
  return { ...stored, data: Uint8Array.from(data, (value) => value / scale) };
}

/** Lossy coding tints grey pictures by so much. */
const NEARLY_GREY = 6;

function labelsOf(path: string, mask: Samples8, options: Required<LabelMaskOptions>): LabelMap {
  if (mask.palette !== undefined) return fromPalette(path, mask, mask.palette, options);
  if (mask.channels === 1) return fromGrey(path, mask, options);
  const { data } = mask;
  const isGrey = data.every((value, i) => i % 3 === 0 || Math.abs(value - data[i - 1]) <= NEARLY_GREY);
  if (isGrey) return fromGrey(path, { ...mask, data: data.filter((_, i) => i % 3 === 1) }, options);
  return fromColours(path, mask, options);
}

function fromPalette(
  path: string,
  mask: ValuePicture,
  palette: readonly (readonly number[])[],
  { logger }: Required<LabelMaskOptions>,
): LabelMap {
  if (isScattered(mask)) throw scattered(path, mask);
  const background = backgroundIndex(mask, palette);
  if (background === undefined) return plain(mask);
  logger.warn(
    `${path}: index 0 of its palette is not black and index ${background} is, so ${background} is taken for the background`,
  );
  return renumbered(mask, background);
}

function fromGrey(path: string, mask: ValuePicture, { logger }: Required<LabelMaskOptions>): LabelMap {
  const soft = softMask(mask);
  if (soft !== undefined) {
    const count = soft.labels.data.reduce((sum, label) => sum + label, 0);
    logger.warn(
      `${path} has soft edges (${soft.between} pixels between background and object): cut at half, object 1 has ${count} pixels`,
    );
    return soft.labels;
  }
  if (isScattered(mask)) throw scattered(path, mask);
  return plain(mask);
}

function fromColours(path: string, mask: Samples8, { logger, colours }: Required<LabelMaskOptions>): LabelMap {
  const { width, height, data } = mask;
  const davis = davisIndices(data, 3);
  if (davis !== undefined) return { width, height, data: davis };
  const before = colours.colours.size;
  const labels = colours.labelsOf(data, width, height);
  if (labels === undefined || !labels.data.includes(0)) throw strangeColours(path);
  const added = [...colours.colours].slice(before).map(([colour, id]) => `${colourName(colour)} is object ${id}`);
  if (added.length > 0) logger.warn(`${path}: every colour but black is an object: ${added.slice(0, 8).join(", ")}`);
  return labels;
}

const plain = ({ width, height, data }: ValuePicture): LabelMap => ({ width, height, data });

function scattered(path: string, { data }: ValuePicture): UserError {
  const values = new Set(data).size;
  return new UserError("mask/soft", {
    what: `${path} is no label map: too many pixels differ from all their neighbours (blurred, dithered or a photo)`,
    got: `${values} different values`,
    expected: "areas of one value each: 0 = background, 1, 2, … = objects",
    todo: "save it as an indexed (palette) PNG without antialiasing or dithering",
  });
}

function strangeColours(path: string): UserError {
  return new UserError("mask/colour", {
    what: `the mask ${path} is a colour picture in which objects cannot be told apart`,
    got: "blurred edges, more than 254 colours, or no black background",
    expected: "one flat colour for each object on black, or a palette PNG whose pixel values are object ids",
    todo: "save it as an indexed (palette) PNG without antialiasing",
  });
}

function withoutTransparent(labels: LabelMap, alpha: Uint8Array | undefined): LabelMap {
  if (alpha === undefined || alpha.every((value) => value > 0)) return labels;
  return { ...labels, data: labels.data.map((label, i) => (alpha[i] === 0 ? 0 : label)) };
}
