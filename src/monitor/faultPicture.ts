/** @file The picture of a fault: the frame that shows it beside one from before, with what is wrong in words. */
import { clockTime } from "../footage/texts/wording.ts";
import { drawText, TEXT_HEIGHT, textWidth } from "../video/drawing/bitmapFont.ts";
import { drawDashedBox, shade } from "../video/drawing/ink.ts";
import type { Box } from "../video/box.ts";
import type { RgbPicture } from "../video/picture.ts";
import { shrunk } from "../video/resize.ts";
import { encodeJpeg } from "../video/writing/jpeg.ts";
import type { FaultEvent } from "./faultEvent.ts";
import { faultWords } from "./words.ts";

/** Pixels of the shorter side, at most. */
const SHORT_SIDE = 360;
const MARGIN = 6;
const YELLOW = [255, 214, 10] as const;
const WHITE = [255, 255, 255] as const;
const BLACK = [0, 0, 0] as const;

/** A picture that is small enough to be kept. */
export function keptPicture(frame: RgbPicture): RgbPicture {
  const { width, height, data } = shrunk(frame, SHORT_SIDE);
  return { width, height, data: width === frame.width ? data.slice() : data };
}

/** @param marked boxes in pixels of the frame. @returns a JPEG. */
export function faultPicture(
  event: FaultEvent,
  frame: RgbPicture,
  before: RgbPicture | undefined,
  marked: readonly Box[] = [],
): Promise<Uint8Array> {
  const now = keptPicture(frame);
  const scale = now.width / frame.width;
  for (const [x, y, width, height] of marked)
    drawDashedBox(now, [x * scale, y * scale, width * scale, height * scale], YELLOW, 1);
  caption(now, `${faultWords(event.kind)} at ${clockTime(event.timeSec)}`, YELLOW);
  if (before === undefined || before.width !== now.width || before.height !== now.height) return encodeJpeg(now);
  const earlier = { ...before, data: before.data.slice() };
  caption(earlier, "before", WHITE);
  return encodeJpeg(sideBySide(earlier, now));
}

function caption(picture: RgbPicture, text: string, colour: readonly [number, number, number]): void {
  const size = Math.max(1, Math.min(2, Math.floor((picture.width - 2 * MARGIN) / textWidth(text))));
  const height = size * TEXT_HEIGHT + 2 * MARGIN;
  shade(picture, [0, picture.height - height, picture.width, height], BLACK, 0.65);
  drawText(picture, text, { x: MARGIN, y: picture.height - height + MARGIN }, size, colour);
}

function sideBySide(left: RgbPicture, right: RgbPicture): RgbPicture {
  const [width, row] = [2 * left.width, 3 * left.width];
  const data = new Uint8Array(2 * left.data.length);
  for (let y = 0; y < left.height; y++) {
    data.set(left.data.subarray(y * row, (y + 1) * row), 2 * y * row);
    data.set(right.data.subarray(y * row, (y + 1) * row), (2 * y + 1) * row);
  }
  return { width, height: left.height, data };
}
