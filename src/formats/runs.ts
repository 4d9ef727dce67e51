/**
 * @file Run-length encodings of masks. Runs are lengths of background and object in turn, background first.
 * COCO's run down the columns of the whole picture (pycocotools `mask.py`, `maskApi.c`); its compressed form is a string:
 * each run from the fourth on is stored as the difference to the one two before, in groups of five bits, the lowest first,
 * with a sixth bit where more follow and the sign in the last group's fifth, as characters from `0` (48) on.
 * CVAT's run along the rows of the object's rectangle.
 */
import type { FrameSize } from "../annotations/point.ts";
import { type Region, regionOf } from "../annotations/region.ts";
import { UserError } from "../core/errors.ts";
import { requirePictureSize } from "./limits.ts";

/** The runs of values in order; the first is of zeros, and may be 0 long. */
export function runsOf(values: Iterable<number>): number[] {
  const runs: number[] = [0];
  let current = 0;
  for (const value of values) {
    if (value === current) runs[runs.length - 1]++;
    else {
      runs.push(1);
      current = value;
    }
  }
  return runs;
}

/** @param where for messages. @throws UserError `format/value` where runs do not add up to `length` */
export function valuesOfRuns(runs: readonly number[], length: number, where: string): Uint8Array {
  const values = new Uint8Array(length);
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (!Number.isInteger(run) || run < 0 || at + run > length)
      throw wrongRuns(where, `a run of ${run} after ${at} pixels`, length);
    if (i % 2 === 1) values.fill(1, at, at + run);
    at += run;
  }
  if (at !== length) throw wrongRuns(where, `runs of ${at} pixels in all`, length);
  return values;
}

function wrongRuns(where: string, got: string, length: number): UserError {
  return new UserError("format/value", {
    what: `${where}: the run lengths do not fit the picture`,
    got,
    expected: `${length} pixels in all`,
  });
}

/** COCO's runs of a region in a picture: down the columns. */
export function cocoRuns(region: Region, { width, height }: FrameSize): number[] {
  const { x: left, y: top, data } = region;
  const before = left * height + top;
  const runs = [before];
  const add = (length: number, isObject: boolean): void => {
    if (length === 0) return;
    if ((runs.length % 2 === 0) === isObject) runs[runs.length - 1] += length;
    else runs.push(length);
  };
  for (let x = 0; x < region.width; x++) {
    for (let y = 0; y < region.height; y++) add(1, data[y * region.width + x] !== 0);
    const isLast = x === region.width - 1;
    add(isLast ? height - top - region.height : height - region.height, false);
  }
  add((width - left - region.width) * height, false);
  return runs;
}

/**
 * The region that COCO's runs mean; undefined for none.
 * @throws UserError `format/value`, `format/limit`
 */
export function regionOfCocoRuns(runs: readonly number[], size: FrameSize, where: string): Region | undefined {
  const { width, height } = requirePictureSize(size, where);
  const columns = valuesOfRuns(runs, width * height, where);
  const data = new Uint8Array(width * height);
  for (let x = 0, from = 0; x < width; x++)
    for (let y = 0; y < height; y++, from++) data[y * width + x] = columns[from];
  return regionOf({ width, height, data }, 1);
}

/** COCO's compressed form of runs. */
export function packRuns(runs: readonly number[]): string {
  let text = "";
  for (const [i, run] of runs.entries()) {
    let rest = i > 2 ? run - runs[i - 2] : run;
    let more = true;
    while (more) {
      const bits = rest & 31;
      rest >>= 5;
      more = bits & 16 ? rest !== -1 : rest !== 0;
      text += String.fromCodePoint(48 + bits + (more ? 32 : 0));
    }
  }
  return text;
}

/** Groups of five bits that a run of a picture can need. */
const MOST_GROUPS = 7;

/** The runs of COCO's compressed form. @throws UserError `format/value` for characters that it does not have */
export function unpackRuns(text: string, where: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let [value, groups, code] = [0, 0, 0];
    do {
      code = text.charCodeAt(at++) - 48;
      if (!(code >= 0 && code < 64) || groups >= MOST_GROUPS)
        throw new UserError("format/value", {
          what: `${where}: the mask is no compressed run-length encoding of COCO`,
          got: `${JSON.stringify(text.slice(Math.max(0, at - 8), at))} up to character ${at}`,
          expected: "characters from 0 to o, each number complete",
        });
      value += (code & 31) * 32 ** groups++;
    } while (code & 32);
    if (code & 16) value -= 32 ** groups;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}
