/**
 * @file The affinity of one pixel as panels: its frame, then every memory frame around that place with the weight it
 * contributes.
 */
import type { CellGrid } from "../method/cellDescriptors.ts";
import { drawHeat } from "../video/drawing/heatMap.ts";
import { type Area, cropped, drawFrame, drawRings } from "../video/drawing/marks.ts";
import { type Panel, panelSize } from "../video/drawing/panels.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import type { FrameAffinity } from "./affinity.ts";
import { cellArea, cellOf, type Pixel, PIXEL_COLOUR } from "./pixels.ts";
import type { SeenFrame } from "./seenFrames.ts";

const CYAN = [90, 240, 255] as const;
const WHITE = [255, 255, 255] as const;
/** Cells shown around the search window. */
const MARGIN = 3;

/** Candidates whose weight is below e^−DEPTH times the best one's are dark. */
const DEPTH = 5;

/** The memory frame's picture is cut to the surroundings of the pixel unless all of it was searched. */
export interface ShownAffinity extends FrameAffinity {
  readonly from: SeenFrame;
  readonly windowed: boolean;
}

/**
 * @param target the frame that the pixel belongs to.
 * @param radius of the protocol's search window, cells.
 */
export function affinityPanels(
  target: SeenFrame,
  pixel: Pixel,
  affinities: readonly ShownAffinity[],
  radius: number,
): Panel[] {
  const { features, stride } = target;
  const cut = surroundings(cellOf(pixel, features, stride), features, Math.ceil(radius) + MARGIN);
  const box = inPixels(cut, stride);
  const panels = affinities.map((affinity) => ({
    caption: `frame ${affinity.frame}: ${Math.round(100 * affinity.share)} % of the weight`,
    picture: withAffinity(affinity, affinity.windowed ? cut : wholeGrid(features)),
  }));
  const picture = drawFrame(drawRings(target.picture, [pixel], PIXEL_COLOUR), box, WHITE);
  return [{ caption: `frame ${target.index}: the pixel`, picture }, ...panels];
}

/** The cells around one, with the grid's proportions, shifted to lie inside the grid. */
export function surroundings(cell: number, { width, height }: CellGrid, reach: number): Area {
  const short = Math.min(width, height);
  const side = (length: number): number => Math.min(length, Math.round(((2 * reach + 1) * length) / short));
  const [columns, rows] = [side(width), side(height)];
  const left = begin(cell % width, columns, width);
  const top = begin(Math.floor(cell / width), rows, height);
  return { left, top, right: left + columns, bottom: top + rows };
}

/** The start of a run of `count` cells out of `length`, centred on `at` or as near as there is room. */
function begin(at: number, count: number, length: number): number {
  return Math.min(length - count, Math.max(0, at - (count >> 1)));
}

function wholeGrid({ width, height }: CellGrid): Area {
  return { left: 0, top: 0, right: width, bottom: height };
}

function inPixels({ left, top, right, bottom }: Area, stride: number): Area {
  return { left: left * stride, top: top * stride, right: right * stride, bottom: bottom * stride };
}

/** Heat on all candidates, frames around the cells that are among the top-k. */
function withAffinity({ from, closeness, chosen }: ShownAffinity, cut: Area): RgbPicture {
  const { picture, features, stride } = from;
  const [width, height] = [cut.right - cut.left, cut.bottom - cut.top];
  const part = cropped(picture, inPixels(cut, stride));
  const scale = Math.ceil(panelSize(picture).width / part.width);
  const size = { width: part.width * scale, height: part.height * scale };
  const extent = { width: width * stride * scale, height: height * stride * scale };
  const values = Float32Array.from({ length: width * height }, (_, c) =>
    heatOf(closeness[(cut.top + Math.floor(c / width)) * features.width + cut.left + (c % width)]),
  );
  const large = { ...size, data: resizeRgb(part, size.width, size.height) };
  const heat = drawHeat(large, { width, height, values, extent }, { smooth: false });
  return chosen.reduce((drawn, { cell }) => {
    const [x, y] = [(cell % features.width) - cut.left, Math.floor(cell / features.width) - cut.top];
    return drawFrame(drawn, cellArea(y * width + x, width, stride * scale), CYAN);
  }, heat);
}

/** Linear in the similarity: the weights themselves fall off so fast that hardly any cell would be visible. */
export function heatOf(closeness: number): number {
  return closeness > 0 ? Math.max(0, 1 + Math.log(closeness) / DEPTH) : 0;
}
