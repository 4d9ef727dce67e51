/** @file A frame made ready for clicks. */
import { encodeApart } from "../method/encodeApart.ts";
import type { FeatureExtractor, FeatureMap } from "../method/features.ts";
import type { RgbPicture } from "../video/picture.ts";
import { sizeWithin } from "../video/resize.ts";
import { ClickedFrame } from "./clickedFrame.ts";

/** Larger frames are encoded at this size; shorter side, pixels. */
const ENCODED = 480;

/** Encodes a frame, apart from its clip, so that it can be clicked any number of times. */
export async function clickableFrame(picture: RgbPicture, encoder: FeatureExtractor): Promise<ClickedFrame> {
  return new ClickedFrame(picture, await encodedForClicks(picture, encoder));
}

/** The features that `ClickedFrame` takes. */
export function encodedForClicks(picture: RgbPicture, encoder: FeatureExtractor): Promise<FeatureMap> {
  return encodeApart(encoder, picture, sizeWithin(picture, ENCODED));
}
