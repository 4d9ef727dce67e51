/**
 * @file Mean, recall and decay of a measure over the frames of one object, as in the official `db_statistics`.
 * NaN marks a frame without a value.
 */

/** The three numbers that DAVIS gives for a measure. */
export interface Statistics {
  /** Over the frames, NaN left out. */
  readonly mean: number;
  /** The share of all frames above 0.5 (a NaN is not above, but counts as a frame). */
  readonly recall: number;
  /** Mean over the first quarter of the frames minus that over the last: the loss over time. */
  readonly decay: number;
}

const RECALL_THRESHOLD = 0.5;
const QUARTERS = 4;

/** @param values one per frame, in time order; without values, all three are NaN. */
export function statisticsOf(values: readonly number[]): Statistics {
  return {
    mean: meanOf(values),
    recall: values.filter((value) => value > RECALL_THRESHOLD).length / values.length,
    decay: meanOf(quarter(values, 0)) - lateMeanOf(values),
  };
}

/** The mean over the last quarter of the frames, the one that decay compares with. @param values as in `statisticsOf`. */
export function lateMeanOf(values: readonly number[]): number {
  return meanOf(quarter(values, QUARTERS - 1));
}

/** Every number averaged over the objects. */
export function averageStatistics(all: readonly Statistics[]): Statistics {
  return {
    mean: meanOf(all.map(({ mean }) => mean)),
    recall: meanOf(all.map(({ recall }) => recall)),
    decay: meanOf(all.map(({ decay }) => decay)),
  };
}

/** The mean without NaN values; NaN if none is left. */
export function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The mean, and how far it may be from that of all the values there could be. */
export interface Estimate {
  readonly mean: number;
  /** Of the mean: s / √n; NaN for a single value. */
  readonly standardError: number;
}

/** Mean and standard error of independent values. */
export function estimateOf(values: readonly number[]): Estimate {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** The bounds are rounded positions on 1..n, both inclusive: neighbouring quarters share a frame. */
function quarter(values: readonly number[], index: number): readonly number[] {
  const bound = (i: number): number => Math.round(1 + ((values.length - 1) * i) / QUARTERS + 1e-10) - 1;
  return values.slice(bound(index), bound(index + 1) + 1);
}
