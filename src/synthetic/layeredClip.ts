/**
 * @file Rendered clips of layers that colours cannot tell apart, with exact masks and depth: boxes of the grey of the wall behind
 * them, with next to no texture, move before it and pass each other nearer and farther away.
 */
import { Random } from "../core/random.ts";
import type { DepthMap } from "../video/depth/depthMap.ts";
import { checkOptions, labelledFrame, type LabelledFrame } from "./productionLine.ts";

/** Settings of `layeredClip`. */
export interface LayeredClipOptions {
  /** Pixels, at least 32. Default 160 x 96. */
  readonly width?: number;
  readonly height?: number;
  /** Default 30. */
  readonly frames?: number;
  /** Boxes that are labelled; between them others pass that are not. Default 2. */
  readonly objects?: number;
  /** Share of the pixels whose depth is unknown; default 0.02. */
  readonly unknown?: number;
  /** Determines everything random; default 1. */
  readonly seed?: number;
}

/** A frame, its mask and its depth in metres, 0 where it is unknown. */
export interface LayeredFrame extends LabelledFrame {
  readonly depth: DepthMap;
}

/** A box; shares of the picture's height, but for its depth. */
interface Box {
  readonly label: number;
  /** Metres. */
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  /** In a frame. */
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  readonly shade: number;
}

/** Levels. */
const GREY = 128;
const SHADE = 3;
const NOISE = 4;
/** Metres: the wall, how much farther it is at its far side, and between layers. */
const WALL = 3;
const SLOPE = 0.3;
const NEAREST = 1.2;
const FPS = 25;

/** Renders the clip; the same options always give the same bytes. @throws UserError `synthetic/options` */
export function* layeredClip(options: LayeredClipOptions = {}): Generator<LayeredFrame, void, void> {
  const { width = 160, height = 96, frames = 30, objects = 2, unknown = 0.02, seed = 1 } = options;
  checkOptions({ width, height, frames, objects });
  const random = new Random(seed);
  const aspect = width / height;
  const boxes = boxesOf(objects, frames, aspect, random).toSorted((a, b) => b.depth - a.depth);
  for (let index = 0; index < frames; index++) {
    const data = new Uint8Array(width * height * 3);
    const labels = new Uint8Array(width * height);
    const depth = new Float32Array(width * height);
    for (let i = 0; i < labels.length; i++) {
      const [x, y] = [((i % width) + 0.5) / height, (Math.floor(i / width) + 0.5) / height];
      const box = boxes.findLast((one) => isIn(one, x, y, index));
      labels[i] = box?.label ?? 0;
      const away = box?.depth ?? WALL + (SLOPE * x) / aspect;
      depth[i] = random.chance(unknown) ? 0 : away;
      const level = GREY + (box?.shade ?? 0) + NOISE * random.normal();
      data.fill(Math.max(0, Math.min(255, Math.round(level))), 3 * i, 3 * i + 3);
    }
    const made = labelledFrame({ index, fps: FPS, width, height }, { data, labels });
    yield { ...made, depth: { width, height, data: depth } };
  }
}

/** Labelled boxes on their ways across, and one between each two that is not labelled. */
function boxesOf(objects: number, frames: number, aspect: number, random: Random): Box[] {
  const count = 2 * objects;
  const depths = Array.from({ length: count }, (_, i) => NEAREST + ((WALL - NEAREST - 0.4) * i) / count);
  return Array.from({ length: count }, (_, i) => {
    const width = random.uniform(0.28, 0.4);
    const way = (random.uniform(0.35, 0.6) * aspect) / frames;
    const comesFromLeft = i % 2 === 0;
    const x = comesFromLeft ? random.uniform(0.15, 0.35) * aspect : random.uniform(0.65, 0.85) * aspect;
    const [depth] = depths.splice(random.integer(depths.length), 1);
    return {
      label: i % 2 === 0 ? i / 2 + 1 : 0,
      depth,
      x,
      y: (0.5 + Math.floor(i / 2)) / objects + random.uniform(-0.06, 0.06),
      dx: comesFromLeft ? way : -way,
      dy: random.uniform(-0.1, 0.1) / frames,
      width,
      height: Math.min(random.uniform(0.28, 0.4), 0.8 / objects),
      shade: random.uniform(-SHADE, SHADE),
    };
  });
}

function isIn(box: Box, x: number, y: number, time: number): boolean {
  const across = Math.abs(x - (box.x + box.dx * time)) <= box.width / 2;
  return across && Math.abs(y - (box.y + box.dy * time)) <= box.height / 2;
}
