/** @file One picture of what happened: numbers of each zone, counts by interval, who is inside, what to look at. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "../charts/plot.ts";
import { escaped } from "../core/html.ts";
import { type IntervalCount, occupancyOf, type ZoneTotals } from "./counts.ts";
import { ALARMS, type EventKind, isDoubtful, type WatchEvent } from "./event.ts";
import type { Zones } from "./zones.ts";
import { zoneColour } from "./zonePainter.ts";

/** What is shown. */
export interface DashboardData {
  readonly title: string;
  /** In order of time. */
  readonly events: readonly WatchEvent[];
  readonly totals: readonly ZoneTotals[];
  readonly counts: readonly IntervalCount[];
  /** From the first frame to the last, seconds. */
  readonly span: readonly [number, number];
}

const WIDTH = 1200;
const EDGE = 32;
const GAP = 20;
const TILE = { width: 364, height: 150 };
const TILES_ACROSS = 3;
const CHART_HEIGHT = 210;
const LIST_ROW = 24;
const MOST_LISTED = 10;

/** Parts one below the other, each with its height. */
interface Part {
  readonly height: number;
  readonly svg: (top: number) => string;
}

/** An SVG document. */
export function dashboard(data: DashboardData, zones: Zones): string {
  const parts = [
    heading(data),
    ...tileRows(data, zones),
    ...countChart(data, zones),
    ...occupancyChart(data, zones),
    listOf(data),
  ];
  let top = EDGE;
  const drawn = parts.map(({ height, svg }) => {
    const part = svg(top);
    top += height + GAP;
    return part;
  });
  const height = top - GAP + EDGE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif"><rect width="100%" height="100%" fill="#f4f5f7"/>${drawn.join("")}</svg>`;
}

export interface TextStyle {
  readonly size: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: "start" | "end";
}

