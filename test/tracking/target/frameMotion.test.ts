/** @file Motion between made frames: a thing that moves over ground that a camera pans across. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { type FrameMotion, FrameMotions } from "../../../src/tracking/target/frameMotion.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";

const [WIDTH, HEIGHT, ROWS] = [160, 120, 30];
const random = new Random(7);
const texture = Float64Array.from({ length: 400 * 400 }, () => random.next());

/** Smooth noise at a place. */
function noise(x: number, y: number): number {
  let sum = 0;
  for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) sum += texture[(y + dy + 100) * 400 + x + dx + 100];
  return sum / 25;
}

/** A square of side 40 at (x, 40), on ground that has moved by `pan`. */
function frame(x: number, pan: number): RgbPicture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let v = 0; v < HEIGHT; v++)
    for (let u = 0; u < WIDTH; u++) {
      const isThing = u >= x && u < x + 40 && v >= 40 && v < 80;
      const value = isThing ? noise(u - x + 200, v) : noise(u - pan, v);
      const grey = Math.round(Math.max(0, Math.min(1, (value - 0.5) * 3 + 0.5)) * 255);
      data.fill(grey, (v * WIDTH + u) * 3, (v * WIDTH + u) * 3 + 3);
    }
  return { width: WIDTH, height: HEIGHT, data };
}

/** The mean motion in a rectangle of the frame, px. */
function meanIn({ flow, moved }: FrameMotion, [left, right]: readonly [number, number]): [number, number] {
  let [x, y, count] = [0, 0, 0];
  for (let row = Math.ceil(48 / flow.cell); row < 72 / flow.cell - 1; row++)
    for (let column = Math.ceil(left / flow.cell); column < right / flow.cell - 1; column++) {
      const at = row * flow.width + column;
      if (flow.valid[at] === 0) continue;
      x += moved[at];
      y += moved[flow.width * flow.height + at];
      count++;
    }
  return [x / count, y / count];
}

describe("motion of frames", () => {
  it("is told in the order of tracking, without the camera's, also of the labelled frame", async () => {
    await using motions = new FrameMotions(frame(40, 0), ROWS, { threads: 1 });
    const { ofLabelled, own } = await motions.next(frame(45, 2));
    for (const [motion, x] of [
      [ofLabelled, 40],
      [own, 45],
    ] as const) {
      if (motion === undefined) throw new Error("no motion");
      const [there, ground] = [meanIn(motion, [x + 8, x + 32]), meanIn(motion, [110, 150])];
      expect(Math.abs(there[0] - 3)).toBeLessThan(0.5);
      expect(Math.abs(there[1])).toBeLessThan(0.5);
      expect(Math.hypot(...ground)).toBeLessThan(0.5);
    }
    expect([ofLabelled?.isBefore, own?.isBefore]).toEqual([false, true]);
    const next = await motions.next(frame(50, 4));
    expect(next.ofLabelled).toBeUndefined();
    expect(next.own).toBeDefined();
  });

  it("goes on after a stop as if there had been none", async () => {
    const clip = [0, 1, 2, 3].map((t) => frame(40 + 5 * t, 2 * t));
    await using whole = new FrameMotions(clip[0], ROWS, { threads: 1 });
    const seen = [await whole.next(clip[1]), await whole.next(clip[2]), await whole.next(clip[3])];
    await using again = new FrameMotions(clip[0], ROWS, { threads: 1 });
    expect(await again.again(clip[1], 1)).toEqual(seen[0].ofLabelled);
    expect(await again.again(clip[2], 2)).toBeUndefined();
    expect(await again.next(clip[3])).toEqual(seen[2]);
  });

  it("between shots, and frames of different sizes, there is none", async () => {
    await using motions = new FrameMotions(frame(40, 0), ROWS, { threads: 1 });
    const other = frame(40, 0);
    const shot = new Random(3);
    other.data.forEach((_, i) => (other.data[i] = shot.integer(256)));
    expect(await motions.next(other)).toEqual({ ofLabelled: undefined, own: undefined });
    const small = { width: 16, height: 12, data: new Uint8Array(16 * 12 * 3) };
    expect(await motions.next(small)).toEqual({ ofLabelled: undefined, own: undefined });
  });
});
