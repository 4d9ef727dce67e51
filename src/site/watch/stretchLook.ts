/**
 * @file What a stretch of footage looks like, as numbers: its colours and its changes over the picture, and what an encoder
 * makes of it. Two stretches are as far apart as these are.
 */
import { z } from "zod";
import { median } from "../../core/median.ts";
import type { FeatureMap } from "../../method/features.ts";
import { unitLength } from "../../method/unitLength.ts";
import { meanOf } from "../../metrics/statistics.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { COLOURS, descriptorOf } from "../plan/look.ts";

const numbers = z.array(z.number());

export const stretchLookSchema = z.strictObject({
  /** L, a, b of each cell of a grid of 8 × 6, levels of 255, mean over the stretch. */
  colour: numbers,
  /** Change of L in each cell from one picture looked at to the next, levels of 255, mean. */
  motion: numbers,
  /** Of an encoder: mean of the cells' features, each of unit length. */
  features: numbers,
});
/** See `stretchLookSchema`. */
export type StretchLook = z.output<typeof stretchLookSchema>;

/** The kinds of numbers, each measured apart. */
export const LOOK_KINDS = ["colour", "motion", "features"] as const;
export type LookKind = (typeof LOOK_KINDS)[number];

/** Every so many pictures of a stretch are described: changes from one to the next are too small to see. */
const EVERY = 4;
/** Pictures of a stretch that are encoded. */
const ENCODED = 3;

/** Features of a picture. */
export type Featurer = (picture: RgbPicture) => Promise<FeatureMap>;

/** Describes pictures, at least one, that follow one another. @throws those of the encoder */
export async function lookOfStretch(pictures: readonly RgbPicture[], encode: Featurer): Promise<StretchLook> {
  const described: Uint8Array[] = [];
  for (let i = 0; i < pictures.length; i += EVERY) described.push(descriptorOf(pictures[i], described.at(-1)));
  // The first has nothing before it: no change.
  const changes = described.slice(1).map((one) => one.subarray(COLOURS));
  const features: number[][] = [];
  for (let i = 0; i < ENCODED; i++) {
    const at = Math.floor(((i + 0.5) * pictures.length) / ENCODED);
    features.push(meanFeatures(await encode(pictures[at])));
  }
  return {
    colour: meanVector(described.map((one) => one.subarray(0, COLOURS))),
    motion: meanVector(changes.length === 0 ? [described[0].subarray(COLOURS)] : changes),
    features: meanVector(features),
  };
}

function meanVector(vectors: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: vectors[0].length }, (_, i) =>
    Number((vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length).toFixed(4)),
  );
}

function meanFeatures(features: FeatureMap): number[] {
  const { channels, width, height, data } = unitLength(features);
  const cells = width * height;
  return Array.from({ length: channels }, (_, c) => meanOf([...data.subarray(c * cells, (c + 1) * cells)]));
}

/** Root mean square of the differences, of one kind of numbers. */
export function lookDistance(a: StretchLook, b: StretchLook, kind: LookKind): number {
  const [x, y] = [a[kind], b[kind]];
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / Math.max(1, x.length));
}

/**
 * A distance over all kinds, each in units of what is usual among some looks.
 * @param among at least two
 */
export function jointDistance(among: readonly StretchLook[]): (a: StretchLook, b: StretchLook) => number {
  const scales = LOOK_KINDS.map((kind) => {
    const pairs = among.flatMap((a, i) => among.slice(i + 1).map((b) => lookDistance(a, b, kind)));
    return Math.max(1e-6, median(pairs));
  });
  return (a, b) => LOOK_KINDS.reduce((sum, kind, i) => sum + lookDistance(a, b, kind) / scales[i], 0);
}
