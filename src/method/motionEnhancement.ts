/**
 * @file The motion enhancement engine, MEE (after MER eq. O_t = I_t + α·F_t; encodings and dropout ours): what moves by itself is
 * added to the frame that the encoder sees. α is learned and begins at 0, so that training begins as the plain baseline.
 */
import { add, mul, type ParameterSpec, reshape, type Tensor } from "../tensor/graph/index.ts";
import type { Parameters } from "./encoder.ts";

/** α, one number for each channel of the motion image. */
export const motionParameters: readonly ParameterSpec[] = [{ name: "motion.alpha", shape: [3] }];

/**
 * O = I + α·F.
 * @param frames Lab frames `[N, 3, H, W]`.
 * @param motion motion images F `[N, 3, H, W]` (src/motion/motionImage.ts), values in −1..1, 0 where nothing moves.
 */
export function enhanceMotion(parameters: Parameters, frames: Tensor, motion: Tensor): Tensor {
  const alpha = parameters.get("motion.alpha") as Tensor;
  return add(frames, mul(motion, reshape(alpha, [1, 3, 1, 1])));
}
