/** @file A clip for the tests of tracking: two coloured blocks that move apart on noisy green. */
import { Random } from "../../src/core/random.ts";
import type { Frame, FrameSource } from "../../src/video/frame.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";

export const WIDTH = 61;
export const HEIGHT = 45;

/**
 * A red (object 3) and a blue (object 7) block on noisy green, moving apart by 2 px a frame; odd sizes, so that the last
 * cells are padded.
 * @param noise `new` in every frame, so that the ground is not found again and most frames seem to begin a shot, or
 * `still`: one shot.
 */
export function clip(count: number, noise: "new" | "still" = "new"): { frames: Frame[]; truth: LabelMap[] } {
  let random = new Random(5);
  const frames: Frame[] = [];
  const truth: LabelMap[] = [];
  for (let t = 0; t < count; t++) {
    if (noise === "still") random = new Random(5);
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    const labels = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const p = y * WIDTH + x;
        const red = y >= 8 && y < 24 && x >= 8 + 2 * t && x < 24 + 2 * t;
        const blue = y >= 28 && y < 40 && x >= 40 - 2 * t && x < 52 - 2 * t;
        labels[p] = red ? 3 : blue ? 7 : 0;
        const colour = red ? [200, 40, 40] : blue ? [40, 40, 200] : [60, 140, 60];
        for (let c = 0; c < 3; c++) data[p * 3 + c] = colour[c] + random.integer(20);
      }
    }
    frames.push({ index: t, timeSec: t / 25, name: String(t).padStart(5, "0"), width: WIDTH, height: HEIGHT, data });
    truth.push({ width: WIDTH, height: HEIGHT, data: labels });
  }
  return { frames, truth };
}

export async function* stream(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
}

export function sourceOf(frames: readonly Frame[]): FrameSource {
  return {
    path: "clip.mp4",
    width: WIDTH,
    height: HEIGHT,
    frameCount: frames.length,
    timesSec: Float64Array.from(frames, ({ timeSec }) => timeSec),
    names: frames.map(({ name }) => name),
    frames: ({ start = 0, end = frames.length } = {}) => stream(frames.slice(start, end)),
    frame: async (index) => frames[index],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Pixels in both masks over pixels in either. */
export function intersectionOverUnion(a: LabelMap, b: LabelMap, id: number): number {
  let both = 0;
  let either = 0;
  a.data.forEach((value, p) => {
    both += Number(value === id && b.data[p] === id);
    either += Number(value === id || b.data[p] === id);
  });
  return both / either;
}
