/** @file A picture as a PNG file. */
import sharp from "sharp";
import type { RgbPicture } from "../picture.ts";

/** @returns the file's bytes. */
export function encodePng({ width, height, data }: RgbPicture): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
