/** @file The labels that a track starts from: what is accepted, and how void and binary masks are read. */
import { UserError } from "../core/errors.ts";
import { VOID, type LabelMap } from "../video/labelMap.ts";

/** A mask ready for tracking: background 0 and objects only. */
export interface FirstLabels {
  readonly mask: LabelMap;
  /** 0 and the object ids present, ascending. */
  readonly ids: readonly number[];
}

/**
 * Void (255) counts as background, unless 0 and 255 are the mask's only values: such a mask is a binary one (DAVIS-2016) and
 * 255 becomes object 1.
 * @param frame size of the frame that the mask belongs to.
 * @param name of the mask in messages, for example its file.
 * @throws UserError `labels/size`, `labels/empty`
 */
export function firstLabels(
  mask: LabelMap,
  frame: { readonly width: number; readonly height: number },
  name = "the first mask",
): FirstLabels {
  if (mask.width !== frame.width || mask.height !== frame.height) {
    throw new UserError("labels/size", {
      what: `${name} has another size than the video`,
      got: `${mask.width}x${mask.height}`,
      expected: `${frame.width}x${frame.height}`,
      todo: "resize the mask with nearest-neighbour to the video's size, or give the mask that belongs to this video",
    });
  }
  const values = new Set(mask.data);
  const object = values.size === 2 && values.has(0) && values.has(VOID) ? 1 : 0;
  const data = values.has(VOID) ? mask.data.map((value) => (value === VOID ? object : value)) : mask.data;
  const ids = [...new Set([0, ...data])].sort((a, b) => a - b);
  if (ids.length === 1) {
    throw new UserError("labels/empty", {
      what: `${name} has no object`,
      got: values.has(VOID) ? "only background and void (255)" : "only background (0)",
      expected: "at least one pixel with an object id from 1 to 254",
      todo: "label the object in the frame that tracking starts from, or choose another one with --start",
    });
  }
  return { mask: { width: mask.width, height: mask.height, data }, ids };
}
