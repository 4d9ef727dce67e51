/**
 * @file Pictures of a whole clip, drawn at its end: trajectories, speed over time, and where objects spent their time.
 */
import { join } from "node:path";
import sharp from "sharp";
import { writeChart } from "../charts/lineChart.ts";
import { speedChart } from "../charts/speedChart.ts";
import { trajectoryChart } from "../charts/trajectoryChart.ts";
import { writeFileAtomic } from "../core/files.ts";
import { jpegUri } from "../core/html.ts";
import { drawText, TEXT_HEIGHT, textWidth } from "../video/drawing/bitmapFont.ts";
import { drawHeat, heatColour } from "../video/drawing/heatMap.ts";
import { BLACK, shade, WHITE } from "../video/drawing/ink.ts";
import type { Colour } from "../video/drawing/marks.ts";
import { davisPalette } from "../video/masks/maskBytes.ts";
import type { RgbPicture } from "../video/picture.ts";
import { encodePng } from "../video/writing/png.ts";
import { inkOf } from "../video/drawing/trackOverlay.ts";
import type { HeatGrid } from "./heatGrid.ts";
import type { ObjectPath } from "./pathLog.ts";
import { CLIP_PICTURES } from "./pictureNames.ts";

/** What was collected over the clip. */
export interface ClipPictures {
  /** The first frame. */
  readonly first: RgbPicture;
  readonly paths: readonly ObjectPath[];
  readonly heat: HeatGrid;
  /** Null = speeds in px/s. */
  readonly mmPerPx: number | null;
}

/** Writes the pictures into a folder. @returns their paths. @throws UserError `file/write` */
export async function writeClipPictures(out: string, { first, paths, heat, mmPerPx }: ClipPictures): Promise<string[]> {
  const { width, height } = first;
  const plain = trajectoryChart(paths.map(coloured(paletteColour)), { width, height });
  const ground = await dimmed(first);
  const over = trajectoryChart(paths.map(coloured(inkOf)), { width, height, ground });
  await writeChart(join(out, "trajectories"), plain, over);
  await writeChart(join(out, "speed"), speedCurves(paths, mmPerPx));
  await writeFileAtomic(join(out, "heatmap.png"), await encodePng(await heatPicture(first, heat)));
  return CLIP_PICTURES.map((name) => join(out, name));
}

const paletteColour = (label: number): Colour => [
  davisPalette[3 * label],
  davisPalette[3 * label + 1],
  davisPalette[3 * label + 2],
];

const css = (colour: Colour): string => `rgb(${colour.join(",")})`;

const coloured =
  (colourOf: (label: number) => Colour) =>
  ({ name, label, samples }: ObjectPath) => {
    const points = samples.map(({ place }) => (place === null ? null : { x: place[0], y: place[1] }));
    return { name, colour: css(colourOf(label)), points };
  };

function speedCurves(paths: readonly ObjectPath[], mmPerPx: number | null): string {
  const curves = paths.map(({ name, samples }) => ({
    name,
    points: samples.map(({ timeSec, speed }) => ({
      timeSec,
      speed: speed === null ? null : speed * (mmPerPx ?? 1),
    })),
  }));
  return speedChart(curves, mmPerPx === null ? "px/s" : "mm/s");
}

/** Width of the picture beneath the trajectories, pixels: twice that of its area in the chart. */
const GROUND_WIDTH = 1440;

/** The picture, darker and greyer, as a data URI. */
async function dimmed({ width, height, data }: RgbPicture): Promise<string> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: Math.min(width, GROUND_WIDTH) })
    .modulate({ saturation: 0.5 })
    .linear(0.6)
    .jpeg({ quality: 85 })
    .toBuffer();
  return jpegUri(jpeg);
}

/** The longer side of the heat map, pixels: small clips are enlarged, large ones made smaller. */
const HEAT_SIDE = { least: 1280, most: 1920 };

/** The grid's times drawn over the first frame, with a colour scale in the lower left corner. */
async function heatPicture(first: RgbPicture, heat: HeatGrid): Promise<RgbPicture> {
  const side = Math.max(first.width, first.height);
  const ratio = Math.min(HEAT_SIDE.most, Math.max(HEAT_SIDE.least, side)) / side;
  const cells = heat.values();
  const extent = { width: ratio * cells.extent.width, height: ratio * cells.extent.height };
  const picture = drawHeat(await scaled(first, ratio), { ...cells, extent });
  const dot = Math.max(1, Math.round(Math.min(picture.width, picture.height) / 300));
  drawScale(picture, `${heat.mostSeconds.toPrecision(2)} s`, dot);
  return picture;
}

async function scaled(picture: RgbPicture, ratio: number): Promise<RgbPicture> {
  const [width, height] = [Math.round(ratio * picture.width), Math.round(ratio * picture.height)];
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const data = await sharp(picture.data, { raw }).resize({ width, height, fit: "fill" }).raw().toBuffer();
  return { width, height, data: new Uint8Array(data) };
}

/** Width of the colour scale, in dots. */
const RAMP_WIDTH = 48;

function drawScale(picture: RgbPicture, most: string, dot: number): void {
  const least = "0 s";
  const left = (textWidth(least) + 4) * dot;
  const plate = [(textWidth(least) + RAMP_WIDTH + textWidth(most) + 10) * dot, (TEXT_HEIGHT + 4) * dot] as const;
  const top = picture.height - plate[1];
  shade(picture, [0, top, ...plate], BLACK, 0.7);
  drawText(picture, least, { x: 2 * dot, y: top + 3 * dot }, dot, WHITE);
  for (let i = 0; i < RAMP_WIDTH; i++) {
    const colour = heatColour(i / (RAMP_WIDTH - 1));
    shade(picture, [left + (i + 1) * dot, top + 2 * dot, dot, TEXT_HEIGHT * dot], colour, 1);
  }
  drawText(picture, most, { x: left + (RAMP_WIDTH + 4) * dot, y: top + 3 * dot }, dot, WHITE);
}
