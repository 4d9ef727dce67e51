/** @file How far the camera moved the picture since the frame before. */
import { mapPoint } from "../motion/cameraMotion.ts";
import type { FrameView } from "./frameView.ts";

/** Of the picture's middle, frame pixels; undefined where it is not known. */
export type Offset = readonly [dx: number, dy: number] | undefined;

/** The offset of a frame from the one before. */
export function offsetOf({ motion, picture: { width, height } }: Pick<FrameView, "motion" | "picture">): Offset {
  if (motion === undefined || motion.residual.camera.model === "identity") return undefined;
  const [x, y] = [width / 2, height / 2];
  const [fromX, fromY] = mapPoint(motion.residual.camera.map, x, y);
  return [x - fromX, y - fromY];
}
