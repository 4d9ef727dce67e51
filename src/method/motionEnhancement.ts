/**
 * @file The motion enhancement engine, MEE (after MER eq. O_t = I_t + α·F_t; encodings and dropout ours): what moves by
 * itself is added to the frame that the encoder sees. α is learned and begins at 0, so that training begins as the
 * plain baseline. Other cues are fused in the same way, each with factors of its own.
 */
import { add, mul, type ParameterSpec, reshape, type Tensor } from "../tensor/graph/index.ts";
import type { CueShape } from "./cue.ts";
import type { Parameters } from "./encoder.ts";

/** The motion image as a cue. */
export const MOTION = { name: "motion", channels: 3 } as const satisfies CueShape;

/** α, one number for each channel of the motion image. */
export const motionParameters: readonly ParameterSpec[] = [alphaOf(MOTION)];

/**
 * O = I + α·F.
 * @param frames Lab frames `[N, 3, H, W]`.
 * @param motion motion images F `[N, 3, H, W]` (src/motion/motionImage.ts), values in −1..1, 0 where nothing moves.
 */
export function enhanceMotion(parameters: Parameters, frames: Tensor, motion: Tensor): Tensor {
  return fuseCue(parameters, frames, MOTION, motion);
}

/**
 * O = I + α·F for the planes F of any cue.
 * @param parameters with the cue's `NAME.alpha` `[3]`.
 * @param frames `[N, 3, H, W]`. @param planes `[N, channels, H, W]`, one plane for all channels of the frame or one for
 * each.
 */
export function fuseCue(parameters: Parameters, frames: Tensor, cue: CueShape, planes: Tensor): Tensor {
  const alpha = parameters.get(alphaOf(cue).name) as Tensor;
  return add(frames, mul(planes, reshape(alpha, [1, 3, 1, 1])));
}

function alphaOf({ name }: CueShape): ParameterSpec {
  return { name: `${name}.alpha`, shape: [3] };
}
