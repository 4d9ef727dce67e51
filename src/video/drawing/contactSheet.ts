/** @file Several pictures on one sheet, in rows. */
import sharp from "sharp";
import { internal } from "../../core/errors.ts";
import type { RgbPicture } from "../picture.ts";

/** How a sheet is laid out. */
export interface ContactSheetOptions {
  /** Pictures per row. */
  readonly columns: number;
  /** Pixels between pictures; default 4. */
  readonly gap?: number;
  /** Each picture is drawn this wide, pixels; default: its own width. */
  readonly width?: number;
}

/** Pictures of one size, row by row, on white; a PNG file. */
export async function contactSheet(pictures: readonly RgbPicture[], options: ContactSheetOptions): Promise<Uint8Array> {
  if (pictures.length === 0) throw internal("a contact sheet without pictures");
  const { columns, gap = 4, width = pictures[0].width } = options;
  const height = Math.max(1, Math.round((width * pictures[0].height) / pictures[0].width));
  const parts = pictures.map(async (picture, i) => ({
    input: await png(picture, width, height),
    left: (i % columns) * (width + gap),
    top: Math.floor(i / columns) * (height + gap),
  }));
  const rows = Math.ceil(pictures.length / columns);
  const size = { width: Math.min(columns, pictures.length) * (width + gap) - gap, height: rows * (height + gap) - gap };
  return sharp({ create: { ...size, channels: 3, background: "white" } })
    .composite(await Promise.all(parts))
    .removeAlpha()
    .png()
    .toBuffer();
}

function png({ data, width, height }: RgbPicture, toWidth: number, toHeight: number): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(toWidth, toHeight, { fit: "fill" })
    .png()
    .toBuffer();
}

/**
 * Indices of `wanted` frames of a clip, evenly spread and including the first and last; fewer if the clip is shorter.
 */
export function spreadIndices(frameCount: number, wanted: number): number[] {
  const count = Math.min(wanted, frameCount);
  return Array.from({ length: count }, (_, i) => Math.round((i * (frameCount - 1)) / Math.max(1, count - 1)));
}
