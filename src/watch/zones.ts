/**
 * @file `zones.json`: the lines and areas of a picture that are watched, and what is told of them. Read strictly: a key
 * that nobody knows is a mistake, not a wish.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { FrameSize } from "../annotations/point.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { schemaIssue } from "../core/schemaIssue.ts";
import { parseJson } from "../formats/json.ts";
import type { Point } from "../video/point.ts";
import { crossesItself } from "./geometry.ts";

const place = z.tuple([z.number(), z.number()]);
const name = z.string().min(1);
/** Only things of this class; default: all. */
const ofClass = z.string().exactOptional();
/** A change that is taken back within this time has not happened. */
const debounceSec = z.number().min(0).default(0.5);

const lineSchema = z.strictObject({
  name,
  /** Pixels. Whoever goes from `from` to `to` has at his right where `forward` leads to. */
  from: place,
  to: place,
  /** What crossing from left to right is called, and the other way. */
  forward: name.default("forward"),
  backward: name.default("backward"),
  class: ofClass,
  debounceSec,
  /** A thing has crossed only when it is this far beyond the line; default: a tenth of its shorter side, at least 2. */
  marginPx: z.number().min(0).exactOptional(),
});

const areaSchema = z.strictObject({
  name,
  /** Corners, pixels. */
  corners: z.array(place).min(3),
  class: ofClass,
  debounceSec,
  /** Tells of a thing that stays this long. */
  dwellSec: z.number().gt(0).exactOptional(),
  /** Tells when nothing came in for this long. */
  idleSec: z.number().gt(0).exactOptional(),
  /** Tells when more, or fewer, things than these are inside. */
  most: z.int().min(0).exactOptional(),
  least: z.int().min(1).exactOptional(),
  /** Tells of a thing inside that is slower than this for so long. */
  stop: z.strictObject({ slowerThanPxPerSec: z.number().gt(0), sec: z.number().min(0) }).exactOptional(),
  /** Tells of a thing inside that is faster. */
  fasterThanPxPerSec: z.number().gt(0).exactOptional(),
});

const orderSchema = z.strictObject({
  name,
  /** Zones by name: what reaches the first must reach the second within this time. */
  first: name,
  next: name,
  withinSec: z.number().gt(0),
});

const distanceSchema = z.strictObject({
  name,
  /** Tells of two things that are closer to each other. */
  closerThanPx: z.number().gt(0),
  class: ofClass,
  debounceSec,
});

const zonesSchema = z.strictObject({
  /** Of the frames that the zones were drawn on; default: not checked. */
  size: z.strictObject({ width: z.int().min(1), height: z.int().min(1) }).exactOptional(),
  /** The place of a thing: the centre of its box, or the middle of its lower edge. */
  anchor: z.enum(["centre", "foot"]).default("centre"),
  /** Length of the intervals in which things are counted. */
  intervalSec: z.number().gt(0).default(60),
  /** What was not seen for this long is gone. */
  lostSec: z.number().gt(0).default(5),
  lines: z.array(lineSchema).default([]),
  areas: z.array(areaSchema).default([]),
  orders: z.array(orderSchema).default([]),
  distances: z.array(distanceSchema).default([]),
});

/** The contents of `zones.json`, with defaults. */
export type Zones = z.output<typeof zonesSchema>;
/** The contents as they are written: what has a default may be left out. */
export type ZonesInput = z.input<typeof zonesSchema>;
export type Line = Zones["lines"][number];
export type Area = Zones["areas"][number];
export type Order = Zones["orders"][number];
export type Distance = Zones["distances"][number];

/** A place of the file as a point. */
export const pointAt = ([x, y]: readonly [number, number]): Point => ({ x, y });

