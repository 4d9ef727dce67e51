/**
 * @file Judges a confidence: how well it separates right from wrong (AUROC), and whether it equals the share that is
 * right.
 */
import { internal } from "../core/errors.ts";

/** A confidence, and whether the result was right. */
export interface Judged {
  /** 0..1. */
  readonly confidence: number;
  readonly right: boolean;
}

/** One bin of the reliability curve. */
export interface ReliabilityBin {
  /** Confidences from `from` to below `to` (the last bin: up to 1). */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence; NaN in an empty bin. */
  readonly confidence: number;
  /** Share that was right; NaN in an empty bin. */
  readonly right: number;
}

/** What `reliability` measures. */
export interface Reliability {
  readonly count: number;
  /** Share that was right. */
  readonly right: number;
  /**
   * Probability that a right result has a higher confidence than a wrong one (ties count half); NaN if all are right or
   * all wrong.
   */
  readonly auroc: number;
  /** Expected calibration error: mean |confidence − share right| over the bins, by their counts. */
  readonly calibrationError: number;
  /** Mean squared error of the confidence. */
  readonly brier: number;
  readonly bins: readonly ReliabilityBin[];
}

/** @param bins of equal width; default 10. */
export function reliability(judged: readonly Judged[], bins = 10): Reliability {
  const curve = Array.from({ length: bins }, (_, i) => binOf(judged, i, bins));
  const gaps = curve.filter(({ count }) => count > 0).map((bin) => bin.count * Math.abs(bin.confidence - bin.right));
  return {
    count: judged.length,
    right: mean(judged.map(({ right }) => Number(right))),
    auroc: auroc(judged),
    calibrationError: gaps.reduce((sum, gap) => sum + gap, 0) / judged.length,
    brier: mean(judged.map(({ confidence, right }) => (confidence - Number(right)) ** 2)),
    bins: curve,
  };
}

function binOf(judged: readonly Judged[], index: number, bins: number): ReliabilityBin {
  const inside = judged.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === index);
  return {
    from: index / bins,
    to: (index + 1) / bins,
    count: inside.length,
    confidence: mean(inside.map(({ confidence }) => confidence)),
    right: mean(inside.map(({ right }) => Number(right))),
  };
}

/** The probability that a right result has a higher confidence than a wrong one; ties count half. */
export function auroc(judged: readonly Judged[]): number {
  const ranks = ranksOf(judged.map(({ confidence }) => confidence));
  const right = judged.filter((one) => one.right).length;
  const sum = judged.reduce((total, one, i) => total + (one.right ? ranks[i] : 0), 0);
  return (sum - (right * (right + 1)) / 2) / (right * (judged.length - right));
}

/** Spearman's rank correlation, −1..1; NaN if all values of one side are equal. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw internal(`ranks of ${a.length} and ${b.length} values`);
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) ** 2;
    yy += (y[i] - middle) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Ranks from 1 on; equal values share their mean rank. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks: number[] = [];
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to + 1) / 2;
  }
  return ranks;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One frame's confidence and error. */
export interface Flaggable {
  readonly confidence: number;
  /** For example 1 − IoU. */
  readonly error: number;
}

/** Share of the total error that lies in the least confident frames. @param share of the frames, 0..1. */
export function errorCaught(frames: readonly Flaggable[], share: number): number {
  const total = frames.reduce((sum, { error }) => sum + error, 0);
  const flagged = frames.toSorted((a, b) => a.confidence - b.confidence).slice(0, Math.round(share * frames.length));
  return flagged.reduce((sum, { error }) => sum + error, 0) / total;
}
