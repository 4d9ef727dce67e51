/**
 * @file Tracks of masks and points drawn over a frame: each one's trail, a hollow dot or a dashed box where it is not
 * visible, a broken ring around a doubtful point, and its name beside it.
 */
import { drawText, TEXT_HEIGHT, textWidth } from "./bitmapFont.ts";
import type { Box } from "../box.ts";
import { BLACK, drawDashedBox, drawDashedRing, drawSegment, fillRing, shade, WHITE } from "./ink.ts";
import { LabelPlaces, type PlacedName } from "./labelPlaces.ts";
import type { Colour } from "./marks.ts";
import { davisPalette } from "../masks/maskBytes.ts";
import type { RgbPicture } from "../picture.ts";
import type { Point } from "../point.ts";

/** A place of an object. */
export interface DrawnPoint extends Point {
  readonly visible: boolean;
}

/** An object's places, the oldest first; the last one is where it is now. */
export type Trail = readonly DrawnPoint[];

/** An object to draw. */
export interface DrawnTrack {
  /** The same object has the same key in all frames. */
  readonly key: string;
  /** Its colour is the palette's. */
  readonly label: number;
  readonly trail: Trail;
  /**
   * The object's box if it has one; it is drawn only while the object is not visible. Null: a point, drawn as a dot.
   */
  readonly box: Box | null;
  /** Whether a point that is visible may be wrong; default false. */
  readonly doubtful?: boolean;
  /** Written beside it; empty = nothing. */
  readonly text: string;
}

/** The palette's colour, lighter, so that a thin line shows over the object's own mask. */
export function inkOf(label: number): Colour {
  const lighter = (c: number): number => Math.min(255, Math.round(1.4 * davisPalette[3 * label + c] + 45));
  return [lighter(0), lighter(1), lighter(2)];
}

/** Halfway to white: a trail often lies on the object's own colour. */
function paler([red, green, blue]: Colour): Colour {
  return [(red + 255) / 2, (green + 255) / 2, (blue + 255) / 2];
}

/**
 * Draws tracks in place.
 * @param places remembers where names were in the previous frame.
 */
export function drawTracks(canvas: RgbPicture, tracks: readonly DrawnTrack[], places: LabelPlaces): void {
  const scale = scaleOf(canvas);
  for (const { trail, label } of tracks) drawTrail(canvas, trail, paler(inkOf(label)), scale);
  for (const track of tracks) drawMark(canvas, track, scale);
  drawNames(canvas, tracks, places, scale);
}

/** A line between two points. */
export interface DrawnBone {
  readonly from: Point;
  readonly to: Point;
  /** Drawn fainter. */
  readonly doubtful: boolean;
}

/** Lines of skeletons, in place: to be drawn beneath tracks. */
export function drawBones(canvas: RgbPicture, bones: readonly DrawnBone[]): void {
  const scale = scaleOf(canvas);
  const line = { colour: WHITE, radius: 0.8 * scale, edge: 0.8 * scale };
  for (const { from, to, doubtful } of bones)
    drawSegment(canvas, from, to, { ...line, opacity: doubtful ? 0.35 : 0.8 });
}

/** Pixels of the drawing's unit: larger pictures have thicker lines. */
const scaleOf = ({ width, height }: RgbPicture): number => Math.max(1, Math.min(width, height) / 240);

/**
 * Draws points only, without names, each in the colour of its position in the list.
 * @param frame `[H, W, 3]` uint8 sRGB, not changed. @returns `[H, W, 3]` uint8.
 */
export function drawPoints(frame: RgbPicture, trails: readonly Trail[]): Uint8Array {
  const canvas = { width: frame.width, height: frame.height, data: frame.data.slice() };
  const tracks = trails.map((trail, i) => ({ key: String(i), label: pointLabel(i), trail, box: null, text: "" }));
  drawTracks(canvas, tracks, new LabelPlaces());
  return canvas.data;
}

/** Labels of 1..254 that are not multiples of 8. */
const BRIGHT_LABELS = 223;

/**
 * The label, and so the colour, of the point with this index; skips multiples of 8, which are too dark in the palette.
 */
export function pointLabel(index: number): number {
  const wrapped = index % BRIGHT_LABELS;
  return wrapped + Math.floor(wrapped / 7) + 1;
}

