/** @file Curves as SVG and, for viewers without SVG, as PNG. */
import * as Plot from "@observablehq/plot";
import sharp from "sharp";
import { writeFileAtomic } from "../core/files.ts";
import { plotSvg } from "./plot.ts";

/** One curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Drawn faintly, behind a curve that summarises it. */
  readonly faint?: boolean;
}

/** Labels of a chart. */
export interface ChartOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Dots on the points. */
  readonly dots?: boolean;
}

/** Pixels. */
const SIZE = { width: 720, height: 360, marginLeft: 50, marginRight: 24 };

/** A line chart as an SVG document; with several curves, each that is not faint has its name at its end. */
export function lineChart(series: readonly Series[], { xLabel, yLabel, dots = false }: ChartOptions): string {
  const rows = series.flatMap(({ name, points, faint = false }) =>
    points.map(({ x, y }) => ({ x, y, series: name, opacity: faint ? 0.3 : 1 })),
  );
  const channels = { x: "x", y: "y", z: "series", stroke: "series" } as const;
  const names = { x: "x", y: "y", z: "series", text: "series", fill: "series", textAnchor: "end", dy: -8 } as const;
  return plotSvg({
    ...SIZE,
    x: { label: xLabel, grid: true },
    y: { label: yLabel, grid: true },
    opacity: { type: "identity" },
    color: { domain: series.map(({ name }) => name), scheme: "tableau10" },
    marks: [
      Plot.line(rows, { ...channels, strokeOpacity: "opacity", strokeWidth: 1.8 }),
      ...(dots ? [Plot.dot(rows, { ...channels, fill: "series", r: 3 })] : []),
      ...(series.length > 1
        ? [
            Plot.text(
              rows.filter(({ opacity }) => opacity === 1),
              Plot.selectLast(names),
            ),
          ]
        : []),
    ],
  });
}

/** Writes `PATH.svg` and `PATH.png` (2× size). @param drawn what the PNG shows; default: the same. */
export async function writeChart(path: string, svg: string, drawn = svg): Promise<void> {
  await writeFileAtomic(`${path}.svg`, svg);
  await writeFileAtomic(`${path}.png`, await sharp(Buffer.from(drawn), { density: 144 }).png().toBuffer());
}
