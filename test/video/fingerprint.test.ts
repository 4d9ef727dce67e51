import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { differenceOf, type Fingerprint, fingerprintOf, fingerprintSchema } from "../../src/video/fingerprint.ts";
import { frameList } from "../../src/video/frameList.ts";
import type { Frame } from "../../src/video/frame.ts";

const [width, height, count] = [96, 72, 9];

/** Frames of one still scene; the noise of a camera differs from clip to clip. */
function still(seed: number, sigma: number, change: (t: number) => number = () => 0): Frame[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, t) => ({
    index: t,
    timeSec: t / 25,
    name: String(t),
    width,
    height,
    data: Uint8Array.from(
      { length: 3 * width * height },
      (_pixel, i) => 90 + (i % 50) + change(t) + sigma * random.normal(),
    ),
  }));
}

const printOf = (pictures: readonly Frame[]): Promise<Fingerprint> => fingerprintOf(frameList(pictures, "clip"));

test("one clip is itself, in JSON too, and within the rounding of two decoders", async () => {
  const pictures = still(1, 2);
  const a = await printOf(pictures);
  expect(differenceOf(a, await printOf(pictures))).toBeUndefined();
  expect(differenceOf(a, fingerprintSchema.parse(JSON.parse(JSON.stringify(a))))).toBeUndefined();
  const rounded = pictures.map((picture) => ({
    ...picture,
    data: picture.data.map((v, i) => v + ((i * 31) % 5 === 0 ? 1 : 0)),
  }));
  expect(differenceOf(a, await printOf(rounded))).toBeUndefined();
});

test("two clips of one still scene differ by their noise", async () => {
  expect(differenceOf(await printOf(still(1, 2)), await printOf(still(2, 2)))).toBe("the first frame has other pixels");
});

test("clips that part later differ in the frame that shows it", async () => {
  const a = await printOf(still(1, 0));
  expect(differenceOf(a, await printOf(still(1, 0, (t) => (t < 4 ? 0 : 9))))).toBe("the middle frame has other pixels");
  expect(differenceOf(a, await printOf(still(1, 0, (t) => (t < 8 ? 0 : 9))))).toBe("the last frame has other pixels");
});

test("other times are another clip; a rounded time is not", async () => {
  const a = await printOf(still(1, 0));
  const later = (seconds: number): Fingerprint => ({
    ...a,
    timesSec: a.timesSec.map((time, i) => time + (i === 2 ? seconds : 0)),
  });
  expect(differenceOf(a, later(0.0005))).toBeUndefined();
  expect(differenceOf(a, later(0.04))).toBe("the last frame has another time");
});

test("samples of another length never match, and a clip of one frame has a fingerprint", async () => {
  const a = await printOf(still(1, 0));
  expect(differenceOf(a, { ...a, samples: ["", "", ""] })).toBe("the first frame has other pixels");
  const single = await printOf(still(1, 0).slice(0, 1));
  expect(new Set(single.samples).size).toBe(1);
});
