import { describe, expect, it } from "vitest";
import type { CheckedFlow } from "../../../src/kernels/opticalFlow.ts";
import { carriedBy, PointMotion } from "../../../src/tracking/points/pointMotion.ts";
import type { Frame } from "../../../src/video/frame.ts";
import type { Point } from "../../../src/video/point.ts";
import { HEIGHT, LEFT, movingPatch, SIDE, TOP, WIDTH } from "./movingPatch.ts";

const SIZE = { width: 60, height: 50 };

/** Flow back to the frame before, pixel by pixel; null = it cannot be trusted. */
function flow(at: (x: number, y: number) => readonly [number, number] | null): CheckedFlow {
  const cells = SIZE.width * SIZE.height;
  const out = { ...SIZE, u: new Float32Array(cells), v: new Float32Array(cells), valid: new Uint8Array(cells) };
  for (let pixel = 0; pixel < cells; pixel++) {
    const known = at(pixel % SIZE.width, Math.floor(pixel / SIZE.width));
    if (known === null) continue;
    [out.u[pixel], out.v[pixel]] = known;
    out.valid[pixel] = 1;
  }
  return out;
}

describe("a place that flow carries", () => {
  it("goes against the flow back to the frame before, between pixels", () => {
    const found = carriedBy(
      flow(() => [-2.25, 1.5]),
      { x: 30.25, y: 20.5 },
    );
    expect(found).toEqual({ x: 32.5, y: 19 });
  });

  it("goes with most of what is around it, whatever a few say and whatever failed the check", () => {
    const found = carriedBy(
      flow((x, y) => (x % 3 === 0 ? null : y % 4 === 0 ? [40, -30] : [-3, -1])),
      { x: 30, y: 20 },
    );
    expect(found).toEqual({ x: 33, y: 21 });
  });

  it("takes the flow where the point is now, not where it was", () => {
    // Behind the column 24 everything went on by 8 pixels, and the faster the farther it is.
    const stretched = flow((x) => (x >= 36 ? [-12, 0] : x >= 24 ? [-8, 0] : [0, 0]));
    expect(carriedBy(stretched, { x: 30, y: 20 })).toEqual({ x: 42, y: 20 });
    expect(carriedBy(stretched, { x: 26, y: 20 })).toEqual({ x: 34, y: 20 });
    expect(carriedBy(stretched, { x: 10, y: 20 })).toEqual({ x: 10, y: 20 });
  });

  it("is corrected four times at most", () => {
    // Each half sends it to the other.
    const torn = flow((x) => (x < 30 ? [-20, 0] : [20, 0]));
    expect(carriedBy(torn, { x: 29, y: 20 })).toEqual({ x: 9, y: 20 });
  });

  it("is not known where fewer than three pixels can be trusted, or it has left the picture", () => {
    const few = (count: number) => flow((x, y) => (y === 20 && x >= 30 && x < 30 + count ? [-1, 0] : null));
    expect(carriedBy(few(2), { x: 30, y: 20 })).toBeUndefined();
    expect(carriedBy(few(3), { x: 30, y: 20 })).toEqual({ x: 31, y: 20 });
    expect(
      carriedBy(
        flow(() => [-90, 0]),
        { x: 30, y: 20 },
      ),
    ).toBeUndefined();
    // Nine pixels to each side and no more.
    const beside = flow((x) => (x === 50 ? [-1, 0] : null));
    expect(carriedBy(beside, { x: 41.5, y: 20 })).toEqual({ x: 42.5, y: 20 });
    expect(carriedBy(beside, { x: 40.9, y: 20 })).toBeUndefined();
  });
});

const MIDDLE = { x: LEFT + SIDE / 2, y: TOP + SIDE / 2 };
const STILL = { x: 80, y: 6 };

async function framesOf(step: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of movingPatch(4, step).frames()) frames.push(frame);
  return frames;
}

describe("motion of points", () => {
  it.each([1, 2])("follows a patch and leaves the ground, %i pixels a frame", async (step) => {
    const [first, ...rest] = await framesOf(step);
    await using motion = new PointMotion(first, HEIGHT / 4, { threads: 1 });
    let places: readonly Point[] = [MIDDLE, STILL];
    for (const [i, frame] of rest.entries()) {
      const found = await motion.next(frame, places);
      places = found.map((place, point) => place ?? places[point]);
      expect(Math.hypot(places[0].x - MIDDLE.x - step * (i + 1), places[0].y - MIDDLE.y)).toBeLessThan(0.2);
      expect(Math.hypot(places[1].x - STILL.x, places[1].y - STILL.y)).toBeLessThan(0.2);
    }
  });

  it("works on smaller pictures where cells are few, in pixels of the frame", async () => {
    const [first, second] = await framesOf(2);
    // About 30 rows: a half of the frame's 64.
    await using motion = new PointMotion(first, 10, { threads: 1 });
    const [place] = await motion.next(second, [MIDDLE]);
    expect(Math.hypot((place?.x ?? 0) - MIDDLE.x - 2, (place?.y ?? 0) - MIDDLE.y)).toBeLessThan(0.8);
  });

  it("is that from the latest frame, also one that it was not asked about, with any number of threads", async () => {
    const [first, second, third] = await framesOf(2);
    await using whole = new PointMotion(first, HEIGHT / 4, { threads: 1 });
    await whole.next(second, [MIDDLE]);
    await using again = new PointMotion(first, HEIGHT / 4, { threads: 3 });
    again.skip(second);
    const place = { x: MIDDLE.x + 2, y: MIDDLE.y };
    expect(await again.next(third, [place])).toEqual(await whole.next(third, [place]));
  });

  it("of no points is nothing", async () => {
    const [first, second] = await framesOf(1);
    await using motion = new PointMotion(first, HEIGHT / 4, { threads: 1 });
    expect(await motion.next(second, [])).toEqual([]);
    expect([first.width, first.height]).toEqual([WIDTH, HEIGHT]);
  });
});
