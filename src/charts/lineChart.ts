/** @file Curves as SVG, drawn by Observable Plot without a browser, and as PNG for those who would rather click. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import sharp from "sharp";
import { writeFileAtomic } from "../core/files.ts";

/** One curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Labels and axes of a chart. */
export interface ChartOptions {
  readonly title?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Logarithmic x axis. */
  readonly logX?: boolean;
  /** Logarithmic y axis. */
  readonly logY?: boolean;
  /** Limits of the y axis. */
  readonly yDomain?: readonly [number, number];
  /** Dots on the points. */
  readonly dots?: boolean;
  /** Pixels; default 720 × 360. */
  readonly width?: number;
  readonly height?: number;
}

const MARGIN = 50;

/** A line chart as an SVG document. */
export function lineChart(series: readonly Series[], options: ChartOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  const rows = series.flatMap(({ name, points }) => points.map(({ x, y }) => ({ x, y, series: name })));
  const channels = { x: "x", y: "y", stroke: "series" } as const;
  const figure = Plot.plot({
    document,
    width: options.width ?? 720,
    height: options.height ?? 360,
    marginLeft: MARGIN,
    marginRight: 24,
    style: { background: "white", color: "black", fontFamily: "sans-serif", fontSize: "12px" },
    x: { label: options.xLabel, grid: true, type: options.logX === true ? "log" : "linear" },
    y: {
      label: options.yLabel,
      grid: true,
      type: options.logY === true ? "log" : "linear",
      ...(options.yDomain === undefined ? {} : { domain: [...options.yDomain] }),
    },
    color: { domain: series.map(({ name }) => name), scheme: "tableau10" },
    marks: [
      Plot.line(rows, { ...channels, strokeWidth: 1.8 }),
      ...(options.dots === true ? [Plot.dot(rows, { ...channels, fill: "series", r: 3 })] : []),
      ...seriesNames(series),
    ],
    ...(options.title === undefined ? {} : { caption: options.title }),
  });
  const svg = figure.tagName.toLowerCase() === "svg" ? figure : figure.querySelector("svg");
  const text = String(svg?.outerHTML ?? "");
  return text.includes("xmlns=") ? text : text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** The name of each curve at its last point, when there are several. */
function seriesNames(series: readonly Series[]): Plot.Markish[] {
  if (series.length < 2) return [];
  const ends = series.flatMap(({ name, points }) => points.slice(-1).map(({ x, y }) => ({ x, y, series: name })));
  return [
    Plot.text(ends, { x: "x", y: "y", text: "series", fill: "series", textAnchor: "end", dy: -8, fontWeight: "bold" }),
  ];
}

/** Writes `PATH.svg` and `PATH.png` (2× size). */
export async function writeChart(path: string, svg: string): Promise<void> {
  await writeFileAtomic(`${path}.svg`, svg);
  await writeFileAtomic(`${path}.png`, await sharp(Buffer.from(svg), { density: 144 }).png().toBuffer());
}
