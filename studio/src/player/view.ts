/** @file Where the picture lies on the stage: scale and offset, in pixels of the screen. */
import type { Place, Size } from "../label/labelMap.ts";

/** A pixel (x, y) of the frame is at (left + x·scale, top + y·scale) of the stage. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** Around the picture, pixels of the screen. */
const MARGIN = 12;
const MOST = 64;

const room = (of: number): number => Math.max(1, of - 2 * MARGIN);

/** The whole picture in the middle. */
export function fitted(frame: Size, stage: Size): View {
  const scale = Math.min(room(stage.width) / frame.width, room(stage.height) / frame.height);
  return centred(scale, frame, stage);
}

function centred(scale: number, frame: Size, stage: Size): View {
  return { scale, left: (stage.width - frame.width * scale) / 2, top: (stage.height - frame.height * scale) / 2 };
}

/** Larger or smaller, so that what is at a place of the stage stays there. */
export function zoomed({ scale, left, top }: View, factor: number, [x, y]: Place, least: number): View {
  const next = Math.min(MOST, Math.max(least, scale * factor));
  const ratio = next / scale;
  return { scale: next, left: x - (x - left) * ratio, top: y - (y - top) * ratio };
}

export function moved({ scale, left, top }: View, dx: number, dy: number): View {
  return { scale, left: left + dx, top: top + dy };
}

/** A place of the stage in pixels of the frame. */
export function toFrame({ scale, left, top }: View, [x, y]: Place): Place {
  return [(x - left) / scale, (y - top) / scale];
}

export function toStage({ scale, left, top }: View, [x, y]: Place): Place {
  return [left + x * scale, top + y * scale];
}
