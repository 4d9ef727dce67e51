/**
 * @file The reliability curve: stated confidence against the share that is right. On the dashed line it is calibrated.
 */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "./plot.ts";

/** One point of a curve. */
export interface ReliabilityPoint {
  /** 0..1. */
  readonly confidence: number;
  /** Share that was right, 0..1. */
  readonly right: number;
  /** How many observations it stands for: the size of its dot. */
  readonly count: number;
}

/** One curve. */
export interface ReliabilityCurve {
  readonly name: string;
  readonly points: readonly ReliabilityPoint[];
}

/** The curves as an SVG document. */
export function reliabilityChart(
  curves: readonly ReliabilityCurve[],
  labels: { readonly x: string; readonly y: string },
): string {
  const rows = curves.flatMap(({ name, points }) => points.map((point) => ({ ...point, curve: name })));
  const ideal = [0, 1].map((value) => ({ value }));
  return plotSvg({
    width: 420,
    height: 420,
    marginLeft: 50,
    marginRight: 24,
    x: { label: labels.x, domain: [0, 1], grid: true },
    y: { label: labels.y, domain: [0, 1], grid: true },
    r: { range: [2, 9] },
    color: { legend: false, scheme: "tableau10", domain: curves.map(({ name }) => name) },
    marks: [
      Plot.line(ideal, { x: "value", y: "value", stroke: "#999", strokeDasharray: "4 3" }),
      Plot.line(rows, { x: "confidence", y: "right", z: "curve", stroke: "curve", strokeWidth: 1.8 }),
      Plot.dot(rows, { x: "confidence", y: "right", fill: "curve", r: "count" }),
      Plot.text(
        curves.map(({ name }, i) => ({ name, at: 0.98 - 0.055 * i })),
        { x: 0.02, y: "at", text: "name", fill: "name", textAnchor: "start" },
      ),
    ],
  });
}
