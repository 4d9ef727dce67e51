/** @file Features that are compared as cosines. */
import type { FeatureMap } from "./features.ts";

/** Every cell's features over their length; those without any stay 0. */
export function unitLength({ channels, width, height, data }: FeatureMap): FeatureMap {
  const cells = width * height;
  const squares = new Float64Array(cells);
  for (let i = 0; i < channels * cells; i++) squares[i % cells] += data[i] ** 2;
  return { channels, width, height, data: data.map((value, i) => value / Math.sqrt(squares[i % cells] || 1)) };
}
