/** @file Draws the timeline: a ruler, and a lane for each object with its confidence as a curve. */
import { HIDDEN, type Lane, SEEN, UNCERTAIN, UNKNOWN } from "../review/lanes.ts";
import { frameAt, positionOf, type Range, tickStep } from "./axis.ts";

export const RULER = 26;
export const LANE = 24;

/** A lane as it is drawn. */
export interface DrawnLane {
  readonly colour: string;
  /** Undefined where nothing was tracked yet. */
  readonly lane: Lane | undefined;
  /** Frames in which it is labelled. */
  readonly labelled: readonly number[];
}

export interface TimelineScene {
  readonly width: number;
  readonly height: number;
  readonly range: Range;
  readonly frame: number;
  readonly frameCount: number;
  readonly lanes: readonly DrawnLane[];
  readonly labelled: readonly number[];
  readonly doubtful: readonly number[];
  readonly cuts: Iterable<number>;
  readonly colours: Readonly<Record<"text" | "line" | "warn" | "accent" | "surface", string>>;
}

type Pen = CanvasRenderingContext2D;

export function drawTimeline(pen: Pen, scene: TimelineScene): void {
  pen.clearRect(0, 0, scene.width, scene.height);
  drawRuler(pen, scene);
  for (const [i, lane] of scene.lanes.entries()) drawLane(pen, scene, lane, RULER + i * LANE);
  drawCuts(pen, scene);
  drawPlayhead(pen, scene);
}

function drawRuler(pen: Pen, { range, width, frameCount, labelled, doubtful, colours }: TimelineScene): void {
  const step = tickStep(range, width);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = colours.text;
  for (let frame = Math.ceil(range.from / step) * step; frame < Math.min(range.to, frameCount); frame += step) {
    const x = middle(range, width, frame);
    pen.fillRect(Math.round(x), RULER - 4, 1, 4);
    const text = String(frame);
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.min(width - 2 * half - 1, Math.max(1, x - half)), 11);
  }
  for (const frame of labelled)
    diamond(pen, middle(range, width, frame), RULER - 7, 3.5, colours.accent, colours.surface);
  pen.fillStyle = colours.warn;
  for (const frame of doubtful) triangle(pen, middle(range, width, frame), RULER - 5);
}

/** The middle of a frame. */
const middle = (range: Range, width: number, frame: number): number => positionOf(range, width, frame + 0.5);

function drawLane(
  pen: Pen,
  { range, width, colours }: TimelineScene,
  { lane, colour, labelled }: DrawnLane,
  top: number,
): void {
  pen.fillStyle = colours.line;
  pen.fillRect(0, top, width, 1);
  if (lane !== undefined) for (let x = 0; x < width; x++) drawColumn(pen, lane, range, width, x, top, colour, colours);
  for (const frame of labelled) diamond(pen, middle(range, width, frame), top + LANE / 2, 5, colour, colours.surface);
}

const ROOM = LANE - 5;

/** The worst of the frames that a column of pixels stands for. */
function drawColumn(
  pen: Pen,
  lane: Lane,
  range: Range,
  width: number,
  x: number,
  top: number,
  colour: string,
  colours: TimelineScene["colours"],
): void {
  const first = frameAt(range, width, x);
  const { state, confidence } = worst(lane, first, Math.max(first + 1, frameAt(range, width, x + 1)));
  if (state === UNKNOWN) return;
  const bottom = top + LANE - 1;
  if (state === HIDDEN) {
    pen.fillStyle = colours.text;
    for (let y = top + 4 + (x % 6); y < bottom; y += 6) pen.fillRect(x, y, 1, 1);
    return;
  }
  const height = Math.max(2, confidence * ROOM);
  pen.fillStyle = state === UNCERTAIN ? colours.warn : colour;
  pen.globalAlpha = state === UNCERTAIN ? 0.55 : 0.35;
  pen.fillRect(x, bottom - height, 1, height);
  pen.globalAlpha = 1;
  pen.fillRect(x, bottom - height, 1, 2);
}

/** The worst last. */
const rank = (state: number): number => [UNKNOWN, SEEN, HIDDEN, UNCERTAIN].indexOf(state);

function worst({ states, confidences }: Lane, from: number, to: number): { state: number; confidence: number } {
  let [state, confidence] = [UNKNOWN, 1];
  for (let frame = from; frame < Math.min(to, states.length); frame++) {
    if (rank(states[frame]) > rank(state)) state = states[frame];
    if (states[frame] === SEEN || states[frame] === UNCERTAIN) confidence = Math.min(confidence, confidences[frame]);
  }
  return { state, confidence };
}

function drawCuts(pen: Pen, { cuts, range, width, height, colours }: TimelineScene): void {
  pen.strokeStyle = colours.text;
  pen.setLineDash([3, 3]);
  pen.lineWidth = 1;
  for (const frame of cuts) {
    const x = Math.round(positionOf(range, width, frame)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, RULER);
    pen.lineTo(x, height);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function drawPlayhead(pen: Pen, { range, width, height, frame, colours }: TimelineScene): void {
  const left = positionOf(range, width, frame);
  const across = Math.max(2, positionOf(range, width, frame + 1) - left);
  pen.fillStyle = colours.accent;
  pen.globalAlpha = 0.16;
  pen.fillRect(left, 0, across, height);
  pen.globalAlpha = 1;
  pen.fillRect(Math.round(left + across / 2) - 1, RULER - 8, 2, height);
}

function diamond(pen: Pen, x: number, y: number, radius: number, colour: string, edge: string): void {
  pen.beginPath();
  pen.moveTo(x, y - radius);
  pen.lineTo(x + radius, y);
  pen.lineTo(x, y + radius);
  pen.lineTo(x - radius, y);
  pen.closePath();
  pen.strokeStyle = edge;
  pen.lineWidth = 3;
  pen.stroke();
  pen.fillStyle = colour;
  pen.fill();
}

function triangle(pen: Pen, x: number, y: number): void {
  pen.beginPath();
  pen.moveTo(x - 4, y - 5);
  pen.lineTo(x + 4, y - 5);
  pen.lineTo(x, y + 1);
  pen.fill();
}
