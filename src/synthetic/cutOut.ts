/** @file Things cut out of pictures along their masks, to be pasted over other pictures: size, side and colours change. */
import { UserError } from "../core/errors.ts";
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
  const scale = look.size / Math.max(box.width, box.height);
  const [width, height] = [box.width, box.height].map((side) => Math.max(1, Math.round(scale * side)));
  const colours = resizeRgb(cropRgb(picture, box), width, height);
  const { data: mask } = resizeLabels(cropLabels(labels, label, box), width, height);
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

interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxOf({ width, height, data }: LabelMap, label: number): Crop {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let p = 0; p < data.length; p++) {
    if (data[p] !== label) continue;
    const [x, y] = [p % width, Math.floor(p / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right >= 0) return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  throw new UserError("synthetic/options", {
    what: "a thing to cut out",
    got: `no pixel with label ${label}`,
    expected: "at least one",
  });
}

function cropRgb({ width, data }: RgbPicture, crop: Crop): RgbPicture {
  const out = new Uint8Array(3 * crop.width * crop.height);
  for (let y = 0; y < crop.height; y++) {
    const from = 3 * ((crop.y + y) * width + crop.x);
    out.set(data.subarray(from, from + 3 * crop.width), 3 * y * crop.width);
  }
  return { width: crop.width, height: crop.height, data: out };
}

function cropLabels({ width, data }: LabelMap, label: number, crop: Crop): LabelMap {
  const out = new Uint8Array(crop.width * crop.height);
  for (let p = 0; p < out.length; p++)
    out[p] = Number(data[(crop.y + Math.floor(p / crop.width)) * width + crop.x + (p % crop.width)] === label);
  return { width: crop.width, height: crop.height, data: out };
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