/** Names of all keys, for messages. */
const EXAMPLE: ZonesInput = {
  size: { width: 640, height: 360 },
  anchor: "centre",
  intervalSec: 60,
  lostSec: 5,
  lines: [
    { name: "gate", from: [0, 0], to: [0, 9], forward: "in", backward: "out", debounceSec: 0, marginPx: 0, class: "" },
  ],
  areas: [
    {
      name: "desk",
      corners: [],
      class: "",
      debounceSec: 0,
      dwellSec: 1,
      idleSec: 1,
      most: 1,
      least: 1,
      stop: { slowerThanPxPerSec: 1, sec: 1 },
      fasterThanPxPerSec: 1,
    },
  ],
  orders: [{ name: "", first: "", next: "", withinSec: 1 }],
  distances: [{ name: "", closerThanPx: 1, class: "", debounceSec: 0 }],
};

/** Checks zones. @param where named in messages. @throws UserError `zones/invalid`, `zones/shape` */
export function parseZones(given: unknown, where = "the zones"): Zones {
  const parsed = zonesSchema.safeParse(given);
  if (!parsed.success) throw new UserError("zones/invalid", schemaIssue(where, parsed.error.issues[0], given, EXAMPLE));
  requireSound(parsed.data, where);
  return parsed.data;
}

/** Reads a file. @throws UserError `zones/unreadable`, `json/invalid`, `zones/invalid`, `zones/shape` */
export async function readZones(path: string): Promise<Zones> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UserError(
      "zones/unreadable",
      { what: `cannot read ${path}: ${messageOf(error)}`, todo: "check the path" },
      error,
    );
  });
  return parseZones(parseJson(text, path), path);
}

function requireSound({ lines, areas, orders, distances, size }: Zones, where: string): void {
  const refuse = (what: string, expected: string): never => {
    throw new UserError("zones/shape", { what: `${where}: ${what}`, expected });
  };
  const zones = [...lines, ...areas].map((zone) => zone.name);
  const names = [...zones, ...[...orders, ...distances].map((rule) => rule.name)];
  if (names.length === 0) refuse("no zone", "at least one line, area or distance");
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) refuse(`two zones are called "${twice}"`, "a name of its own for each");
  for (const line of lines)
    if (line.from[0] === line.to[0] && line.from[1] === line.to[1])
      refuse(`the line "${line.name}" has no length`, "two different ends");
  for (const area of areas)
    if (crossesItself(area.corners.map(pointAt)))
      refuse(`the area "${area.name}" crosses itself`, "corners in order around it");
  for (const order of orders)
    for (const zone of [order.first, order.next])
      if (!zones.includes(zone)) refuse(`"${order.name}" names "${zone}"`, `one of ${zones.join(", ") || "the zones"}`);
  if (size !== undefined) requireWithin({ lines, areas }, size, refuse);
}

function requireWithin(
  { lines, areas }: Pick<Zones, "lines" | "areas">,
  { width, height }: FrameSize,
  refuse: (what: string, expected: string) => void,
): void {
  const places = [...lines.map(({ from, to, ...line }) => ({ ...line, corners: [from, to] })), ...areas];
  for (const zone of places) {
    const isIn = zone.corners.some(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
    if (!isIn) refuse(`"${zone.name}" lies outside the frame`, `a corner within ${width}x${height}`);
  }
}

/** Refuses zones that were drawn on other frames, or lie outside these. @throws UserError `zones/size`, `zones/shape` */
export function requireFit(zones: Zones, size: FrameSize, where: string): void {
  const { size: drawn } = zones;
  if (drawn !== undefined && (drawn.width !== size.width || drawn.height !== size.height))
    throw new UserError("zones/size", {
      what: `${where} was drawn on frames of another size`,
      got: `${drawn.width}x${drawn.height}`,
      expected: `${size.width}x${size.height}, as the clip`,
      todo: "draw the zones on a frame of this clip: tsumugi snapshot CLIP --out frame.png",
    });
  requireWithin(zones, size, (what, expected) => {
    throw new UserError("zones/shape", { what: `${where}: ${what}`, expected });
  });
}
