import { describe, expect, it } from "vitest";
import { discoverThings } from "../../src/discovery/discoverThings.ts";
import { thingMask } from "../../src/discovery/thingMasks.ts";
import { frameList } from "../../src/video/frameList.ts";
import type { FrameSource } from "../../src/video/frame.ts";
import { type Footage, makeFootage, type Mover } from "../motion/pictures.ts";

const MOVER: Mover = { x: 50, y: 70, size: 36, velocity: [4, 1] };
const SIZE = { width: 200, height: 150 };

const clipOf = (footage: Partial<Footage>): FrameSource =>
  frameList(
    makeFootage({ ...SIZE, frames: 8, noise: 2, ...footage }).map((picture, index) => ({
      ...picture,
      index,
      timeSec: index / 25,
      name: String(index).padStart(5, "0"),
    })),
    "a clip",
  );

/** Intersection over union of the mover in a frame with other pixels. */
function likeness(frame: number, has: (x: number, y: number) => boolean): number {
  const [left, top] = [MOVER.x + 4 * frame - MOVER.size / 2, MOVER.y + frame - MOVER.size / 2];
  let [common, either] = [0, 0];
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++) {
      const inMover = x >= left && x < left + MOVER.size && y >= top && y < top + MOVER.size;
      if (inMover && has(x, y)) common++;
      if (inMover || has(x, y)) either++;
    }
  return common / either;
}

describe("what moves in a clip", () => {
  it.each([
    ["before a still camera", undefined],
    ["before a camera that pans", [-2, 1] as const],
  ])("%s: one thing, where it is", async (_, pan) => {
    const [thing, ...others] = await discoverThings({
      source: clipOf({ mover: MOVER, ...(pan && { pan }) }),
      device: "cpu",
      threads: 1,
    });
    expect(others).toEqual([]);
    expect(thing.score).toBe(1);
    const [left, top, width, height] = thing.box;
    const inBox = (x: number, y: number): boolean => x >= left && x < left + width && y >= top && y < top + height;
    expect(likeness(thing.frame, inBox)).toBeGreaterThan(0.5);
    expect(thing.moves.frames).toBeGreaterThanOrEqual(6);
  });

  it("nothing, where only the camera moves, or nothing does", async () => {
    const machine = { device: "cpu", threads: 1 } as const;
    expect(await discoverThings({ source: clipOf({}), ...machine })).toEqual([]);
    expect(await discoverThings({ source: clipOf({ pan: [3, 0] }), ...machine })).toEqual([]);
  });

  it("its mask keeps to what moves, where colours alone do not say it", async () => {
    const source = clipOf({ mover: MOVER });
    const [thing] = await discoverThings({ source, device: "cpu", threads: 1 });
    const { data } = thingMask(await source.frame(thing.frame), [{ id: 7, thing }]);
    expect(likeness(thing.frame, (x, y) => data[y * SIZE.width + x] === 7)).toBeGreaterThan(0.6);
    expect(new Set(data)).toEqual(new Set([0, 7]));
  });

  it("stops when asked to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(discoverThings({ source: clipOf({}), device: "cpu", threads: 1, signal })).rejects.toThrow("enough");
  });
});
