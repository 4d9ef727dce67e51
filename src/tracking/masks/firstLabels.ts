/** @file The labels that a track starts from: what is accepted, and how void and binary masks are read. */
import { UserError } from "../../core/errors.ts";
import { VOID, type LabelMap } from "../../video/labelMap.ts";
import type { FrameSize } from "../../annotations/point.ts";

/** A mask ready for tracking: background 0 and objects only. */
export interface FirstLabels {
  readonly mask: LabelMap;
  /** 0 and the object ids present, ascending. */
  readonly ids: readonly number[];
}

/**
 * A mask of a frame's size with objects only. Void (255) counts as background, unless 0 and 255 are the mask's only
 * values: such a mask is a binary one (DAVIS-2016) and 255 becomes object 1.
 * @param frame size of the frame that the mask belongs to.
 * @param name of the mask in messages, for example its file.
 * @throws UserError `labels/size`
 */
export function objectMask(mask: LabelMap, frame: FrameSize, name = "the first mask"): LabelMap {
  const { width, height, data } = mask;
  if (width !== frame.width || height !== frame.height) {
    throw new UserError("labels/size", {
      what: `${name} has another size than the video`,
      got: `${width}x${height}`,
      expected: `${frame.width}x${frame.height}`,
      todo: "resize the mask with nearest-neighbour to the video's size, or give the mask that belongs to this video",
    });
  }
  const values = new Set(data);
  if (!values.has(VOID)) return { width, height, data };
  const object = values.size === 2 && values.has(0) ? 1 : 0;
  return { width, height, data: data.map((value) => (value === VOID ? object : value)) };
}

/** Background only. */
export function emptyMask({ width, height }: FrameSize): LabelMap {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Object ids present in a mask without void, ascending. */
export function idsIn({ data }: LabelMap): number[] {
  return [...new Set(data)].filter((id) => id !== 0).sort((a, b) => a - b);
}

/**
 * The labels of `objectMask`, at least one object among them.
 * @throws UserError `labels/empty`, and as `objectMask`
 */
export function firstLabels(given: LabelMap, frame: FrameSize, name = "the first mask"): FirstLabels {
  const mask = objectMask(given, frame, name);
  const ids = [0, ...idsIn(mask)];
  if (ids.length > 1) return { mask, ids };
  throw new UserError("labels/empty", {
    what: `${name} has no object`,
    got: given.data.includes(VOID) ? "only background and void (255)" : "only background (0)",
    expected: "at least one pixel with an object id from 1 to 254",
    todo: "label the object in the frame that tracking starts from, or choose another one with --start",
  });
}
