/** @file Encodes a frame apart from its clip. */
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import type { FeatureExtractor, FeatureMap, PictureSize, Precision } from "./features.ts";

/**
 * `encodeApart` of an encoder; one without it is taken to know nothing of clips.
 * @returns features of the picture resized to `size`.
 */
export function encodeApart(
  encoder: FeatureExtractor,
  picture: RgbPicture,
  size: PictureSize,
  precision?: Precision,
): Promise<FeatureMap> {
  if (encoder.encodeApart !== undefined) return encoder.encodeApart(picture, size, precision);
  const { width, height } = size;
  return encoder.encode({ width, height, data: resizeRgb(picture, width, height) }, precision);
}
