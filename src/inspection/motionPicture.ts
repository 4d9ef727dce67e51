/** @file A motion map over its frame: strength as heat, direction as arrows. */
import type { MotionMap } from "../motion/motionEstimator.ts";
import { drawHeat } from "../video/drawing/heatMap.ts";
import { type Arrow, drawArrows } from "../video/drawing/marks.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Arrows along the frame's longer side. */
const ARROWS = 28;
/** Weaker motion gets no arrow. */
const LEAST_STRENGTH = 0.3;
/**
 * The fastest cell's arrow is this many times the distance between arrows; the others are at least the least length.
 */
const LENGTH = { most: 1.2, least: 0.35 } as const;
const WHITE = [255, 255, 255] as const;

/** m̂ as heat, the residual flow as arrows (no arrows from an estimator without direction). */
export function drawMotion(picture: RgbPicture, map: MotionMap): RgbPicture {
  const { width, height, strength } = map;
  const heat = drawHeat(picture, { width, height, values: strength, extent: picture });
  return drawArrows(heat, arrowsOf(picture, map), WHITE);
}

function arrowsOf(picture: RgbPicture, map: MotionMap): Arrow[] {
  const pitch = Math.max(1, Math.round(Math.max(map.width, map.height) / ARROWS));
  const cell = { x: picture.width / map.width, y: picture.height / map.height };
  const cells = map.width * map.height;
  const chosen = [...everyNth(map, pitch)].filter((c) => map.strength[c] > LEAST_STRENGTH);
  const speeds = chosen.map((c) => Math.hypot(map.flow[c], map.flow[cells + c]));
  const fastest = Math.max(...speeds);
  return chosen.flatMap((c, i) => {
    if (speeds[i] === 0) return [];
    const length = Math.max(LENGTH.least, (LENGTH.most * speeds[i]) / fastest) * pitch * cell.x;
    const scale = length / speeds[i];
    return [
      {
        x: ((c % map.width) + 0.5) * cell.x,
        y: (Math.floor(c / map.width) + 0.5) * cell.y,
        dx: map.flow[c] * scale,
        dy: map.flow[cells + c] * scale,
      },
    ];
  });
}

/** Cells on a coarser grid. */
function* everyNth({ width, height }: MotionMap, pitch: number): Generator<number> {
  const first = pitch >> 1;
  for (let y = first; y < height; y += pitch) for (let x = first; x < width; x += pitch) yield y * width + x;
}
