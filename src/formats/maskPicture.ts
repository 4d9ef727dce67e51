/** @file One mask as a picture: the objects of one frame, whose index the picture does not give. */
import type { Annotations } from "../annotations/annotations.ts";
import { type LabelMaskOptions, readLabelMask } from "../video/masks/labelMask.ts";
import type { AnnotationFormat } from "./format.ts";
import { HOLDS_NOTHING } from "./losses.ts";

/**
 * A mask from any tool, see `readLabelMask`; read as the mask of frame 0. Reading throws the UserErrors of
 * `readLabelMask`.
 */
export const maskPicture = {
  name: "mask-picture",
  layout: [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".avif"],
  holds: { ...HOLDS_NOTHING, extents: true },
  async read(path: string, options: LabelMaskOptions = {}): Promise<Annotations> {
    return { objects: [], frames: [{ frame: 0, mask: await readLabelMask(path, options) }] };
  },
} satisfies AnnotationFormat<Annotations>;
