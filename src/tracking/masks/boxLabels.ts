/**
 * @file Boxes as first labels: a box becomes the mask of the thing in it, or of its rectangle; and the tracked mask's
 * tight box is the box of a frame.
 */
import type { BoxAnnotation } from "../../annotations/box.ts";
import { MAX_OBJECT_ID } from "../../annotations/object.ts";
import { UserError } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { FrameSize } from "../../annotations/point.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { outlineIn, type PixelBox } from "./boxOutline.ts";

/** What is tracked of a box: the thing in it, or its whole rectangle. */
export const BOX_SHAPES = ["refine", "exact"] as const;
export type BoxShape = (typeof BOX_SHAPES)[number];

/** Boxes of a frame and the ids of their objects. */
export interface NumberedBoxes {
  readonly boxes: readonly BoxAnnotation[];
  /** One for each box, 1..254. */
  readonly ids: readonly number[];
  /** Where the boxes come from, in messages. */
  readonly name: string;
}

/**
 * A label map of rectangles; where boxes overlap the later one lies on top.
 * @throws UserError `boxes/outside`, `boxes/hidden`, `boxes/many`
 */
export function boxMask({ boxes, ids, name }: NumberedBoxes, { width, height }: FrameSize): LabelMap {
  if (boxes.length > MAX_OBJECT_ID)
    throw new UserError("boxes/many", {
      what: `${name} has too many boxes`,
      got: `${boxes.length}`,
      expected: `at most ${MAX_OBJECT_ID}`,
    });
  const data = new Uint8Array(width * height);
  boxes.forEach((box, i) => {
    const { left, top, right, bottom } = pixelBox(box, { width, height }, name);
    for (let y = top; y < bottom; y++) data.fill(ids[i], y * width + left, y * width + right);
  });
  const hidden = boxes.find((_, i) => !data.includes(ids[i]));
  if (hidden !== undefined)
    throw new UserError("boxes/hidden", {
      what: `${name}: the box "${hidden.name}" is covered by later ones`,
      todo: "list it last",
    });
  return { width, height, data };
}

/**
 * A label map of the things in the boxes. Where two things overlap the one of the later box lies on top; one that would
 * be covered wholly has what no later box covers. Boxes without an outline keep a plain shape, with a word.
 * @param picture the frame.
 * @throws UserError as `boxMask`
 */
export function outlineMask(numbered: NumberedBoxes, picture: RgbPicture, logger: Logger = silent): LabelMap {
  const { boxes, ids, name } = numbered;
  const { width, height } = picture;
  const rectangles = boxMask(numbered, picture);
  const places = boxes.map((box) => pixelBox(box, picture, name));
  const data = new Uint8Array(width * height);
  places.forEach((place, i) => {
    const { mask, plain } = outlineIn(picture, place, places.toSpliced(i, 1));
    if (plain !== undefined) logger.info(`${name}: the box "${boxes[i].name}" keeps a plain shape: ${plain}`);
    paint(data, width, place, mask, ids[i]);
  });
  for (const id of ids.filter((one) => !data.includes(one)))
    rectangles.data.forEach((own, p) => {
      if (own === id) data[p] = id;
    });
  return { width, height, data };
}

/** @param mask of the box. */
function paint(data: Uint8Array, width: number, { left, top, right, bottom }: PixelBox, mask: Uint8Array, id: number) {
  for (let y = top, p = 0; y < bottom; y++)
    for (let x = left; x < right; x++, p++) if (mask[p] === 1) data[y * width + x] = id;
}

/** Edges rounded to pixels. @throws UserError `boxes/outside` */
function pixelBox(box: BoxAnnotation, { width, height }: FrameSize, name: string): PixelBox {
  const [left, top] = [Math.round(box.x), Math.round(box.y)];
  const [right, bottom] = [Math.round(box.x + box.width), Math.round(box.y + box.height)];
  if (left >= 0 && top >= 0 && right <= width && bottom <= height && right > left && bottom > top)
    return { left, top, right, bottom };
  throw new UserError("boxes/outside", {
    what: `${name}: the box "${box.name}" is not within the frame`,
    got: `x ${box.x}, y ${box.y}, width ${box.width}, height ${box.height}`,
    expected: `at least one whole pixel within ${width}x${height}`,
  });
}
