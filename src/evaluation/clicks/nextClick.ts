/**
 * @file Clicks as a careful person makes them, for scores (the usual robot user of interactive segmentation: Xu et al.,
 * "Deep Interactive Object Selection", 2016): each in the middle of the largest part that is still wrong.
 */
import type { Click } from "../../clicks/clickedFrame.ts";
import { connectedParts } from "../../core/connectedParts.ts";
import type { LabelMap } from "../../video/labelMap.ts";

/**
 * @param truth of 0 and 1. @param found of the same size; without it the first click is meant.
 * @returns undefined where nothing is wrong.
 */
export function nextClick(truth: LabelMap, found?: LabelMap): Click | undefined {
  const { width, height } = truth;
  const wrong = [1, 0].map((wanted) => {
    const data = truth.data.map((one, p) => (one === wanted && (found?.data[p] ?? 0) !== wanted ? 1 : 0));
    return { inside: wanted === 1, part: largest(connectedParts(data, width)) };
  });
  const [missed, added] = wrong;
  const { inside, part } = missed.part.length >= added.part.length ? missed : added;
  if (part.length === 0) return undefined;
  const p = deepest(part, { width, height });
  return { x: (p % width) + 0.5, y: Math.floor(p / width) + 0.5, inside };
}

function largest(parts: readonly number[][]): readonly number[] {
  return parts.reduce<readonly number[]>((most, part) => (part.length > most.length ? part : most), []);
}

/**
 * The pixel that is farthest from the outside, the first of several; what lies beyond the frame is outside. Distances by two
 * passes with steps of 1 and √2 (Borgefors, "Distance transformations in digital images", 1986).
 */
function deepest(
  part: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): number {
  const across = width + 2;
  const place = (p: number): number => (Math.floor(p / width) + 1) * across + (p % width) + 1;
  const far = new Float64Array(across * (height + 2));
  for (const p of part) far[place(p)] = Infinity;
  const before = [-1, -across].map((step) => ({ step, length: 1 }));
  const aslant = [-across - 1, -across + 1].map((step) => ({ step, length: Math.SQRT2 }));
  const pass = (pixels: readonly number[], sign: 1 | -1): void => {
    for (const p of pixels)
      for (const { step, length } of [...before, ...aslant])
        far[place(p)] = Math.min(far[place(p)], far[place(p) + sign * step] + length);
  };
  const inOrder = part.toSorted((a, b) => a - b);
  pass(inOrder, 1);
  pass(inOrder.toReversed(), -1);
  return inOrder.reduce((best, p) => (far[place(p)] > far[place(best)] ? p : best), inOrder[0]);
}
