/** @file How a single picture is exposed, from pixels on a grid. */
import type { RgbPicture } from "../video/picture.ts";
import { forSamples } from "./samples.ts";

/** From this luma on, a pixel is burnt out; up to that, it is crushed. */
const BURNT = 250;
const CRUSHED = 5;
/** The darkest and the brightest parts of a picture are so much of it. */
const EXTREME = 0.005;
/** The bright parts of a picture begin above this share of it. */
const BRIGHT = 0.95;

/** Luma in 0..255, shares in 0..1. */
export interface Exposure {
  readonly mean: number;
  /** The share that is burnt out, and that is black. */
  readonly burnt: number;
  readonly crushed: number;
  /** Where the bright parts begin. */
  readonly bright: number;
  /** Where the darkest parts end and the brightest begin. */
  readonly from: number;
  readonly to: number;
}

/** The exposure of a picture. */
export function exposureOf(picture: RgbPicture): Exposure {
  const counts = new Float64Array(256);
  let [all, sum, burnt, crushed] = [0, 0, 0, 0];
  forSamples(picture, (_r, _g, _b, luma) => {
    all++;
    sum += luma;
    counts[Math.round(luma)]++;
    if (luma >= BURNT) burnt++;
    if (luma <= CRUSHED) crushed++;
  });
  return {
    mean: sum / all,
    burnt: burnt / all,
    crushed: crushed / all,
    bright: levelAt(counts, BRIGHT * all),
    from: levelAt(counts, EXTREME * all),
    to: levelAt(counts, (1 - EXTREME) * all),
  };
}

/** The level below which so many of the counted pixels lie. */
function levelAt(counts: Float64Array, wanted: number): number {
  let sum = 0;
  return counts.findIndex((count) => (sum += count) >= wanted);
}
