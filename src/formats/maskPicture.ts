/** @file One mask as a picture: the objects of one frame, which the picture does not name. */
import type { Annotations } from "../annotations/annotations.ts";
import { readMaskPng } from "../video/maskPng.ts";
import type { AnnotationFormat } from "./format.ts";

/** A palette or grey PNG, see `readMaskPng`; read as the mask of frame 0. Reading throws the UserErrors of `readMaskPng`. */
export const maskPicture = {
  name: "mask-picture",
  layout: [".png"],
  async read(path: string): Promise<Annotations> {
    return { objects: [], frames: [{ frame: 0, mask: await readMaskPng(path) }] };
  },
} satisfies AnnotationFormat<Annotations>;
