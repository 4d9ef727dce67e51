/** @file Speed over time, a curve for each object. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "./plot.ts";
import { LEGEND_WIDTH, legendMarks } from "./trackLegend.ts";

/** An object's speed. */
export interface SpeedCurve {
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
  /** Seconds and speed, in order of time; speed is null where it is not known. */
  readonly points: readonly { readonly timeSec: number; readonly speed: number | null }[];
}

/** An SVG document. @param unit of the speeds. */
export function speedChart(curves: readonly SpeedCurve[], unit: string): string {
  const rows = curves.flatMap(({ name, colour, points }) =>
    points.map(({ timeSec, speed }) => ({ timeSec, speed: speed ?? Number.NaN, name, colour })),
  );
  return plotSvg({
    width: 720 + LEGEND_WIDTH,
    height: 390,
    marginBottom: 40,
    marginLeft: 60,
    marginRight: LEGEND_WIDTH,
    x: { label: "time, s", labelAnchor: "center", grid: true },
    y: { label: `speed, ${unit}`, grid: true, zero: true },
    marks: [
      Plot.ruleY([0]),
      Plot.line(rows, { x: "timeSec", y: "speed", z: "name", stroke: "colour", strokeWidth: 1.6 }),
      ...legendMarks(curves),
    ],
  });
}
