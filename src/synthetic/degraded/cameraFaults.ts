/**
 * @file Faults of a camera put into pictures, at a known strength: what happens before the lens and in it, then the noise of
 * the sensor. Repeatable bit for bit.
 */
import { Random } from "../../core/random.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { blurred, exposed, moved, movedOn, noisy, scaled } from "./pictures.ts";

/** A picture of a fault. @param sec since the fault began. @param index of the frame, for what is random in each. */
export type FaultMaker = (
  picture: RgbPicture,
  at: { readonly sec: number; readonly index: number; readonly seed: number },
  strength: number,
) => RgbPicture | Promise<RgbPicture>;

/** A fault, and what makes it. */
export interface MadeFault {
  readonly unit: string;
  /** From the weaker to the stronger. */
  readonly strengths: readonly number[];
  readonly make: FaultMaker;
  /** The recorder's, behind the sensor: it gets no new noise. */
  readonly isRecorded?: boolean;
}

/** Lengths are pixels of a picture whose shorter side is 480. */
const scaleOf = ({ width, height }: RgbPicture): number => Math.min(width, height) / 480;
/** How long it takes until something is before the lens, or the camera is turned, seconds. */
const IN_SEC = 0.3;

/** By the names that `tsumugi monitor` tells. */
export const madeFaults = {
  signalLost: {
    unit: "grey level of the picture",
    strengths: [0, 90],
    make: ({ width, height }, _, level) => ({ width, height, data: new Uint8Array(3 * width * height).fill(level) }),
    isRecorded: true,
  },
  burntOut: { unit: "stops more", strengths: [4, 6], make: (picture, _, stops) => exposed(picture, stops) },
  covered: { unit: "share of the picture", strengths: [0.85, 1], make: covered },
  tooDark: { unit: "stops less", strengths: [6, 7], make: (picture, _, stops) => exposed(picture, -stops) },
  turned: { unit: "px of 480", strengths: [20, 100], make: turned },
  shaking: { unit: "σ, px of 480", strengths: [3, 8], make: shaken },
  flicker: {
    unit: "from darkest to brightest, share",
    strengths: [0.15, 0.4],
    make: (picture, { index }, depth) => scaled(picture, 1 + (depth / 2) * Math.sin((2 * Math.PI * index) / 3.7)),
  },
  defocused: {
    unit: "σ, px of 480",
    strengths: [4, 8],
    make: (picture, _, sigma) => blurred(picture, sigma * scaleOf(picture)),
  },
  dirty: { unit: "radius of four spots, px of 480", strengths: [45, 80], make: spotted },
} as const satisfies Record<string, MadeFault>;

/** What is no fault. */
export const harmless = {
  lightSwitch: { unit: "stops", strengths: [-1.5, 1.2], make: switched },
  nearLens: { unit: "share of the width", strengths: [0.5, 0.7], make: passedBy },
} as const satisfies Record<string, MadeFault>;

/** The noise of the sensor, levels of 255. */
export const SENSOR_NOISE = 1.5;

/** A frame with a fault, or without. */
export async function withFault(
  picture: RgbPicture,
  fault: { readonly made: MadeFault; readonly strength: number } | undefined,
  at: Parameters<FaultMaker>[1],
): Promise<RgbPicture> {
  const made = fault === undefined ? picture : await fault.made.make(picture, at, fault.strength);
  return fault?.made.isRecorded === true ? made : noisy(made, SENSOR_NOISE, 1000 * at.seed + at.index + 1);
}

/** A cloth comes down before the lens: a plain dark colour, a little lighter below. */
function covered({ width, height, data }: RgbPicture, { sec }: { readonly sec: number }, share: number): RgbPicture {
  const out = data.slice();
  const rows = Math.round(height * share * Math.min(1, sec / IN_SEC));
  for (let y = 0; y < rows; y++) out.fill(50 + (30 * y) / height, 3 * y * width, 3 * (y + 1) * width);
  return { width, height, data: out };
}

/** What comes into view has the detail of the scene. */
function turned(
  picture: RgbPicture,
  { sec, seed }: { readonly sec: number; readonly seed: number },
  px: number,
): RgbPicture {
  const way = px * scaleOf(picture) * Math.min(1, sec / IN_SEC);
  const angle = new Random(seed).uniform(0, 2 * Math.PI);
  return movedOn(picture, [Math.round(way * Math.cos(angle)), Math.round(way * Math.sin(angle))]);
}

function shaken(
  picture: RgbPicture,
  { index, seed }: { readonly index: number; readonly seed: number },
  sigma: number,
): RgbPicture {
  const random = new Random(7919 * seed + index);
  const px = sigma * scaleOf(picture);
  return moved(picture, [Math.round(px * random.normal()), Math.round(px * random.normal())]);
}

/** Drops: what lies behind them is out of focus and a little lighter. */
async function spotted(picture: RgbPicture, { seed }: { readonly seed: number }, radius: number): Promise<RgbPicture> {
  const { width, height } = picture;
  const random = new Random(31 * seed + 5);
  const soft = (await blurred(picture, 9 * scaleOf(picture))).data;
  const out = picture.data.slice();
  const reach = radius * scaleOf(picture);
  for (let spot = 0; spot < 4; spot++) {
    const [x, y] = [random.uniform(0.15, 0.85) * width, random.uniform(0.2, 0.8) * height];
    for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, y + reach); row++)
      for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(width, x + reach); column++) {
        const share = Math.min(1, 4 * (1 - Math.hypot(column - x, row - y) / reach));
        if (share <= 0) continue;
        for (let p = 3 * (row * width + column), end = p + 3; p < end; p++)
          out[p] = out[p] + share * (Math.min(255, soft[p] + 5) - out[p]);
      }
  }
  return { width, height, data: out };
}

/** A lamp at one side goes on or off; the camera has made up for half of it after a second. */
function switched(picture: RgbPicture, { sec }: { readonly sec: number }, stops: number): RgbPicture {
  const { width, height, data } = exposed(picture, stops * (0.5 + 0.5 * Math.exp(-sec)));
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, p++) out[p] = data[p] * (1 + 0.08 * Math.sign(stops) * (0.5 - x / width));
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** How long somebody takes to pass, seconds. */
const PASS_SEC = 3;

/** Somebody close to the lens: large, soft clothes with folds, never quite still. */
function passedBy(
  { width, height, data }: RgbPicture,
  { sec, seed }: { readonly sec: number; readonly seed: number },
  share: number,
): RgbPicture {
  const out = data.slice();
  const phase = seed % 7;
  const way = Math.min(1, sec / PASS_SEC);
  // Slower in the middle, as one who looks around.
  const middle = width * (-share / 2 + (1 + share) * (way + Math.sin(2 * Math.PI * way) / 9));
  for (let y = 0; y < height; y++) {
    const half = (width * share * (0.7 + 0.3 * Math.min(1, (1.6 * y) / height))) / 2;
    for (let x = Math.max(0, Math.ceil(middle - half)); x < Math.min(width, middle + half); x++) {
      const [u, v] = [(x - middle) / width, y / height];
      const fold = 22 * Math.sin(34 * u + 9 * v + phase + 2 * sec) + 12 * Math.sin(23 * v - 11 * u + 3 * sec);
      const p = 3 * (y * width + x);
      [out[p], out[p + 1], out[p + 2]] = [85 + fold, 78 + fold, 96 + fold];
    }
  }
  return { width, height, data: out };
}
