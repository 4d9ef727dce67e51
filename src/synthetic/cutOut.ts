/** @file Things cut out of pictures along their masks, to be pasted over other pictures: size, side and colours change. */
import { UserError } from "../core/errors.ts";
import { type Area, cropped } from "../video/drawing/marks.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeLabels, resizeRgb } from "../video/resize.ts";
import type { Point } from "../video/point.ts";

/** What becomes of a thing that is cut out. */
export interface CutOutLook {
  /** Longer side of its box, pixels. */
  readonly size: number;
  /** Left and right change places. Default false. */
  readonly mirrored?: boolean;
  /** Factors of red, green and blue. Default 1. */
  readonly tint?: readonly [number, number, number];
}

/** A thing's pixels, and which of them are its own: `mask` is `[height, width]`, 0 or 1. */
export interface CutOut extends RgbPicture {
  readonly mask: Uint8Array;
}

/**
 * Cuts a labelled thing out of a picture.
 * @param label its value in `labels`, which has the picture's size.
 * @throws UserError `synthetic/options` where the label has no pixel.
 */
export function cutOut(picture: RgbPicture, labels: LabelMap, label: number, look: CutOutLook): CutOut {
  const box = boxOf(labels, label);
  const sides = [box.right - box.left, box.bottom - box.top];
  const scale = look.size / Math.max(...sides);
  const [width, height] = sides.map((side) => Math.max(1, Math.round(scale * side)));
  const colours = resizeRgb(cropped(picture, box), width, height);
  const { data: mask } = resizeLabels(croppedMask(labels, label, box), width, height);
  return dressed({ width, height, data: colours, mask }, look);
}

/** Pastes a thing with its centre at a place, px; its pixels get `owner`. */
export function paste(thing: CutOut, picture: RgbPicture, owners: Uint8Array, place: Point, owner: number): void {
  const left = Math.round(place.x - thing.width / 2);
  const top = Math.round(place.y - thing.height / 2);
  for (let v = Math.max(0, -top); v < thing.height && top + v < picture.height; v++)
    for (let u = Math.max(0, -left); u < thing.width && left + u < picture.width; u++) {
      const from = v * thing.width + u;
      if (thing.mask[from] === 0) continue;
      const to = (top + v) * picture.width + left + u;
      for (let c = 0; c < 3; c++) picture.data[3 * to + c] = thing.data[3 * from + c];
      owners[to] = owner;
    }
}

function boxOf({ width, height, data }: LabelMap, label: number): Area {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let p = 0; p < data.length; p++) {
    if (data[p] !== label) continue;
    const [x, y] = [p % width, Math.floor(p / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right >= 0) return { left, top, right: right + 1, bottom: bottom + 1 };
  throw new UserError("synthetic/options", {
    what: "a thing to cut out",
    got: `no pixel with label ${label}`,
    expected: "at least one",
  });
}

/** Where a label is, 0 or 1. */
function croppedMask({ width, data }: LabelMap, label: number, { left, top, right, bottom }: Area): LabelMap {
  const size = { width: right - left, height: bottom - top };
  const out = new Uint8Array(size.width * size.height);
  for (let p = 0; p < out.length; p++)
    out[p] = Number(data[(top + Math.floor(p / size.width)) * width + left + (p % size.width)] === label);
  return { ...size, data: out };
}

function dressed(thing: CutOut, { mirrored = false, tint = [1, 1, 1] }: CutOutLook): CutOut {
  const { width, height } = thing;
  const data = new Uint8Array(thing.data.length);
  const mask = new Uint8Array(thing.mask.length);
  for (let p = 0; p < mask.length; p++) {
    const x = p % width;
    const from = mirrored ? p - x + (width - 1 - x) : p;
    mask[p] = thing.mask[from];
    for (let c = 0; c < 3; c++) data[3 * p + c] = Math.min(255, Math.round(tint[c] * thing.data[3 * from + c]));
  }
  return { width, height, data, mask };
}
