/** @file Shrinking and Lab in one pass against the two steps one after the other. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { LabShrinker } from "../../src/method/shrunkLab.ts";
import { labToRgb, rgbToLab } from "../../src/video/lab.ts";
import { resizeRgb } from "../../src/video/resize.ts";

const random = new Random(4);
const noise = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
});

const size = (width: number, height: number) => ({ width, height });

describe("LabShrinker", () => {
  it.each([
    [size(97, 53), size(31, 17), size(32, 20)],
    [size(64, 48), size(64, 24), size(64, 24)],
    [size(40, 30), size(3, 30), size(4, 32)],
    [size(19, 11), size(1, 1), size(8, 8)],
    [size(20, 10), size(30, 15), size(32, 16)],
  ])("%o to %o is the picture of the slow way, at most a step of a byte away", (from, to, room) => {
    const picture = noise(from.width, from.height);
    const shrinker = new LabShrinker(from, to, room);
    const planes = cropped(shrinker.shrink(picture), room, to);
    const [got, wanted] = [labToRgb(planes, to.width, to.height).data, resizeRgb(picture, to.width, to.height)];
    const away = got.map((value, i) => Math.abs(value - wanted[i]));
    expect(Math.max(...away)).toBeLessThanOrEqual(1);
    expect(away.filter((one) => one > 0).length / away.length).toBeLessThan(0.1);
    expect(shrinker.fits(from, to) && !shrinker.fits(to, from)).toBe(true);
  });

  it("leaves zeros to the right and below, also for the second frame", () => {
    const shrinker = new LabShrinker(size(20, 20), size(9, 7), size(12, 8));
    shrinker.shrink(noise(20, 20));
    const planes = shrinker.shrink(noise(20, 20));
    for (let i = 0; i < planes.length; i++) if (i % 12 >= 9 || Math.floor(i / 12) % 8 >= 7) expect(planes[i]).toBe(0);
  });

  it("black, white and grey are what Lab says", () => {
    const shrinker = new LabShrinker(size(8, 8), size(2, 2), size(2, 2));
    for (const grey of [0, 119, 255]) {
      const planes = shrinker.shrink({ width: 8, height: 8, data: new Uint8Array(192).fill(grey) });
      const wanted = rgbToLab({ width: 1, height: 1, data: new Uint8Array(3).fill(grey) });
      for (let i = 0; i < 12; i++) expect(planes[i]).toBeCloseTo(wanted[Math.floor(i / 4)], 4);
    }
  });
});

function cropped(planes: Float32Array, room: { width: number; height: number }, to: { width: number; height: number }) {
  return Float32Array.from({ length: 3 * to.width * to.height }, (_, i) => {
    const [x, y, c] = [i % to.width, Math.floor(i / to.width) % to.height, Math.floor(i / to.width / to.height)];
    return planes[(c * room.height + y) * room.width + x];
  });
}
