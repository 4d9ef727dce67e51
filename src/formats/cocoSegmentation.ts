/**
 * @file COCO's segmentations (https://cocodataset.org/#format-data; pycocotools `coco.py`, `annToRLE`): polygons as lists
 * [x, y, x, y, …] with positions as ours, which together are their union; or run lengths (see runs.ts), as numbers or
 * compressed, of a picture of `size` [height, width]. Ours are rings by the even-odd rule: parts that overlap are united
 * pixel by pixel, and what has holes is written as run lengths, which polygons of COCO cannot have.
 */
import { z } from "zod";
import { outlineOf } from "../annotations/outline.ts";
import type { FrameSize } from "../annotations/point.ts";
import { areaOf, filled, mayOverlap, paint, regionOf } from "../annotations/region.ts";
import type { Point } from "../video/point.ts";
import { type Extent, regionIn, ringsOf } from "./instances.ts";
import { cocoRuns, packRuns, regionOfCocoRuns, unpackRuns } from "./runs.ts";

/** Null is what Python writes as NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const runLengths = z.object({
  size: z.tuple([z.int(), z.int()]),
  counts: z.union([z.string(), z.array(z.int())]),
});

/** A segmentation; other forms, and broken ones, are errors. */
export const segmentationSchema = z.union([z.array(z.array(number)), runLengths], {
  error: "expected lists of x, y, or size and counts",
});

export type Segmentation = z.output<typeof segmentationSchema>;

type Rings = readonly (readonly Point[])[];

/**
 * The rings of a segmentation; none where it is empty.
 * @param size of the picture, where it is known; else overlapping parts stay as they are.
 * @param where for messages. @throws UserError `format/value`, `format/limit`
 */
export function ringsOfSegmentation(segmentation: Segmentation, where: string, size?: FrameSize): Rings {
  if (Array.isArray(segmentation)) return united(segmentation.map(pairs), size);
  const [height, width] = segmentation.size;
  const { counts } = segmentation;
  const runs = typeof counts === "string" ? unpackRuns(counts, where) : counts;
  const region = regionOfCocoRuns(runs, { width, height }, where);
  return region === undefined ? [] : outlineOf(region);
}

function pairs(values: readonly number[]): Point[] {
  return Array.from({ length: Math.floor(values.length / 2) }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1] }));
}

function united(rings: Rings, size: FrameSize | undefined): Rings {
  if (size === undefined || !mayOverlap(rings)) return rings;
  const whole = { ...size, data: new Uint8Array(size.width * size.height) };
  for (const ring of rings) {
    const region = filled([ring], size);
    if (region !== undefined) paint(whole, region, 1);
  }
  const region = regionOf(whole, 1);
  return region === undefined ? [] : outlineOf(region);
}

/** A segmentation, and the area that COCO's file names beside it, px². */
export interface WrittenSegmentation {
  readonly segmentation: Segmentation;
  readonly area: number;
}

/**
 * Polygons as drawn where no rings overlap, else compressed run lengths.
 * @param size of the picture; without it there are only polygons.
 */
export function segmentationOf(extent: Extent, size: FrameSize | undefined): WrittenSegmentation {
  if (size === undefined || ("rings" in extent && !mayOverlap(extent.rings))) {
    const rings = ringsOf(extent);
    return { segmentation: rings.map((ring) => ring.flatMap(({ x, y }) => [x, y])), area: enclosed(rings) };
  }
  const region = regionIn(extent, size);
  const runs = region === undefined ? [size.width * size.height] : cocoRuns(region, size);
  const segmentation = { size: [size.height, size.width] as [number, number], counts: packRuns(runs) };
  return { segmentation, area: region === undefined ? 0 : areaOf(region) };
}

/** The area that rings without overlap enclose, by the shoelace formula. */
function enclosed(rings: Rings): number {
  const twice = rings.map((ring) =>
    ring.reduce((sum, { x, y }, i) => {
      const next = ring[(i + 1) % ring.length];
      return sum + x * next.y - next.x * y;
    }, 0),
  );
  return twice.reduce((sum, value) => sum + Math.abs(value) / 2, 0);
}
