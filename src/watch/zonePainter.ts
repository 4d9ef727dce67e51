/** @file Frames with their zones, what is counted at them, and the things that are watched. */
import { filled, type Region } from "../annotations/region.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { drawText, TEXT_HEIGHT, textWidth } from "../video/drawing/bitmapFont.ts";
import { BLACK, drawSegment, mix, shade, WHITE } from "../video/drawing/ink.ts";
import { LabelPlaces } from "../video/drawing/labelPlaces.ts";
import type { Colour } from "../video/drawing/marks.ts";
import { drawOverlay } from "../video/drawing/overlay.ts";
import { type DrawnPoint, drawTracks, pointLabel } from "../video/drawing/trackOverlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { Point } from "../video/point.ts";
import { ALARMS, isDoubtful, type WatchEvent } from "./event.ts";
import type { WatchedFrame } from "./sighting.ts";
import { pointAt, type Zones } from "./zones.ts";

/** How long a zone is bright after something happened there, and how long trails are, seconds. */
const FLASH_SEC = 0.6;
const TRAIL_SEC = 1;

/** One for each zone, in turn; CSS and bytes. */
const COLOURS: readonly Colour[] = [
  [255, 196, 0],
  [64, 196, 255],
  [255, 112, 176],
  [132, 224, 96],
  [196, 148, 255],
  [255, 140, 72],
];
const ALARM: Colour = [255, 64, 48];

/** The colour of a zone by its place in the file, lines before areas. */
export const zoneColour = (index: number): Colour => COLOURS[index % COLOURS.length];

/** Draws frames in order. */
export class ZonePainter {
  private readonly zones: Zones;
  private readonly places = new LabelPlaces();
  private readonly trails = new Map<string, (DrawnPoint & { readonly timeSec: number })[]>();
  private readonly labels = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  private readonly regions = new Map<string, Region | undefined>();
  private readonly flashes = new Map<string, { readonly until: number; readonly colour: Colour }>();

  constructor(zones: Zones) {
    this.zones = zones;
  }

  /**
   * @param mask of the frame, where there is one. @param events told in this frame. @param occupancy by area.
   * @returns `[H, W, 3]` uint8
   */
  paint(
    picture: RgbPicture,
    { timeSec, sightings }: Pick<WatchedFrame, "timeSec" | "sightings">,
    told: {
      readonly mask: LabelMap | undefined;
      readonly events: readonly WatchEvent[];
      readonly occupancy: ReadonlyMap<string, number>;
    },
  ): Uint8Array {
    const { width, height } = picture;
    const data = told.mask === undefined ? picture.data.slice() : drawOverlay(picture, told.mask);
    const canvas = { width, height, data };
    for (const event of told.events) this.note(event, timeSec);
    this.drawZones(canvas, timeSec);
    this.drawThings(canvas, { timeSec, sightings });
    this.drawBoard(canvas, timeSec, told.occupancy);
    return data;
  }

  private note(event: WatchEvent, timeSec: number): void {
    const key = countKey(event);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    const colour = ALARMS.has(event.kind) || isDoubtful(event) ? ALARM : WHITE;
    this.flashes.set(event.zone, { until: timeSec + FLASH_SEC, colour });
  }

  private colourOf(zone: string, index: number, timeSec: number): Colour {
    const flash = this.flashes.get(zone);
    return flash !== undefined && timeSec < flash.until ? flash.colour : zoneColour(index);
  }

  private drawZones(canvas: RgbPicture, timeSec: number): void {
    const { lines, areas } = this.zones;
    for (const [i, area] of areas.entries()) {
      const corners = area.corners.map(pointAt);
      // The same in every frame.
      if (!this.regions.has(area.name)) this.regions.set(area.name, filled([corners], canvas));
      drawArea(canvas, corners, this.regions.get(area.name), this.colourOf(area.name, lines.length + i, timeSec));
    }
    for (const [i, line] of lines.entries())
      drawLine(canvas, pointAt(line.from), pointAt(line.to), this.colourOf(line.name, i, timeSec));
  }

