/**
 * @file Quality against speed: a point for every choice, the Pareto front (nothing else is better in both) as a line.
 */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "./plot.ts";

/** One choice. */
export interface ParetoPoint {
  readonly name: string;
  /** What the point's colour stands for, for example the mode. */
  readonly group: string;
  /** Larger is better, above 0; drawn logarithmically. */
  readonly x: number;
  /** Larger is better. */
  readonly y: number;
}

/** Points that no other beats in both, by x. */
export function paretoFront(points: readonly ParetoPoint[]): ParetoPoint[] {
  const beaten = (one: ParetoPoint): boolean =>
    points.some(({ x, y }) => x >= one.x && y >= one.y && (x > one.x || y > one.y));
  return points.filter((one) => !beaten(one)).toSorted((a, b) => a.x - b.x);
}

/** The chart as an SVG document. */
export function paretoChart(
  points: readonly ParetoPoint[],
  labels: { readonly x: string; readonly y: string },
): string {
  const rows = points.map((point) => ({ ...point }));
  return plotSvg({
    width: 720,
    height: 420,
    marginLeft: 50,
    marginRight: 90,
    x: { label: labels.x, grid: true, type: "log" },
    y: { label: labels.y, grid: true },
    color: { legend: false, scheme: "tableau10", domain: [...new Set(points.map(({ group }) => group))] },
    marks: [
      Plot.line(paretoFront(points), { x: "x", y: "y", stroke: "#999", strokeDasharray: "4 3" }),
      Plot.dot(rows, { x: "x", y: "y", fill: "group", r: 4 }),
      Plot.text(rows, { x: "x", y: "y", text: "name", fill: "group", textAnchor: "start", dx: 7 }),
    ],
  });
}
