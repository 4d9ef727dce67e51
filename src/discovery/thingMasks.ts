/** @file Discovered things as masks of the frames that show them best. */
import { outlineIn, type PixelBox } from "../tracking/masks/boxOutline.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { Discovery } from "./discoverThings.ts";

/** A thing under its value in masks. */
export interface NumberedThing {
  /** 1..254. */
  readonly id: number;
  readonly thing: Discovery;
}

/** How far around what moves its outline is looked for, a share of √area: often only a part of a thing moves. */
const AROUND = 0.12;
/** What moves is likely the thing; what does not may still be a part of it. 0..255. */
const MOVES = 255;
const RESTS = 40;

/** The frame's mask; of things that overlap the first is on top. @param picture the frame that the things were found in. */
export function thingMask(picture: RgbPicture, things: readonly NumberedThing[]): LabelMap {
  const { width, height } = picture;
  const data = new Uint8Array(width * height);
  const boxes = things.map(({ thing }) => searchBox(thing, picture));
  for (const [i, { id, thing }] of [...things.entries()].toReversed()) {
    const box = boxes[i];
    const { mask } = outlineIn(picture, box, boxes.toSpliced(i, 1), likelihood(thing, box));
    const across = box.right - box.left;
    for (const [p, value] of mask.entries())
      if (value === 1) data[(box.top + Math.floor(p / across)) * width + box.left + (p % across)] = id;
  }
  return { width, height, data };
}

function searchBox({ box: [x, y, width, height] }: Discovery, frame: RgbPicture): PixelBox {
  const by = AROUND * Math.sqrt(width * height);
  return {
    left: Math.max(0, Math.round(x - by)),
    top: Math.max(0, Math.round(y - by)),
    right: Math.min(frame.width, Math.round(x + width + by)),
    bottom: Math.min(frame.height, Math.round(y + height + by)),
  };
}

/** `[height, width]` of the box, 0..255. */
function likelihood({ cells, grid }: Discovery, { left, top, right, bottom }: PixelBox): Uint8Array {
  const moving = new Uint8Array(grid.width * grid.height);
  for (const cell of cells) moving[cell] = 1;
  const [width, height] = [right - left, bottom - top];
  return Uint8Array.from({ length: width * height }, (_, p) => {
    const column = Math.min(grid.width - 1, Math.floor((left + (p % width)) / grid.cellPx));
    const row = Math.min(grid.height - 1, Math.floor((top + Math.floor(p / width)) / grid.cellPx));
    return moving[row * grid.width + column] === 1 ? MOVES : RESTS;
  });
}