/** A line of text. */
export function text(
  x: number,
  y: number,
  words: string,
  { size, weight = 400, fill = "#1b1f24", anchor = "start" }: TextStyle,
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** A white plate under something. */
export const card = (x: number, y: number, width: number, height: number): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="white" stroke="#dde1e6"/>`;

/** The zones' colours, darker, since they stand on white here. */
function cssColour(index: number): string {
  const [red, green, blue] = zoneColour(index).map((value) => Math.round(0.8 * value));
  return `rgb(${red},${green},${blue})`;
}

const MUTED = "#5b6470";
const RED = "#c62818";

const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** Seconds as a clock shows them. */
export function clock(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return seconds < 60 ? `${rest.toFixed(1)} s` : `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(rest)}`;
}

function heading({ title, span, events }: DashboardData): Part {
  const doubtful = events.filter(isDoubtful).length;
  const said = `${clock(span[1] - span[0])} watched, ${events.length} events`;
  return {
    height: 56,
    svg: (top) =>
      text(EDGE, top + 26, title, { size: 26, weight: 700 }) +
      text(EDGE, top + 52, said, { size: 16, fill: MUTED }) +
      (doubtful === 0
        ? ""
        : text(WIDTH - EDGE, top + 52, `${doubtful} doubtful`, { size: 16, weight: 700, fill: RED, anchor: "end" })),
  };
}

/** Two large numbers and a line beneath for each line and area. */
function tileRows({ totals }: DashboardData, { lines, areas }: Zones): Part[] {
  const zones = totals.slice(0, lines.length + areas.length);
  const tiles = zones.map((total, i) => ({
    index: i,
    total,
    big: i < lines.length ? crossings(total) : inside(total),
  }));
  const rows = Array.from({ length: Math.ceil(tiles.length / TILES_ACROSS) }, (_, row) =>
    tiles.slice(row * TILES_ACROSS, (row + 1) * TILES_ACROSS),
  );
  return rows.map((row) => ({
    height: TILE.height,
    svg: (top) => row.map((tile, column) => drawTile(tile, EDGE + column * (TILE.width + 22), top)).join(""),
  }));
}

interface Big {
  readonly value: string;
  readonly label: string;
}

interface Tile {
  readonly index: number;
  readonly total: ZoneTotals;
  readonly big: readonly Big[];
}

const crossings = ({ counts }: ZoneTotals): Big[] =>
  Object.entries(counts).map(([label, value]) => ({ value: String(value), label }));

function inside({ occupancy, counts, visits }: ZoneTotals): Big[] {
  const came = (counts["enter"] ?? 0) + (counts["appear"] ?? 0);
  const stay = visits === null || visits.count === 0 ? "–" : clock(visits.meanSec);
  return [
    { value: String(occupancy?.last ?? 0), label: "inside" },
    { value: String(came), label: "came" },
    { value: stay, label: "mean stay" },
  ];
}

function drawTile({ index, total, big }: Tile, x: number, y: number): string {
  const column = (TILE.width - 32) / Math.max(1, big.length);
  const numbers = big.map(({ value, label }, i) => {
    const left = x + 20 + i * column;
    return (
      text(left, y + 98, value, { size: value.length > 4 ? 28 : 42, weight: 700 }) +
      text(left, y + 124, label, { size: 14, fill: MUTED })
    );
  });
  const bar = `<rect x="${x}" y="${y}" width="8" height="${TILE.height}" rx="4" fill="${cssColour(index)}"/>`;
  const right = x + TILE.width - 16;
  const doubt =
    total.doubtful === 0
      ? ""
      : text(right, y + 34, `${total.doubtful} doubtful`, { size: 14, fill: RED, anchor: "end" });
  const most =
    total.occupancy === null
      ? ""
      : text(right, y + 54, `at most ${total.occupancy.most} at once`, { size: 14, fill: MUTED, anchor: "end" });
  return (
    card(x, y, TILE.width, TILE.height) +
    bar +
    text(x + 20, y + 34, total.zone, { size: 18, weight: 700 }) +
    doubt +
    most +
    numbers.join("")
  );
}

/** A chart on a card under a title; nothing without marks. */
function chart(title: string, options: Plot.PlotOptions): Part {
  const height = CHART_HEIGHT + 48;
  return {
    height,
    svg: (top) => {
      const inner = plotSvg({ width: WIDTH - 2 * EDGE - 32, height: CHART_HEIGHT, marginLeft: 44, ...options });
      const placed = inner.replace("<svg ", `<svg x="${EDGE + 16}" y="${top + 40}" `);
      return (
        card(EDGE, top, WIDTH - 2 * EDGE, height) + text(EDGE + 20, top + 30, title, { size: 16, weight: 700 }) + placed
      );
    },
  };
}

/** The zones with their colours, for charts. */
function colourScale(names: readonly string[]): Plot.PlotOptions {
  return { color: { domain: [...names], range: names.map((_, i) => cssColour(i)) } };
}

function countChart({ counts }: DashboardData, { lines, areas, intervalSec }: Zones): Part[] {
  const rows = counts
    .filter(({ kind, count }) => count > 0 && (kind === "cross" || kind === "enter" || kind === "appear"))
    .map((one) => ({ ...one, middle: one.startSec + intervalSec / 2 }));
  if (rows.length === 0) return [];
  const names = [...lines, ...areas].map(({ name }) => name);
  const starts = counts.map(({ startSec }) => startSec);
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  return [
    chart(`What came, every ${clock(intervalSec)}`, {
      ...colourScale(names),
      x: { label: "time, s", domain: [first, last + intervalSec] },
      y: { label: "count", grid: true, tickFormat: "d" },
      marks: [
        Plot.rectY(rows, {
          x1: "startSec",
          x2: (one: (typeof rows)[number]) => one.startSec + intervalSec,
          y: "count",
          fill: "zone",
          inset: 1,
        }),
        Plot.ruleY([0]),
      ],
    }),
  ];
}

function occupancyChart({ events, span }: DashboardData, { lines, areas }: Zones): Part[] {
  if (areas.length === 0) return [];
  const rows = areas.flatMap(({ name }) => {
    const steps = occupancyOf(events.filter(({ zone }) => zone === name));
    const start = { timeSec: span[0], inside: 0 };
    const end = { timeSec: span[1], inside: steps.at(-1)?.inside ?? 0 };
    return [start, ...steps, end].map((step) => ({ ...step, zone: name }));
  });
  return [
    chart("How many are inside", {
      ...colourScale([...lines, ...areas].map(({ name }) => name)),
      x: { label: "time, s", domain: [...span] },
      y: { label: "things", grid: true, tickFormat: "d" },
      marks: [
        Plot.ruleY([0]),
        Plot.lineY(rows, {
          x: "timeSec",
          y: "inside",
          stroke: "zone",
          z: "zone",
          curve: "step-after",
          strokeWidth: 2.5,
        }),
      ],
    }),
  ];
}

/** What somebody should look at: alarms and doubtful events, the latest first. */
function listOf({ events }: DashboardData): Part {
  const listed = events.filter((event) => ALARMS.has(event.kind) || isDoubtful(event)).toReversed();
  const shown = listed.slice(0, MOST_LISTED);
  const more = listed.length - shown.length;
  const title = listed.length === 0 ? "Nothing to look at" : `To look at: ${listed.length}`;
  const height = 48 + shown.length * LIST_ROW + (more > 0 ? LIST_ROW : 0) + (listed.length > 0 ? 12 : 0);
  return {
    height,
    svg: (top) =>
      card(EDGE, top, WIDTH - 2 * EDGE, height) +
      text(EDGE + 20, top + 30, title, { size: 16, weight: 700 }) +
      shown.map((event, i) => listRow(event, top + 58 + i * LIST_ROW)).join("") +
      (more > 0
        ? text(EDGE + 20, top + 58 + shown.length * LIST_ROW, `and ${more} earlier: events.csv`, {
            size: 14,
            fill: MUTED,
          })
        : ""),
  };
}

/** What the kinds are called where people read them. */
const WORDS: Readonly<Partial<Record<EventKind, string>>> = {
  dwell: "stays long",
  stop: "stands still",
  fast: "too fast",
  idle: "nothing came",
  full: "too many",
  short: "too few",
  close: "too close",
  late: "late",
  skipped: "came without first",
  alarm: "alarm",
  silence: "silent",
};

function listRow(event: WatchEvent, y: number): string {
  const { timeSec, frame, zone, object, kind, direction, value, unit, confidence } = event;
  const amount = value === null ? "" : unit === "s" ? clock(value) : `${Number(value.toFixed(1))} ${unit}`;
  const style = { size: 14 };
  return (
    text(EDGE + 20, y, clock(timeSec), style) +
    text(EDGE + 120, y, `frame ${frame}`, { ...style, fill: MUTED }) +
    text(EDGE + 250, y, zone, { ...style, weight: 700 }) +
    text(EDGE + 480, y, direction ?? WORDS[kind] ?? kind, style) +
    text(EDGE + 620, y, object ?? "", style) +
    text(EDGE + 860, y, amount, style) +
    (isDoubtful(event)
      ? text(WIDTH - EDGE - 20, y, `${Math.round(100 * confidence)} % sure`, { ...style, fill: RED, anchor: "end" })
      : "")
  );
}
