/** @file Bars side by side in groups, each with its name and its value at its end. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "./plot.ts";

/** Some bars under one name. */
export interface BarGroup {
  readonly name: string;
  /** The same names in every group; values 0..1, NaN = nothing to draw. */
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

/** Pixels: of a bar, between groups, and around all of them. */
const BAR = 15;
const BETWEEN = 12;
const AROUND = { marginTop: 24, marginBottom: 40, marginLeft: 130, marginRight: 100 };
const WIDTH = 720;

/** The groups from top to bottom, as an SVG document. @param label of the values. */
export function barChart(groups: readonly BarGroup[], label: string): string {
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const rows = groups.flatMap(({ name: group, bars }) =>
    bars.filter(({ value }) => !Number.isNaN(value)).map(({ name, value }) => ({ group, name, value })),
  );
  const height = AROUND.marginTop + AROUND.marginBottom + groups.length * (names.length * BAR + BETWEEN);
  return plotSvg({
    width: WIDTH,
    height,
    ...AROUND,
    x: { label, domain: [0, 1], grid: true },
    y: { axis: null, domain: names, padding: 0.1 },
    fy: { label: null, domain: groups.map(({ name }) => name), padding: BETWEEN / (names.length * BAR + BETWEEN) },
    color: { scheme: "tableau10", domain: names },
    marks: [
      Plot.axisFy({ anchor: "left", label: null }),
      Plot.barX(rows, { fy: "group", y: "name", x: "value", fill: "name" }),
      Plot.text(rows, {
        fy: "group",
        y: "name",
        x: "value",
        text: ({ name, value }: (typeof rows)[number]) => `${name} ${value.toFixed(3)}`,
        textAnchor: "start",
        dx: 4,
        fontSize: 11,
      }),
    ],
  });
}
