/**
 * @file Work on made-up frames before a live source is opened: weights are loaded, programs compiled and workers started
 * then, which takes seconds, and no frame of the source is lost for it.
 */
import type { FrameSize } from "../../annotations/point.ts";
import type { Threads } from "../../core/machine.ts";
import { Random } from "../../core/random.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { boxMask } from "../../tracking/masks/boxLabels.ts";
import type { Mode } from "../../tracking/modes.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import type { Frame } from "../../video/frame.ts";

/** What will track the source. */
export interface WarmUpOptions extends Threads {
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
}

/** A labelled frame, and one to find the labels in. */
const FRAMES = 2;

/** Tracks a box through noise. @param size of the source's frames, as far as it is known. */
export async function warmUp(options: WarmUpOptions, size: FrameSize): Promise<void> {
  const { width, height } = size;
  const box = { name: "box", x: width / 4, y: height / 4, width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const first = boxMask({ boxes: [box], ids: [1], name: "the warm-up" }, size);
  for await (const _ of propagateMasks({ ...options, source: noise(size), first }));
}

async function* noise({ width, height }: FrameSize): AsyncGenerator<Frame, void, void> {
  const random = new Random(1);
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  for (let index = 0; index < FRAMES; index++)
    yield { index, timeSec: index, name: String(index), width, height, data };
}
