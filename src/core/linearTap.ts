/**
 * @file The only rule for linear interpolation in this project: half-pixel centres, clamped at the border (PyTorch's
 * align_corners=False).
 */

/** Two neighbouring samples and how they mix: value = (1 − weight) · low + weight · high. */
export interface LinearTap {
  readonly low: number;
  /** Equal to `low` at the end. */
  readonly high: number;
  /** 0..1. */
  readonly weight: number;
}

/**
 * The samples on either side of a position.
 * @param centre in samples from the border, so that sample i has its centre at i + 0.5.
 * @param count of samples.
 */
export function linearTap(centre: number, count: number): LinearTap {
  const position = Math.max(0, centre - 0.5);
  const low = Math.min(count - 1, Math.floor(position));
  return { low, high: Math.min(count - 1, low + 1), weight: position - low };
}
