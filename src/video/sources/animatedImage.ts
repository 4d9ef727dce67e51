/** @file Animated WebP pictures as clips, decoded by sharp one picture at a time; their times are the sums of the stated delays. */
import sharp from "sharp";
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import { checkFrameIndex, resolveRange } from "./frameRange.ts";
import { unreadableImage } from "./decodedImage.ts";
import { TimedSource } from "./timedSource.ts";
import { frameNames } from "./timestampTable.ts";

/** Browsers show pictures with a delay of 0 so long. */
const SHORTEST_MS = 100;

/** How many pictures an image file holds; 1 for one that cannot be read, whose reader says why. */
export async function pictureCount(path: string): Promise<number> {
  const { pages = 1 } = await sharp(path)
    .metadata()
    .catch(() => ({ pages: 1 }));
  return pages;
}

/** The eight bytes of every PNG, then chunks of length, type, data, CRC (PNG specification, section 5). */
const PNG_HEADER = 8;

/** Whether a PNG is an animated one: it has a chunk `acTL` before its pixels (APNG specification). */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG_HEADER; at + 8 <= bytes.length; at += view.getUint32(at) + 12) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "acTL") return true;
    if (type === "IDAT" || type === "IEND") return false;
  }
  return false;
}

/** Opens an animated picture. @throws UserError `image/unreadable` */
export async function openAnimatedImage(path: string): Promise<FrameSource> {
  try {
    const { width, pageHeight, height, delay = [], pages = 1 } = await sharp(path).metadata();
    return new AnimatedImage(path, { width, height: pageHeight ?? height }, delay, pages);
  } catch (error) {
    throw unreadableImage(path, error);
  }
}

class AnimatedImage extends TimedSource {
  /** @param delays ms, of each picture */
  constructor(
    path: string,
    size: { readonly width: number; readonly height: number },
    delays: readonly number[],
    count: number,
  ) {
    super({ path, ...size, timesSec: timesOf(delays, count), names: frameNames(count) });
  }

  async *frames(range?: FrameRange): AsyncGenerator<Frame> {
    const { start, end } = resolveRange(this, range);
    for (let i = start; i < end; i++) yield await this.frame(i);
  }

  async frame(index: number): Promise<Frame> {
    checkFrameIndex(this, index);
    const { width, height } = this;
    try {
      const data = await sharp(this.path, { page: index, pages: 1 })
        .toColourspace("srgb")
        .removeAlpha()
        .raw({ depth: "uchar" })
        .toBuffer();
      return this.framed(index, { width, height, data: new Uint8Array(data) });
    } catch (error) {
      throw unreadableImage(`${this.path} (picture ${index})`, error);
    }
  }

  async close(): Promise<void> {}
}

/** When each picture begins, seconds. @param delays ms */
function timesOf(delays: readonly number[], count: number): Float64Array {
  let timeMs = 0;
  return Float64Array.from({ length: count }, (_, i) => {
    const now = timeMs;
    timeMs += (delays[i] ?? 0) > 0 ? delays[i] : SHORTEST_MS;
    return now / 1000;
  });
}
