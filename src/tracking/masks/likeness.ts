/**
 * @file How much frames look like a labelled picture where its objects are: contrast and structure of SSIM (Wang et al.
 * 2004, eq. 9 and 10 with α = 0 for luminance), so that a camera that exposes anew does not count.
 */
import type { Box } from "../../video/box.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { measureObjects } from "../objects.ts";
import { idsIn } from "./firstLabels.ts";

/** SSIM's C₂, (0.03 · 255)²: differences that noise makes in flat places do not count. */
const NOISE = (0.03 * 255) ** 2;

/** An object is compared with its surroundings: its box grown by this share of its size to each side, and by 8 pixels. */
const MARGIN = 0.5;
const LEAST_MARGIN = 8;

/** The most pixels of a place that are compared; of larger ones a regular grid. */
const MOST_PIXELS = 4096;

/** Labels are there as they were given. */
const SEEN = { confidence: 1, visible: true, signals: undefined };

/** A place in a picture: where its pixels begin in the data. */
type Place = Uint32Array;

/** Compares frames with one picture. */
export class Likeness {
  private readonly picture: RgbPicture;
  private readonly places: readonly Place[];

  /** @param labels of the picture, at its size, with one object at least. */
  constructor(picture: RgbPicture, labels: LabelMap) {
    this.picture = picture;
    const objects = measureObjects(labels, [0, ...idsIn(labels)], () => SEEN);
    this.places = objects.flatMap(({ box }) => (box === null ? [] : [placeAround(box, picture)]));
  }

  /** The mean over the objects: 1 for the picture itself, about 0 for another one. @param frame of the same size. */
  of(frame: RgbPicture): number {
    const all = this.places.map((place) => structure(this.picture.data, frame.data, place));
    return all.reduce((sum, one) => sum + one, 0) / all.length;
  }
}

function placeAround([x, y, width, height]: Box, picture: RgbPicture): Place {
  const [dx, dy] = [width, height].map((side) => Math.max(LEAST_MARGIN, Math.ceil(side * MARGIN)));
  const [left, top] = [Math.max(0, Math.floor(x - dx)), Math.max(0, Math.floor(y - dy))];
  const right = Math.min(picture.width, Math.ceil(x + width + dx));
  const bottom = Math.min(picture.height, Math.ceil(y + height + dy));
  const apart = Math.max(1, Math.ceil(Math.sqrt(((right - left) * (bottom - top)) / MOST_PIXELS)));
  const starts: number[] = [];
  for (let row = top; row < bottom; row += apart)
    for (let column = left; column < right; column += apart) starts.push(3 * (row * picture.width + column));
  return Uint32Array.from(starts);
}

/** (2 σ_ab + C₂) / (σ_a² + σ_b² + C₂) over a place, variances of the three channels together; −1..1. */
function structure(a: Uint8Array, b: Uint8Array, place: Place): number {
  let [both, own] = [0, 0];
  for (let channel = 0; channel < 3; channel++) {
    let [sumA, sumB, squares, products] = [0, 0, 0, 0];
    for (const start of place) {
      const [left, right] = [a[start + channel], b[start + channel]];
      sumA += left;
      sumB += right;
      squares += left * left + right * right;
      products += left * right;
    }
    both += products / place.length - (sumA / place.length) * (sumB / place.length);
    own += squares / place.length - (sumA / place.length) ** 2 - (sumB / place.length) ** 2;
  }
  return (2 * both + 3 * NOISE) / (own + 3 * NOISE);
}
