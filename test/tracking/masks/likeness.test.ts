import { describe, expect, it } from "vitest";
import { Likeness } from "../../../src/tracking/masks/likeness.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";
import { clip } from "../blocks.ts";

const { frames, truth } = clip(10);

const map = (picture: RgbPicture, of: (value: number) => number): RgbPicture => ({
  ...picture,
  data: picture.data.map(of),
});

const flat = (width: number, height: number, value: number): RgbPicture => {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
};

describe("the likeness of frames to a labelled picture", () => {
  const likeness = new Likeness(frames[4], truth[4]);
  const all = frames.map((frame) => likeness.of(frame));

  it("is 1 for the picture itself, and falls with the distance on both sides", () => {
    expect(all[4]).toBeCloseTo(1, 10);
    expect(all.slice(0, 5)).toEqual(all.slice(0, 5).toSorted((a, b) => a - b));
    expect(all.slice(4)).toEqual(all.slice(4).toSorted((a, b) => b - a));
    expect(all[3]).toBeGreaterThan(0.6);
    expect(all[0]).toBeLessThan(0.3);
  });

  it("hardly minds brightness, and does mind a picture turned inside out", () => {
    expect(likeness.of(map(frames[4], (value) => value + 20))).toBeCloseTo(1, 10);
    expect(likeness.of(map(frames[4], (value) => 255 - value))).toBeLessThan(-0.9);
  });

  it("looks only around the objects", () => {
    const { width, height } = frames[4];
    const data = frames[4].data.slice();
    // The lower left corner lies far from both blocks.
    for (let y = height - 3; y < height; y++) data.fill(255, 3 * y * width, 3 * (y * width + 8));
    expect(likeness.of({ width, height, data })).toBeCloseTo(1, 10);
  });

  it("an object that is gone is unlike", () => {
    expect(likeness.of(flat(frames[4].width, frames[4].height, 100))).toBeLessThan(0.1);
  });

  it("by hand: an edge of 2 grey levels against none, and flat against flat", () => {
    const labels = { width: 2, height: 1, data: Uint8Array.of(1, 0) };
    const edge: RgbPicture = { width: 2, height: 1, data: Uint8Array.of(100, 100, 100, 140, 140, 140) };
    // Variance 400 in each channel; (0.03 · 255)² = 58.5225.
    expect(new Likeness(edge, labels).of(flat(2, 1, 9))).toBeCloseTo(58.5225 / (400 + 58.5225), 10);
    expect(new Likeness(flat(2, 1, 50), labels).of(flat(2, 1, 9))).toBe(1);
  });

  it("of a large object only a grid is compared, with the same result for the same picture", () => {
    const picture = { ...flat(300, 200, 0), data: Uint8Array.from({ length: 180_000 }, (_, i) => (i * 7919) % 256) };
    const labels = { width: 300, height: 200, data: new Uint8Array(60_000).fill(1) };
    expect(new Likeness(picture, labels).of(picture)).toBeCloseTo(1, 10);
  });
});
