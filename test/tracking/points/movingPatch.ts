/** @file A clip in memory for tests of points: a patch of smooth random colours that moves over another, and a wall of one colour. */
import { Random } from "../../../src/core/random.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import type { Frame, FrameSource } from "../../../src/video/frame.ts";
import { resizeRgb } from "../../../src/video/resize.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

export const WIDTH = 96;
export const HEIGHT = 64;
/** Side of the patch, pixels, and the corner where it starts. */
export const SIDE = 28;
export const LEFT = 8;
export const TOP = 18;

/** @param step pixels to the right each frame. @param covered frames in which the wall stands where the patch is. */
export function movingPatch(count: number, step: number, covered: readonly number[] = []): FrameSource {
  const random = new Random(3);
  const texture = (width: number, height: number): Uint8Array => {
    const coarse = { width: Math.round(width / 6), height: Math.round(height / 6) };
    const data = Uint8Array.from({ length: 3 * coarse.width * coarse.height }, (_, i) =>
      random.integer(i % 3 === 1 ? 80 : 256),
    );
    return resizeRgb({ ...coarse, data }, width, height);
  };
  const patch = texture(SIDE, SIDE);
  const background = texture(WIDTH, HEIGHT);
  const frames = Array.from({ length: count }, (_, index): Frame => {
    const data = background.slice();
    const left = LEFT + index * step;
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        if (left + x >= WIDTH) continue;
        const colour = covered.includes(index)
          ? [20, 200, 20]
          : patch.subarray(3 * (y * SIDE + x), 3 * (y * SIDE + x) + 3);
        data.set(colour, 3 * ((TOP + y) * WIDTH + left + x));
      }
    return { index, timeSec: index / 10, name: `f${index}`, width: WIDTH, height: HEIGHT, data };
  });
  return {
    path: "moving patch",
    width: WIDTH,
    height: HEIGHT,
    frameCount: count,
    timesSec: Float64Array.from(frames, ({ timeSec }) => timeSec),
    names: frames.map(({ name }) => name),
    async *frames({ start = 0, end = count } = {}) {
      yield* frames.slice(start, end);
    },
    frame: async (index) => frames[index],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Colours of 3 × 3 cells of two pixels as the feature of their middle one: places differ more than their colours alone. */
export function neighbourhoods(): FeatureExtractor {
  const pooled = pooledColours(2);
  return {
    ...pooled,
    channels: 27,
    async encode(picture) {
      const { width, height, data } = await pooled.encode(picture);
      const cells = width * height;
      const out = new Float32Array(27 * cells);
      for (let part = 0; part < 27; part++)
        for (let cell = 0; cell < cells; cell++) {
          const x = Math.min(width - 1, Math.max(0, (cell % width) + (part % 3) - 1));
          const y = Math.min(height - 1, Math.max(0, Math.floor(cell / width) + (Math.floor(part / 3) % 3) - 1));
          out[part * cells + cell] = data[Math.floor(part / 9) * cells + y * width + x];
        }
      return { channels: 27, width, height, data: out };
    },
  };
}