/** Lines between places, older ones fainter; a line that begins or ends at a hidden place is left out. */
function drawTrail(canvas: RgbPicture, trail: Trail, colour: Colour, scale: number): void {
  const width = { radius: 0.75 * scale, edge: 0.6 * scale };
  let from = trail[0];
  for (let i = 1; i < trail.length; i++) {
    const to = trail[i];
    const last = i === trail.length - 1 || !trail[i + 1].visible;
    // Steps shorter than a pixel would be drawn over each other.
    if (from.visible && to.visible && !last && Math.hypot(to.x - from.x, to.y - from.y) < scale) continue;
    if (from.visible && to.visible)
      drawSegment(canvas, from, to, { ...width, colour, opacity: 0.2 + (0.8 * i) / trail.length });
    from = to;
  }
}

/** With its black edge, in units of the drawing's scale. */
const DOT_RADIUS = 3.2;

/**
 * A dot with a black edge, only a ring for a hidden point, a small dot in a broken ring for a doubtful one; a dashed box
 * for a hidden mask.
 */
function drawMark(canvas: RgbPicture, { trail, box, label, doubtful = false }: DrawnTrack, scale: number): void {
  const place = trail.at(-1);
  if (place === undefined) return;
  const colour = inkOf(label);
  if (box !== null) {
    if (!place.visible) drawDashedBox(canvas, box, colour, Math.max(1, Math.round(scale / 1.5)));
    return;
  }
  if (place.visible && doubtful) return drawDoubtfulDot(canvas, place, colour, scale);
  const hole = place.visible ? 0 : 1.4 * scale;
  fillRing(canvas, place, [hole, DOT_RADIUS * scale], BLACK);
  fillRing(canvas, place, [hole, 2.4 * scale], colour);
}

function drawDoubtfulDot(canvas: RgbPicture, place: Point, colour: Colour, scale: number): void {
  fillRing(canvas, place, [0, 1.6 * scale], BLACK);
  fillRing(canvas, place, [0, scale], colour);
  drawDashedRing(canvas, place, { radius: 4 * scale, line: 1.2 * scale, edge: 0.6 * scale, colour });
}

/** How dark the plate under a name is. */
const PLATE = 0.6;

function drawNames(canvas: RgbPicture, tracks: readonly DrawnTrack[], places: LabelPlaces, scale: number): void {
  const named = tracks.filter(({ trail, text }) => trail.length > 0 && text !== "");
  const dot = Math.max(1, Math.round(scale * 0.8));
  const corners = places.place(
    named.map((track) => plate(track, dot, scale)),
    canvas,
  );
  named.forEach((track, i) => {
    const corner = corners[i];
    if (corner !== null) drawName(canvas, track, corner, dot);
  });
}

/** A name's plate: a bar of the object's colour, then the text, one dot of space around it. */
function plateSize(text: string, dot: number): { width: number; height: number } {
  return { width: (textWidth(text) + 5) * dot, height: (TEXT_HEIGHT + 2) * dot };
}

function plate({ key, text, trail, box }: DrawnTrack, dot: number, scale: number): PlacedName {
  const { x, y } = trail[trail.length - 1];
  const radius = Math.ceil(DOT_RADIUS * scale);
  const target: Box = box ?? [x - radius, y - radius, 2 * radius, 2 * radius];
  return { key, target, isDot: box === null, ...plateSize(text, dot) };
}

function drawName(canvas: RgbPicture, { text, label, trail, box }: DrawnTrack, { x, y }: Point, dot: number): void {
  const { width, height } = plateSize(text, dot);
  if (box === null) drawLeader(canvas, trail[trail.length - 1], [x, y, width, height], inkOf(label), dot);
  shade(canvas, [x, y, width, height], BLACK, PLATE);
  shade(canvas, [x, y, 2 * dot, height], inkOf(label), 1);
  drawText(canvas, text, { x: x + 4 * dot, y: y + 2 * dot }, dot, WHITE);
}

/** A thin line from a dot to its name, if that is not right beside it. */
function drawLeader(canvas: RgbPicture, from: Point, [x, y, width, height]: Box, colour: Colour, dot: number): void {
  const to = { x: Math.min(x + width, Math.max(x, from.x)), y: Math.min(y + height, Math.max(y, from.y)) };
  if (Math.hypot(to.x - from.x, to.y - from.y) < 8 * dot) return;
  drawSegment(canvas, from, to, { colour, radius: 0.2 * dot, edge: 0, opacity: 0.8 });
}
