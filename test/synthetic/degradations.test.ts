/** @file Faults put into clips: exact where they are exact, and the same every time. */
import { describe, expect, it, test } from "vitest";
import { clean, degradations, type DegradationName, degrade } from "../../src/synthetic/degraded/degradations.ts";
import { blocky, blurred, exposed, greyed, moved, noisy, scaled } from "../../src/synthetic/degraded/pictures.ts";
import type { Frame, FrameSource } from "../../src/video/frame.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { clipOf, clouds, drawn } from "../footage/clips.ts";

const SMALL = { width: 48, height: 32 };
const picture: RgbPicture = { ...SMALL, data: drawn(clouds, SMALL) };
const grey = (level: number): RgbPicture => ({ ...SMALL, data: new Uint8Array(3 * 48 * 32).fill(level) });
const of = ({ data }: RgbPicture): number[] => [...data];

async function framesOf(source: FrameSource): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames()) frames.push(frame);
  return frames;
}

const difference = async (quality: number): Promise<number> => {
  const { data: made } = await blocky(picture, quality);
  return made.reduce((sum, value, i) => sum + Math.abs(value - picture.data[i]), 0);
};

describe("pictures", () => {
  it("get a stop of light as it doubles in linear light (sRGB)", () => {
    // sRGB 128 is 0.2159 of white, 188 is twice, 88 is half of it.
    expect(exposed(grey(128), 1).data[0]).toBe(176);
    expect(exposed(grey(176), -1).data[0]).toBe(128);
    expect(exposed(grey(200), 2).data[0]).toBe(255);
    expect(of(exposed(picture, 0))).toEqual(of(picture));
    expect(exposed(grey(0), 5).data[0]).toBe(0);
  });

  it("get noise of the deviation asked for, the same for the same seed", () => {
    const { data } = noisy({ width: 200, height: 100, data: new Uint8Array(60_000).fill(128) }, 10, 4);
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    expect(mean).toBeCloseTo(128, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(10, 0);
    expect(of(noisy(picture, 10, 4))).toEqual(of(noisy(picture, 10, 4)));
    expect(of(noisy(picture, 10, 4))).not.toEqual(of(noisy(picture, 10, 5)));
  });

  it("lose colour, not lightness", () => {
    const [r, g, b] = greyed({ width: 1, height: 1, data: Uint8Array.of(200, 100, 50) }, 1).data;
    expect([r, g, b]).toEqual([124, 124, 124]);
    expect(of(greyed(picture, 0))).toEqual(of(picture));
  });

  it("move by whole pixels and repeat their border", () => {
    const row: RgbPicture = { width: 3, height: 1, data: Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3) };
    expect(of(moved(row, [1, 0]))).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2]);
    expect(of(moved(row, [-2, 5]))).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3]);
  });

  it("are scaled and clipped", () => {
    expect([scaled(grey(100), 1.5).data[0], scaled(grey(200), 1.5).data[0]]).toEqual([150, 255]);
  });

  it("blur a jump to the width of the Gaussian, and blocks are JPEG's", async () => {
    const wide = { width: 64, height: 8 };
    const step = { ...wide, data: drawn((x) => (x < 32 ? [0, 0, 0] : [200, 200, 200]), wide) };
    const { data } = await blurred(step, 4);
    // Half of the height at the jump, 16 % and 84 % one σ beside it.
    const levels = [28, 32, 36].map((x) => (data[3 * (4 * 64 + x - 1)] + data[3 * (4 * 64 + x)]) / 2 / 200);
    [0.16, 0.5, 0.84].forEach((share, i) => expect(levels[i]).toBeCloseTo(share, 1));
    expect(await difference(5)).toBeGreaterThan(2 * (await difference(60)));
  });
});

describe("clips", () => {
  const count = 12;
  const source = clipOf({ count, size: SMALL, picture: (i) => drawn((x, y) => clouds(x - 2 * i, y), SMALL) });

  it.each(Object.keys(degradations) as DegradationName[])(
    "%s: one by one as in order, and the same again",
    async (name) => {
      const [strength] = degradations[name].steps;
      const first = degrade(source, { name, strength }, 8);
      await using _ = first.source;
      const frames = await framesOf(first.source);
      expect(frames.map(({ index }) => index)).toEqual(frames.map((__, i) => i));
      expect(frames.map(({ timeSec }) => timeSec)).toEqual(first.indices.map((i) => i / 25));
      const second = degrade(source, { name, strength }, 8);
      await using __ = second.source;
      for (const frame of frames) {
        const again = await second.source.frame(frame.index);
        expect(frame.data).toHaveLength(3 * frame.width * frame.height);
        expect([...again.data]).toEqual([...frame.data]);
      }
    },
  );

  it("a lower rate leaves every n-th frame, with its time and its labels", async () => {
    const { source: slow, indices, labels } = degrade(source, { name: "lowRate", strength: 3 }, 10);
    expect(indices).toEqual([0, 3, 6, 9]);
    const frames = await framesOf(slow);
    expect([...frames[2].data]).toEqual([...(await source.frame(6)).data]);
    const mask = { ...SMALL, data: new Uint8Array(48 * 32) };
    expect(labels(mask, 3)).toBe(mask);
  });

  it("labels shake and shrink with the pictures", async () => {
    const mask = { ...SMALL, data: Uint8Array.from({ length: 48 * 32 }, (_, p) => Number(p % 48 >= 24)) };
    const below = { ...SMALL, data: Uint8Array.from({ length: 48 * 32 }, (_, p) => Number(p >= 16 * 48)) };
    const shaken = degrade(source, { name: "shake", strength: 60 }, 6);
    const offsets = (await framesOf(shaken.source)).map((frame, i) => {
      const dx = shaken.labels(mask, i).data.subarray(0, 48).indexOf(1) - 24;
      const dy = Math.floor(shaken.labels(below, i).data.indexOf(1) / 48) - 16;
      return { frame, dx, dy };
    });
    expect(offsets[0]).toMatchObject({ dx: 0, dy: 0 });
    expect(new Set(offsets.map(({ dx, dy }) => `${dx} ${dy}`)).size).toBe(6);
    // A picture goes where its mask goes.
    for (const { frame, dx, dy } of offsets)
      expect(of(frame)).toEqual(of(moved(await source.frame(frame.index), [dx, dy])));
    const small = degrade(source, { name: "small", strength: 2 }, 6);
    expect([small.source.width, small.source.height]).toEqual([24, 16]);
    expect(small.labels(mask, 0).data.subarray(0, 24).indexOf(1)).toBe(12);
  });

  it("a clean clip is its first frames", async () => {
    const { source: same, indices } = clean(source, 4);
    expect(indices).toEqual([0, 1, 2, 3]);
    expect((await framesOf(same)).map(({ data }) => [...data])).toEqual(
      (await framesOf(source)).slice(0, 4).map(({ data }) => [...data]),
    );
    expect(clean(source, 99).indices).toHaveLength(count);
  });

  test("ranges are read as from any clip", async () => {
    const { source: slow } = degrade(source, { name: "lowRate", strength: 2 });
    const frames: number[] = [];
    for await (const { timeSec } of slow.frames({ start: 1, end: 3 })) frames.push(Math.round(25 * timeSec));
    expect(frames).toEqual([2, 4]);
    for await (const _ of slow.frames({ start: 3, end: 3 })) expect.unreachable();
  });
});
