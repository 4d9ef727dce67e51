/**
 * @file What a clip is known by, whatever its file is called and wherever it lies: the times of three frames and some of their pixels.
 * Two clips of one fixed camera differ in it by their noise; one clip read by two backends does not, as they agree within rounding.
 */
import { z } from "zod";
import type { FrameSource } from "./frame.ts";
import type { RgbPicture } from "./picture.ts";

/** Pixels to a side of the grid that is taken from each frame. */
const GRID = 32;

/** In JSON; of the first, the middle and the last frame. */
export const fingerprintSchema = z.object({
  /** Seconds. */
  timesSec: z.array(z.number()).length(3),
  /** Base64 of `[32, 32]` uint8: the green of single pixels on a regular grid. */
  samples: z.array(z.string()).length(3),
});

/** See `fingerprintSchema`. */
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Reads three frames. @throws UserError those of the source */
export async function fingerprintOf(source: FrameSource): Promise<Fingerprint> {
  const last = source.frameCount - 1;
  const timesSec: number[] = [];
  const samples: string[] = [];
  for (const index of [0, last >> 1, last]) {
    const frame = await source.frame(index);
    timesSec.push(frame.timeSec);
    samples.push(Buffer.from(sampled(frame)).toString("base64"));
  }
  return { timesSec, samples };
}

/** Single pixels, not means: means would lose the noise that tells two still scenes apart. */
function sampled({ width, height, data }: RgbPicture): Uint8Array {
  return Uint8Array.from({ length: GRID * GRID }, (_, i) => {
    const x = Math.floor((((i % GRID) + 0.5) * width) / GRID);
    const y = Math.floor(((Math.floor(i / GRID) + 0.5) * height) / GRID);
    return data[3 * (y * width + x) + 1];
  });
}

/** Containers and programs round times to microseconds or milliseconds. */
const TIME_TOLERANCE_SEC = 0.002;
/** Mean difference of two backends' pixels, in levels; the noise of a camera makes more. */
const LEVEL_TOLERANCE = 0.75;

/** @returns in what two clips differ, in words; undefined where they are one */
export function differenceOf(a: Fingerprint, b: Fingerprint): string | undefined {
  const names = ["first", "middle", "last"];
  const late = names.find((_, i) => Math.abs(a.timesSec[i] - b.timesSec[i]) > TIME_TOLERANCE_SEC);
  if (late !== undefined) return `the ${late} frame has another time`;
  const unlike = names.find((_, i) => !(meanDifference(a.samples[i], b.samples[i]) <= LEVEL_TOLERANCE));
  return unlike === undefined ? undefined : `the ${unlike} frame has other pixels`;
}

function meanDifference(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Buffer.from(text, "base64"));
  if (x.length !== y.length) return Number.POSITIVE_INFINITY;
  return x.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / x.length;
}
