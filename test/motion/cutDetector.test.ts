import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { CutDetector } from "../../src/motion/cutDetector.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { resizeRgb } from "../../src/video/resize.ts";

const WIDTH = 160;
const HEIGHT = 90;

/** A large soft texture; a window into it is a picture. */
function world(seed: number, size = 640): (x: number, y: number) => [number, number, number] {
  const random = new Random(seed);
  const blobs = Array.from({ length: 400 }, () => ({
    x: random.uniform(0, size),
    y: random.uniform(0, size),
    r: random.uniform(6, 30),
    colour: [random.integer(256), random.integer(256), random.integer(256)] as const,
  }));
  return (x, y) => {
    const hit = blobs.find((blob) => (x - blob.x) ** 2 + (y - blob.y) ** 2 < blob.r ** 2);
    return hit === undefined ? [90, 100, 110] : [...hit.colour];
  };
}

function view(at: ReturnType<typeof world>, left: number, top: number, change = (v: number): number => v): RgbPicture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, i = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      for (const value of at(left + x, top + y)) data[i++] = Math.max(0, Math.min(255, change(value)));
  return { width: WIDTH, height: HEIGHT, data };
}

/** A disc that covers part of the picture. */
function covered(picture: RgbPicture, radius: number): RgbPicture {
  const data = picture.data.slice();
  for (let y = 0, p = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++, p++)
      if ((x - 60) ** 2 + (y - 45) ** 2 < radius ** 2)
        for (let c = 0; c < 3; c++) data[3 * p + c] = 128 + 100 * Math.sin(0.3 * x * (c + 1)) * Math.cos(0.2 * y);
  return { ...picture, data };
}

function cuts(pictures: readonly RgbPicture[]): number[] {
  const detector = new CutDetector();
  return pictures.flatMap((picture, i) => (detector.next(picture).cut ? [i] : []));
}

describe("cut detector", () => {
  const [one, other] = [world(1), world(2)];

  it("notices every cut between unlike scenes, at its frame", () => {
    const still = [
      view(one, 100, 100),
      view(one, 101, 100),
      view(other, 100, 100),
      view(other, 102, 100),
      view(one, 300, 300),
    ];
    expect(cuts(still)).toEqual([2, 4]);
  });

  it("not on a fast pan, a tilt and a stop", () => {
    expect(cuts([0, 18, 36, 54, 72, 72].map((x) => view(one, 100 + x, 100 + x / 3)))).toEqual([]);
  });

  it("not on a flash, a change of exposure, a white or a black frame", () => {
    const flash = view(one, 101, 100, (v) => 1.7 * v + 40);
    expect(cuts([view(one, 100, 100), flash, view(one, 102, 100), view(one, 103, 100, (v) => 0.6 * v)])).toEqual([]);
    const white = view(one, 101, 100, () => 255);
    expect(cuts([view(one, 100, 100), white, view(one, 102, 100)])).toEqual([]);
    expect(cuts([white, view(one, 100, 100)])).toEqual([]);
  });

  it("through black: a cut only if what comes is something else", () => {
    const black = view(one, 0, 0, () => 2);
    expect(cuts([view(one, 100, 100), black, black, view(one, 101, 100)])).toEqual([]);
    expect(cuts([view(one, 100, 100), black, black, view(other, 100, 100)])).toEqual([3]);
  });

  it("not when something large comes into the picture", () => {
    expect(cuts([0, 15, 26, 34].map((radius, i) => covered(view(one, 100 + i, 100), radius)))).toEqual([]);
  });

  it("frames smaller than a part, and noise", () => {
    const tiny = { width: 4, height: 3, data: new Uint8Array(36).fill(7) };
    expect(cuts([tiny, tiny])).toEqual([]);
    const random = new Random(1);
    const noisy = (): RgbPicture => view(one, 100, 100, (v) => v + random.uniform(-20, 20));
    expect(cuts([noisy(), noisy(), noisy()])).toEqual([]);
  });
});

const TRAIN = join(import.meta.dirname, "../../../shared/data/train");
const absent = !existsSync(TRAIN);

describe.skipIf(absent)(`cuts between real clips${absent ? " (skipped: ../shared/data is absent)" : ""}`, () => {
  it("each border is noticed, nothing else is", { timeout: 60_000 }, async () => {
    const clips = [
      "davis-train/bus.mp4",
      "davis-train/flamingo.mp4",
      "davis-train/horsejump-low.mp4",
      "davis-train/surf.mp4",
    ];
    const frames: RgbPicture[] = [];
    const borders: number[] = [];
    for (const clip of clips) {
      await using source = await openFrameSource(join(TRAIN, clip));
      if (frames.length > 0) borders.push(frames.length);
      for await (const frame of source.frames({ end: 30 }))
        frames.push({ width: 426, height: 240, data: resizeRgb(frame, 426, 240) });
    }
    expect(cuts(frames)).toEqual(borders);
  });
});
