/** @file Pictures of flat things on noisy ground, for tests that look for the things. */
import { Random } from "../../../src/core/random.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";

/** A thing of one colour, by whether it has the place (x, y); later ones lie on top. */
export interface Thing {
  readonly colour: readonly number[];
  has(x: number, y: number): boolean;
}

/** @param noise largest difference from the colours. */
export function scene(
  width: number,
  height: number,
  things: readonly Thing[],
  noise = 12,
  ground: readonly number[] = [110, 130, 110],
): RgbPicture {
  const random = new Random(3);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const p = Math.floor(i / 3);
    const [x, y] = [(p % width) + 0.5, Math.floor(p / width) + 0.5];
    const { colour } = things.findLast((thing) => thing.has(x, y)) ?? { colour: ground };
    return Math.min(255, Math.max(0, colour[i % 3] + Math.round(random.uniform(-noise, noise))));
  });
  return { width, height, data };
}
