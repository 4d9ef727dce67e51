/** @file Speed over time, a curve for each object with its name at its end. */
import * as Plot from "@observablehq/plot";
import { curveStyle } from "./curveColours.ts";
import { type EndLabel, LABEL_HEIGHT, labelMargin, placeEndLabels, shortened } from "./endLabels.ts";
import { plotSvg } from "./plot.ts";

/** An object's speed. */
export interface SpeedCurve {
  readonly name: string;
  /** Seconds and speed, in order of time; speed is null where it is not known. */
  readonly points: readonly { readonly timeSec: number; readonly speed: number | null }[];
}

interface Moment {
  readonly timeSec: number;
  readonly speed: number;
}

/** Pixels. */
const AREA = { width: 820, height: 340 };
const MARGIN = { left: 50, top: 30, bottom: 40 };

/** Shorter pieces of a curve are not drawn: they say nothing and look like dirt. */
const LEAST_MOMENTS = 3;

/** An SVG document. Pieces of fewer than three values are left out. @param unit of the speeds. */
export function speedChart(curves: readonly SpeedCurve[], unit: string): string {
  const drawn = curves.map(({ name, points }, i) => ({ name, ...curveStyle(i), pieces: piecesOf(points) }));
  const named = drawn.filter(({ pieces }) => pieces.length > 0);
  const domain = domainOf(
    curves.flatMap(({ points }) => points.map(({ timeSec }) => timeSec)),
    named.flatMap(({ pieces }) => pieces.flat().map(({ speed }) => speed)),
  );
  const area = { ...AREA, height: Math.max(AREA.height, LABEL_HEIGHT * (named.length + 1)) };
  const labels = labelsOf(named, domain, area);
  return plotSvg({
    width: MARGIN.left + area.width + labelMargin(named.map(({ name }) => name)),
    height: MARGIN.top + area.height + MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginRight: labelMargin(named.map(({ name }) => name)),
    x: { label: "time, s", labelAnchor: "center", grid: true, domain: domain.time },
    y: { label: `speed, ${unit}`, grid: true, domain: domain.speed },
    marks: [
      Plot.ruleY([0]),
      ...named.flatMap(({ pieces, colour, dash }) =>
        pieces.map((piece) =>
          Plot.line(piece, { x: "timeSec", y: "speed", stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
        ),
      ),
      ...named.flatMap(({ name, colour }) => labelMarks(labels.get(name), colour)),
    ],
  });
}

/** Pieces without a gap that are long enough. */
function piecesOf(points: SpeedCurve["points"]): Moment[][] {
  const pieces: Moment[][] = [[]];
  for (const { timeSec, speed } of points) {
    if (speed === null) pieces.push([]);
    else pieces[pieces.length - 1].push({ timeSec, speed });
  }
  return pieces.filter(({ length }) => length >= LEAST_MOMENTS);
}

interface Domain {
  readonly time: readonly [number, number];
  readonly speed: readonly [number, number];
}

function domainOf(times: readonly number[], speeds: readonly number[]): Domain {
  const least = times.reduce((a, b) => Math.min(a, b), Infinity);
  const most = times.reduce((a, b) => Math.max(a, b), -Infinity);
  const fastest = speeds.reduce((a, b) => Math.max(a, b), 0);
  return { time: times.length > 0 ? [least, most] : [0, 1], speed: [0, fastest > 0 ? 1.03 * fastest : 1] };
}

interface Named {
  readonly name: string;
  readonly pieces: readonly (readonly Moment[])[];
}

/** By name, in pixels of the document. */
function labelsOf(
  curves: readonly Named[],
  { time, speed }: Domain,
  { width, height }: typeof AREA,
): Map<string, EndLabel> {
  const ends = curves.map(({ name, pieces }) => {
    const last = pieces[pieces.length - 1].at(-1) ?? { timeSec: 0, speed: 0 };
    const x = MARGIN.left + (width * (last.timeSec - time[0])) / Math.max(Number.EPSILON, time[1] - time[0]);
    return { name, x, y: MARGIN.top + height * (1 - last.speed / speed[1]) };
  });
  const range = [MARGIN.top + LABEL_HEIGHT / 2, MARGIN.top + height - LABEL_HEIGHT / 2] as const;
  return new Map(placeEndLabels(ends, range).map((label) => [label.name, label]));
}

/** A name, and a thin line to it where it had to move. */
function labelMarks(label: EndLabel | undefined, colour: string): Plot.Markish[] {
  if (label === undefined) return [];
  const { name, x, y, left, middle } = label;
  const at = { frameAnchor: "top-left", lineAnchor: "middle", textAnchor: "start" } as const;
  const place = { dx: left - MARGIN.left, dy: middle - MARGIN.top };
  const text = Plot.text([shortened(name)], { ...at, ...place, fill: colour, stroke: "white", strokeWidth: 4 });
  if (Math.abs(middle - y) < LABEL_HEIGHT / 2) return [text];
  return [leader([x, y, left, middle], colour), text];
}

/** A line in pixels of the document. */
function leader([x, y, left, middle]: readonly [number, number, number, number], colour: string): Plot.Markish {
  return (_index, _scales, _channels, _dimensions, context) => {
    const line = context.document.createElementNS("http://www.w3.org/2000/svg", "line");
    const ends = { x1: x + 1, y1: y, x2: left - 1, y2: middle };
    for (const [key, value] of Object.entries(ends)) line.setAttribute(key, value.toFixed(1));
    line.setAttribute("stroke", colour);
    line.setAttribute("stroke-opacity", "0.5");
    return line;
  };
}
