/**
 * @file An image file as a picture. Files that are slightly broken, as some cameras write them, are read as far as the decoder is sure of
 * every pixel, with a warning; a file that lacks pixels is an error.
 */
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { messageOf, UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";

/** @throws UserError `image/unreadable` */
export async function imageSize(file: string): Promise<{ width: number; height: number }> {
  try {
    return (await sharp(file).metadata()).autoOrient;
  } catch (error) {
    throw unreadableImage(file, error);
  }
}

/** The error for an image that cannot be decoded. */
export function unreadableImage(file: string, error: unknown): UserError {
  return new UserError(
    "image/unreadable",
    { what: `cannot read the image ${file}: ${messageOf(error)}`, todo: "replace or remove the file" },
    error,
  );
}

/**
 * @returns `[height, width, 3]` uint8 sRGB, EXIF orientation applied, transparency dropped
 * @throws UserError `image/unreadable`
 */
export async function decodeImage(file: string, logger: Logger): Promise<Uint8Array> {
  try {
    return await pixelsOf(file, "warning");
  } catch (error) {
    const pixels = await brokenPixels(file);
    if (pixels === undefined) throw unreadableImage(file, error);
    logger.warn(`${file} is slightly broken but could be read whole: ${messageOf(error).split("\n")[0]}`);
    return pixels;
  }
}

/** End of image (ITU-T T.81, table B.1). */
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);
const START_OF_IMAGE = 0xffd8;

/** What can be read of a broken file when nothing of the picture itself is missing. */
async function brokenPixels(file: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || bytes.length < 4 || bytes.readUInt16BE(0) !== START_OF_IMAGE) return undefined;
  // Odd markers are passed over; a missing last marker is put there, but any missing piece of the picture stays an error.
  return pixelsOf(bytes, "error")
    .catch(() => pixelsOf(Buffer.concat([bytes, END_OF_IMAGE]), "warning"))
    .catch(() => undefined);
}

async function pixelsOf(image: string | Uint8Array, failOn: "warning" | "error"): Promise<Uint8Array> {
  const picture = sharp(image, { failOn }).autoOrient().toColourspace("srgb").removeAlpha();
  const { buffer, byteOffset, byteLength } = await picture.raw({ depth: "uchar" }).toBuffer();
  return new Uint8Array(buffer, byteOffset, byteLength);
}
