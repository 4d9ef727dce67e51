/** @file J on made clips, over whole clips and late in them, with standard errors over the clips. */
import Table from "cli-table3";
import { type Estimate, estimateOf, lateMeanOf, meanOf } from "../../metrics/statistics.ts";

/** One clip; means over its objects. */
export interface MadeClipScore {
  readonly clip: string;
  /** Mean J over the scored frames, 0..1. */
  readonly J: number;
  /** The same over the last quarter of them. */
  readonly late: number;
}

/** All clips. */
export interface MadeScore {
  readonly J: Estimate;
  readonly late: Estimate;
  readonly clips: readonly MadeClipScore[];
}

/** The numbers of one clip. @param objects by object: J in every scored frame. */
export function madeClipScore(clip: string, objects: readonly (readonly number[])[]): MadeClipScore {
  return { clip, J: meanOf(objects.map(meanOf)), late: meanOf(objects.map(lateMeanOf)) };
}

/** The numbers of all clips, each counting the same. */
export function madeScore(clips: readonly MadeClipScore[]): MadeScore {
  return { J: estimateOf(clips.map(({ J }) => J)), late: estimateOf(clips.map(({ late }) => late)), clips };
}

/**
 * By how much late J is higher in another run on the same clips. The clips differ far more than the runs do on each, so
 * this says more than two means.
 */
export function lateGain(before: MadeScore, after: MadeScore): Estimate {
  const earlier = new Map(before.clips.map(({ clip, late }) => [clip, late]));
  return estimateOf(
    after.clips.flatMap(({ clip, late }) => {
      const then = earlier.get(clip);
      return then === undefined ? [] : [late - then];
    }),
  );
}

/** Lines without a last line break. */
export function madeTable({ J, late, clips }: MadeScore): string {
  const head = ["made clips", "clips", "mean", "standard error"];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { mean, standardError }] of Object.entries({ J, late }))
    table.push([name, clips.length, mean.toFixed(4), Number.isNaN(standardError) ? "" : standardError.toFixed(4)]);
  return table.toString();
}
