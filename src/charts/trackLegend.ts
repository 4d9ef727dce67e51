/** @file Names of objects beside a chart, each with a dot in its colour. */
import * as Plot from "@observablehq/plot";
import { labelWidth, shortened } from "./endLabels.ts";

/** The largest number of names shown. */
const MOST = 20;
/** Pixels between lines. */
const LINE = 16;
/** Pixels from the chart to the dots, and to the names. */
const AWAY = { dot: 16, name: 26 };

interface Named {
  readonly name: string;
}

/** Width of the margin that the legend stands in, pixels: as wide as its names. */
export function legendWidth(objects: readonly Named[]): number {
  return AWAY.name + Math.max(0, ...linesOf(objects).map(labelWidth)) + 4;
}

/** Marks for the right margin of a chart; names beyond `MOST` are only counted. */
export function legendMarks(objects: readonly (Named & { readonly colour: string })[]): Plot.Markish[] {
  return linesOf(objects).flatMap((text, row) => [
    ...(isCounted(objects, row)
      ? []
      : [Plot.dot([text], { ...anchored(row), dx: AWAY.dot, fill: objects[row].colour, r: 4 })]),
    Plot.text([shortened(text)], { ...anchored(row), dx: AWAY.name, textAnchor: "start" }),
  ]);
}

const isCounted = ({ length }: readonly Named[], row: number): boolean => length > MOST && row === MOST - 1;

function linesOf(objects: readonly Named[]): string[] {
  const names = objects.map(({ name }) => name);
  return names.length <= MOST ? names : [...names.slice(0, MOST - 1), `and ${names.length - MOST + 1} more`];
}

/** Where a line of the legend stands. */
const anchored = (row: number) => ({ frameAnchor: "top-right", lineAnchor: "middle", dy: 8 + LINE * row }) as const;
