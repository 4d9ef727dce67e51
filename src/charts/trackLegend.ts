/** @file Names of objects beside a chart, each with a dot in its colour. */
import * as Plot from "@observablehq/plot";

/** The largest number of names shown. */
const MOST = 20;
/** Pixels between lines. */
const LINE = 16;

/** Width of the margin that the legend stands in, pixels. */
export const LEGEND_WIDTH = 150;

/** Marks for the right margin of a chart; names beyond `MOST` are only counted. */
export function legendMarks(objects: readonly { readonly name: string; readonly colour: string }[]): Plot.Markish[] {
  const rows = objects.length <= MOST ? objects : objects.slice(0, MOST - 1);
  const more = objects.length - rows.length;
  return [
    ...rows.flatMap(({ name, colour }, row) => [
      Plot.dot([name], { ...anchored(row), dx: 16, fill: colour, r: 4 }),
      Plot.text([shortened(name)], { ...anchored(row), dx: 26, textAnchor: "start" }),
    ]),
    ...(more > 0 ? [Plot.text([`and ${more} more`], { ...anchored(rows.length), dx: 26, textAnchor: "start" })] : []),
  ];
}

/** Where a line of the legend stands. */
const anchored = (row: number) => ({ frameAnchor: "top-right", lineAnchor: "middle", dy: 8 + LINE * row }) as const;

/** @returns the name, cut to fit. */
function shortened(name: string): string {
  const characters = Array.from(name);
  return characters.length <= 18 ? name : `${characters.slice(0, 17).join("")}…`;
}