  private drawThings(canvas: RgbPicture, { timeSec, sightings }: Pick<WatchedFrame, "timeSec" | "sightings">): void {
    const seen = new Set(sightings.map(({ name }) => name));
    for (const name of this.trails.keys()) if (!seen.has(name)) this.trails.delete(name);
    const tracks = sightings.map(({ name, x, y, confidence }) => {
      const trail = (this.trails.get(name) ?? []).filter((one) => one.timeSec >= timeSec - TRAIL_SEC);
      trail.push({ x, y, visible: true, timeSec });
      this.trails.set(name, trail);
      const doubtful = isDoubtful({ timeSec, frame: 0, confidence });
      const text = doubtful ? `${name} ${Math.round(100 * confidence)}%` : name;
      return { key: name, label: this.labelOf(name), trail, box: null, doubtful, text };
    });
    drawTracks(canvas, tracks, this.places);
  }

  /** A mask's own colour where the name is its id. */
  private labelOf(name: string): number {
    const number = Number(name);
    const label = this.labels.get(name) ?? (number >= 1 && number <= 254 ? number : pointLabel(this.labels.size));
    this.labels.set(name, label);
    return label;
  }

  /** The counts of all zones, in the upper left corner. */
  private drawBoard(canvas: RgbPicture, timeSec: number, occupancy: ReadonlyMap<string, number>): void {
    const dot = dotOf(canvas);
    const rows = this.rows(occupancy);
    const width = Math.max(...rows.map(({ text }) => textWidth(text))) + TEXT_HEIGHT + 9;
    const step = TEXT_HEIGHT + 3;
    shade(canvas, [0, 0, width * dot, (rows.length * step + 4) * dot], BLACK, 0.65);
    for (const [i, { zone, text, index }] of rows.entries()) {
      const top = (3 + i * step) * dot;
      const side = (TEXT_HEIGHT - 1) * dot;
      shade(canvas, [3 * dot, top, side, side], this.colourOf(zone, index, timeSec), 1);
      drawText(canvas, text, { x: (TEXT_HEIGHT + 5) * dot, y: top }, dot, WHITE);
    }
  }

  private rows(occupancy: ReadonlyMap<string, number>) {
    const { lines, areas } = this.zones;
    const count = (zone: string, what: string): number => this.counts.get(`${zone}\n${what}`) ?? 0;
    return [
      ...lines.map(({ name, forward, backward }, index) => ({
        zone: name,
        index,
        text: `${name}: ${forward} ${count(name, forward)}, ${backward} ${count(name, backward)}`,
      })),
      ...areas.map(({ name }, i) => ({
        zone: name,
        index: lines.length + i,
        text: `${name}: inside ${occupancy.get(name) ?? 0}, came ${count(name, "enter") + count(name, "appear")}`,
      })),
    ];
  }
}

const countKey = ({ zone, direction, kind }: WatchEvent): string => `${zone}\n${direction ?? kind}`;

const dotOf = ({ width, height }: RgbPicture): number => Math.max(1, Math.round(Math.min(width, height) / 220));

const AREA_TINT = 0.16;

function drawArea(canvas: RgbPicture, corners: readonly Point[], region: Region | undefined, colour: Colour): void {
  if (region !== undefined) tint(canvas, region, colour);
  for (const [i, from] of corners.entries()) stroke(canvas, from, corners[(i + 1) % corners.length], colour, 0.8);
}

function tint(canvas: RgbPicture, { x, y, width, data }: Region, colour: Colour): void {
  for (const [i, inside] of data.entries())
    if (inside === 1)
      mix(canvas.data, 3 * ((y + Math.floor(i / width)) * canvas.width + x + (i % width)), colour, AREA_TINT);
}

/** A line, and an arrow across its middle to the side that is forward. */
function drawLine(canvas: RgbPicture, from: Point, to: Point, colour: Colour): void {
  stroke(canvas, from, to, colour, 1.3);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ax, ay] = [(to.x - from.x) / length, (to.y - from.y) / length];
  // At the right of the way from one end to the other, y down.
  const [nx, ny] = [-ay, ax];
  const size = 7 * dotOf(canvas);
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const tip = { x: middle.x + 2 * size * nx, y: middle.y + 2 * size * ny };
  stroke(canvas, middle, tip, colour, 1);
  for (const side of [-1, 1]) {
    const end = { x: tip.x - 0.7 * size * (nx + side * ax), y: tip.y - 0.7 * size * (ny + side * ay) };
    stroke(canvas, tip, end, colour, 1);
  }
}

function stroke(canvas: RgbPicture, from: Point, to: Point, colour: Colour, thickness: number): void {
  const dot = dotOf(canvas);
  drawSegment(canvas, from, to, { colour, radius: thickness * dot, edge: 0.6 * dot, opacity: 1 });
}
