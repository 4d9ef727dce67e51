/** @file Step 4 of MEE: the motion map as a picture F of three channels that can be added to a frame. */
import { resizeFloat } from "../video/resize.ts";
import type { MotionMap } from "./motionMap.ts";

/** "field" = (m̂, m̂·cos θ, m̂·sin θ) with θ the direction of the residual flow; "magnitude" = (m̂, m̂, m̂). */
export const MOTION_ENCODINGS = ["field", "magnitude"] as const;
export type MotionEncoding = (typeof MOTION_ENCODINGS)[number];

/**
 * The motion image of a map, resized bilinearly (half-pixel centres). Where the direction is unknown, "field" is (m̂,
 * 0, 0).
 * @returns `[3, height, width]` float32, channel 0 in 0..1, the others in −1..1.
 */
export function motionImage(map: MotionMap, encoding: MotionEncoding, width: number, height: number): Float32Array {
  const cells = map.width * map.height;
  const small = new Float32Array(3 * cells);
  small.set(map.strength);
  for (let c = 0; c < cells; c++) {
    const strength = map.strength[c];
    const [dx, dy] = [map.flow[c], map.flow[cells + c]];
    const length = Math.hypot(dx, dy);
    const scale = length > 0 ? strength / length : 0;
    small[cells + c] = encoding === "field" ? dx * scale : strength;
    small[2 * cells + c] = encoding === "field" ? dy * scale : strength;
  }
  return resizeFloat(small, [3, map.height, map.width], width, height);
}
