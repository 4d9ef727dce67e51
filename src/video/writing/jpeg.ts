/** @file A picture as a JPEG file that looks like it: quality 95. */
import sharp from "sharp";
import type { RgbPicture } from "../picture.ts";

const QUALITY = 95;

/** @param chroma colours at half size as usual, or at full size. @returns the file's bytes. */
export function encodeJpeg(
  { width, height, data }: RgbPicture,
  chroma: "4:2:0" | "4:4:4" = "4:2:0",
): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY, chromaSubsampling: chroma })
    .toBuffer();
}
