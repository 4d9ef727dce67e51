/** @file The affinity of one pixel as panels: its frame, then every memory frame with what it gives. */
import { drawHeat } from "../video/heatMap.ts";
import { drawFrame, drawRings } from "../video/marks.ts";
import type { Panel } from "../video/panels.ts";
import type { FrameAffinity } from "./affinity.ts";
import { cellArea, type Pixel, PIXEL_COLOUR } from "./pixels.ts";
import type { SeenFrame } from "./seenFrames.ts";

const CYAN = [90, 240, 255] as const;

/**
 * @param target the frame that the pixel belongs to.
 * @param frames of the memory, in the order of `affinities`.
 */
export function affinityPanels(
  target: SeenFrame,
  pixel: Pixel,
  frames: readonly SeenFrame[],
  affinities: readonly FrameAffinity[],
): Panel[] {
  const panels = affinities.map((affinity, i) => ({
    caption: `frame ${affinity.frame}: ${Math.round(100 * affinity.share)} % of the weight`,
    picture: withAffinity(frames[i], affinity),
  }));
  const picture = drawRings(target.picture, [pixel], PIXEL_COLOUR);
  return [{ caption: `frame ${target.index}: the pixel`, picture }, ...panels];
}

/** Heat on all candidates, frames around the cells that are among the top-k. */
function withAffinity({ picture, features, stride }: SeenFrame, { closeness, chosen }: FrameAffinity) {
  const { width, height } = features;
  const extent = { width: width * stride, height: height * stride };
  const heat = drawHeat(picture, { width, height, values: closeness, extent }, { smooth: false });
  return chosen.reduce((drawn, { cell }) => drawFrame(drawn, cellArea(cell, width, stride), CYAN), heat);
}
