/** @file Small pictures of frames with what was tracked in them, cut to the things in question. */
import sharp from "sharp";
import { jpegUri } from "../core/html.ts";
import type { Box } from "../video/box.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { LabelPlaces } from "../video/drawing/labelPlaces.ts";
import { type Area, cropped } from "../video/drawing/marks.ts";
import { drawOverlay } from "../video/drawing/overlay.ts";
import { type DrawnTrack, drawTracks } from "../video/drawing/trackOverlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import { isSeen, type TrackRow } from "./trackRows.ts";

/** Width of a thumbnail, pixels: shown smaller, so that names are sharp. */
const WIDTH = 840;
/** Shown around the things, as a multiple of their common box. */
const AROUND = 1.8;
/** The least part of the frame that is shown, of either side. */
const LEAST = 0.35;

/** A frame to draw. */
export interface ShownFrame {
  readonly picture: RgbPicture;
  readonly mask: LabelMap | undefined;
  /** Everything tracked in it. */
  readonly rows: readonly TrackRow[];
}

/** What is common to the thumbnails of an entry. */
export interface Shown {
  /** Names of the things in question: they are named in the picture. */
  readonly things: readonly string[];
  /** Values in masks by name. */
  readonly labels: ReadonlyMap<string, number>;
  readonly area: Area;
}

/** The part of the frame to show for some things: around all of them, with the frame's proportions; all of it without. */
export function areaAround(rows: readonly TrackRow[], { width, height }: Pick<RgbPicture, "width" | "height">): Area {
  const boxes = rows.map(boxOf).filter((box) => box !== undefined);
  if (boxes.length === 0) return { left: 0, top: 0, right: width, bottom: height };
  const across = spanOf(boxes.map(([x, , length]) => [x, x + length]));
  const down = spanOf(boxes.map(([, y, , length]) => [y, y + length]));
  const wanted = AROUND * Math.max((across[1] - across[0]) / width, (down[1] - down[0]) / height);
  const share = Math.min(1, Math.max(LEAST, wanted));
  const [left, right] = partOf(across, share, width);
  const [top, bottom] = partOf(down, share, height);
  return { left, top, right, bottom };
}

type Span = readonly [from: number, to: number];

const spanOf = (spans: readonly Span[]): Span => [
  Math.min(...spans.map(([from]) => from)),
  Math.max(...spans.map(([, to]) => to)),
];

/** A share of `all`, around the middle of a span as far as there is room. */
function partOf([from, to]: Span, share: number, all: number): Span {
  const length = Math.round(share * all);
  const start = Math.round(Math.min(all - length, Math.max(0, (from + to - length) / 2)));
  return [start, start + length];
}

/** A thumbnail as a data URI. */
export async function thumbnail({ picture, mask, rows }: ShownFrame, { things, labels, area }: Shown): Promise<string> {
  const doubtful = new Set(
    rows.filter(({ state }) => state === "uncertain").map(({ object }) => labels.get(object) ?? 0),
  );
  const data = mask === undefined ? picture.data.slice() : drawOverlay(picture, mask, { doubtful });
  const part = cropped({ ...picture, data }, area);
  const factor = WIDTH / part.width;
  const size = { width: WIDTH, height: Math.round(part.height * factor) };
  const resized = await sharp(part.data, { raw: { width: part.width, height: part.height, channels: 3 } })
    .resize({ ...size, fit: "fill" })
    .raw()
    .toBuffer();
  const canvas = { ...size, data: new Uint8Array(resized) };
  // Names are drawn last, so that they can be read in small parts of large frames.
  const tracks = rows.flatMap((row) => trackOf(row, labels.get(row.object) ?? 0, things, { area, factor }) ?? []);
  drawTracks(canvas, tracks, new LabelPlaces());
  const jpeg = await sharp(canvas.data, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 82 })
    .toBuffer();
  return jpegUri(jpeg);
}

/** A point's has no size. */
function boxOf(row: TrackRow): Box | undefined {
  if (row.x_px === null || row.y_px === null) return undefined;
  return [row.box_x_px ?? row.x_px, row.box_y_px ?? row.y_px, row.box_width_px ?? 0, row.box_height_px ?? 0];
}

/** A thing in the part shown; undefined for what has no place there. */
function trackOf(
  row: TrackRow,
  label: number,
  things: readonly string[],
  { area, factor }: { readonly area: Area; readonly factor: number },
): DrawnTrack | undefined {
  const box = boxOf(row);
  if (box === undefined || !isSeen(row)) return undefined;
  const isPoint = row.area_px === null;
  const [x, y] = [((row.x_px ?? 0) - area.left) * factor, ((row.y_px ?? 0) - area.top) * factor];
  const isNamed = things.includes(row.object);
  return {
    key: row.object,
    label,
    trail: [{ x, y, visible: true }],
    box: isPoint
      ? null
      : [(box[0] - area.left) * factor, (box[1] - area.top) * factor, box[2] * factor, box[3] * factor],
    doubtful: row.state === "uncertain",
    text: isNamed ? `${row.object} ${Math.round(100 * row.confidence)}%` : "",
  };
}
