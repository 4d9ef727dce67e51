/** @file Draws the stage: picture, masks, shapes, and what the hand is about to do. */
import type { Shapes } from "../api/types.ts";
import type { Place, Size } from "../label/labelMap.ts";
import type { Look } from "../inspect/looking.ts";
import type { Click } from "../label/regionGrower.ts";
import type { PlacedPoint } from "../review/lanes.ts";
import { toStage, type View } from "./view.ts";

/** What is on the stage; places in pixels of the frame. */
export interface Scene {
  readonly view: View;
  readonly frame: Size;
  readonly picture: ImageBitmap;
  readonly masks: HTMLCanvasElement;
  readonly shapes: Shapes | undefined;
  readonly points: readonly PlacedPoint[];
  readonly corners: readonly Place[];
  readonly clicks: readonly Click[];
  /** The pixel that is asked about, and where its label comes from. */
  readonly look: Look | undefined;
  readonly box: readonly [Place, Place] | undefined;
  /** Where the hand is, and how wide its brush; 0: none. */
  readonly hand: { readonly at: Place; readonly radius: number } | undefined;
  readonly colour: string;
  readonly colourOf: (id: number) => string;
}

type Pen = CanvasRenderingContext2D;

export function drawScene(pen: Pen, scene: Scene): void {
  drawPictures(pen, scene);
  for (const { name, x, y, width, height } of scene.shapes?.boxes ?? [])
    outlined(pen, scene.colourOf(Number(name)), () => boxPath(pen, scene, [x, y], [x + width, y + height]));
  const own = new Set(scene.shapes?.points.map(({ name }) => name));
  for (const point of scene.points) if (!own.has(point.name)) drawPoint(pen, scene, point, !point.visible);
  for (const point of scene.shapes?.points ?? []) drawPoint(pen, scene, point, false);
  if (scene.box !== undefined) {
    const [from, to] = scene.box;
    outlined(pen, scene.colour, () => boxPath(pen, scene, from, to), [6, 4]);
  }
  drawPolygon(pen, scene);
  if (scene.look !== undefined) drawLook(pen, scene, scene.look);
  for (const click of scene.clicks) drawClick(pen, scene, click);
  drawHand(pen, scene);
}

function drawPictures(pen: Pen, { view: { scale, left, top }, frame, picture, masks }: Scene): void {
  const [width, height] = [frame.width * scale, frame.height * scale];
  // Smooth where pixels of the frame are smaller than those of the screen, else exact.
  pen.imageSmoothingEnabled = scale < 2;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, left, top, width, height);
  pen.imageSmoothingEnabled = scale < 1;
  pen.drawImage(masks, left, top, width, height);
}

/** A line that is seen on any ground. */
function outlined(pen: Pen, colour: string, path: () => void, dashes: number[] = []): void {
  pen.setLineDash(dashes);
  for (const [style, width] of [
    ["rgb(0 0 0 / 60%)", 3.5],
    [colour, 1.75],
  ] as const) {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    path();
    pen.stroke();
  }
  pen.setLineDash([]);
}

function boxPath(pen: Pen, { view }: Scene, from: Place, to: Place): void {
  const [[x1, y1], [x2, y2]] = [toStage(view, from), toStage(view, to)];
  pen.beginPath();
  pen.rect(x1, y1, x2 - x1, y2 - y1);
}

function drawPoint(
  pen: Pen,
  { view }: Scene,
  { name, x, y }: { name: string; x: number; y: number },
  isHidden: boolean,
): void {
  const [left, top] = toStage(view, [x, y]);
  outlined(pen, isHidden ? "#bbb" : "#fff", () => {
    pen.beginPath();
    pen.arc(left, top, 4.5, 0, 2 * Math.PI);
  });
  pen.font = "12px system-ui, sans-serif";
  pen.lineWidth = 3;
  pen.strokeStyle = "rgb(0 0 0 / 70%)";
  pen.strokeText(name, left + 8, top + 4);
  pen.fillStyle = isHidden ? "#bbb" : "#fff";
  pen.fillText(name, left + 8, top + 4);
}

/** Arrows to where the label comes from, the stronger the more it counts; places of all remembered frames. */
function drawLook(pen: Pen, { view }: Scene, { place, found = [] }: Look): void {
  const from = toStage(view, place);
  const all = found.flatMap(({ chosen }) => chosen);
  const most = Math.max(...all.map(({ weight }) => weight), Number.EPSILON);
  for (const { x, y, weight } of all) {
    pen.strokeStyle = `rgb(0 229 255 / ${Math.max(0.15, weight / most)})`;
    pen.lineWidth = 1.5;
    drawArrow(pen, from, toStage(view, [x, y]));
  }
  outlined(pen, "#ff3cc8", () => {
    pen.beginPath();
    pen.arc(from[0], from[1], 6, 0, 2 * Math.PI);
  });
}

function drawArrow(pen: Pen, [x, y]: Place, [toX, toY]: Place): void {
  const angle = Math.atan2(toY - y, toX - x);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  for (const turn of [2.6, -2.6]) {
    pen.moveTo(toX, toY);
    pen.lineTo(toX + 5 * Math.cos(angle + turn), toY + 5 * Math.sin(angle + turn));
  }
  pen.stroke();
}

/** A plus where it belongs, a minus where it does not. */
function drawClick(pen: Pen, { view, colour }: Scene, { x, y, inside }: Click): void {
  const [left, top] = toStage(view, [x, y]);
  pen.beginPath();
  pen.arc(left, top, 7, 0, 2 * Math.PI);
  pen.fillStyle = inside ? "#fff" : "#111";
  pen.fill();
  pen.strokeStyle = inside ? "#111" : colour;
  pen.lineWidth = 1.75;
  pen.stroke();
  pen.strokeStyle = inside ? "#111" : "#fff";
  pen.beginPath();
  pen.moveTo(left - 3.5, top);
  pen.lineTo(left + 3.5, top);
  if (inside) {
    pen.moveTo(left, top - 3.5);
    pen.lineTo(left, top + 3.5);
  }
  pen.stroke();
}

function drawPolygon(pen: Pen, { view, corners, colour, hand }: Scene): void {
  if (corners.length === 0) return;
  const places = [...corners, ...(hand ? [hand.at] : [])].map((corner) => toStage(view, corner));
  outlined(pen, colour, () => {
    pen.beginPath();
    for (const [x, y] of places) pen.lineTo(x, y);
  });
  const [x, y] = places[0];
  outlined(pen, "#fff", () => {
    pen.beginPath();
    pen.arc(x, y, 5, 0, 2 * Math.PI);
  });
}

function drawHand(pen: Pen, { view, hand, colour }: Scene): void {
  if (hand === undefined) return;
  const [x, y] = toStage(view, hand.at);
  outlined(pen, colour, () => {
    pen.beginPath();
    if (hand.radius > 0) pen.arc(x, y, Math.max(1, hand.radius * view.scale), 0, 2 * Math.PI);
    else {
      pen.moveTo(x - 9, y);
      pen.lineTo(x + 9, y);
      pen.moveTo(x, y - 9);
      pen.lineTo(x, y + 9);
    }
  });
}
