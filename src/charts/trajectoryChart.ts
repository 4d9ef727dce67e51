/** @file Paths of objects in the coordinates of their frames. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "./plot.ts";
import { legendMarks, legendWidth } from "./trackLegend.ts";

/** An object's path. */
export interface Path {
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
  /** Pixels of the frame, in order of time; null where the object was not visible. */
  readonly points: readonly ({ readonly x: number; readonly y: number } | null)[];
}

/** What is drawn beneath the paths. */
export interface TrajectoryOptions {
  /** Of the frame, pixels. */
  readonly width: number;
  readonly height: number;
  /** A picture of the frame as a data URI. */
  readonly ground?: string;
}

/** Sizes in pixels: the longer side of the frame's area, and the margins around it. */
const LONG_SIDE = 720;
const MARGIN = { left: 45, top: 30, bottom: 40 };

/** An SVG document: a ring where each path starts, a disc where it ends. */
export function trajectoryChart(paths: readonly Path[], { width, height, ground }: TrajectoryOptions): string {
  const scale = LONG_SIDE / Math.max(width, height);
  const area = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const rows = paths.flatMap(({ name, colour, points }) =>
    points.map((point) => ({ x: point?.x ?? Number.NaN, y: point?.y ?? Number.NaN, name, colour })),
  );
  const ends = (at: 0 | -1) =>
    paths.flatMap(({ points, colour }) => {
      const point = points.filter((one) => one !== null).at(at);
      return point === undefined ? [] : [{ ...point, colour }];
    });
  const edge = ground === undefined ? "white" : "black";
  const line = { x: "x", y: "y", z: "name", strokeLinejoin: "round" } as const;
  return plotSvg({
    width: MARGIN.left + area.width + legendWidth(paths),
    height: MARGIN.top + area.height + MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginRight: legendWidth(paths),
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: [0, width], label: "x, px", labelAnchor: "center" },
    y: { domain: [height, 0], label: "y, px" },
    marks: [
      ...(ground === undefined ? [] : [groundMark(ground, { width, height }, area)]),
      Plot.frame({ stroke: "#999" }),
      Plot.line(rows, { ...line, stroke: edge, strokeWidth: 4, strokeOpacity: 0.6 }),
      Plot.line(rows, { ...line, stroke: "colour", strokeWidth: 2 }),
      Plot.dot(ends(0), { x: "x", y: "y", stroke: "colour", fill: edge, r: 4, strokeWidth: 2 }),
      Plot.dot(ends(-1), { x: "x", y: "y", fill: "colour", stroke: edge, r: 5 }),
      Plot.text(["○ start   ● end"], { frameAnchor: "top-left", dy: -16, textAnchor: "start" }),
      ...legendMarks(paths),
    ],
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function groundMark(src: string, frame: Size, area: Size): Plot.Markish {
  const middle = { x: () => frame.width / 2, y: () => frame.height / 2 };
  return Plot.image([src], { ...middle, src: (uri: string) => uri, ...area, preserveAspectRatio: "none" });
}
