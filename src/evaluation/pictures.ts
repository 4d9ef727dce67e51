/**
 * @file Scores and masks to look at: J and F over the frames as an SVG, and a strip of frames with their masks laid over.
 */
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import sharp from "sharp";
import { writeFileAtomic } from "../core/files.ts";
import type { FrameSource } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { davisPalette, readMaskPng } from "../video/maskPng.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { SequenceScore } from "./davis.ts";

/** A sequence that was tracked and scored. */
export interface ScoredSequence {
  readonly name: string;
  readonly source: FrameSource;
  readonly score: SequenceScore;
}

/**
 * Writes `<folder>/<sequence>.svg`, its curves, and `<folder>/<sequence>.png`, a strip of its frames.
 * @param folder holds the masks, `<folder>/<sequence>/<frame>.png`.
 * @throws UserError `file/write`, and those of reading frames and masks.
 */
export async function writePictures(folder: string, { name, source, score }: ScoredSequence): Promise<void> {
  const strip = await contactStrip(source, (frame) => readMaskPng(join(folder, name, `${frame}.png`)));
  await writeFileAtomic(join(folder, `${name}.png`), strip);
  await writeFileAtomic(join(folder, `${name}.svg`), scoreCurves(name, score));
}

/** Drawn in this many pixels. */
const CURVE_SIZE = { width: 860, height: 300 };

/**
 * J (solid) and F (dashed) of each object over the frames.
 * @returns an SVG document on white.
 */
export function scoreCurves(title: string, { objects }: SequenceScore): string {
  const points = Object.entries(objects).flatMap(([object, { J, F }]) =>
    J.map((value, i) => ({ frame: i + 1, object, J: value, F: F[i] })),
  );
  const line = (measure: "J" | "F", dashes: string) =>
    Plot.lineY(points, { x: "frame", y: measure, stroke: "object", strokeDasharray: dashes, strokeWidth: 1.5 });
  const plot = Plot.plot({
    ...CURVE_SIZE,
    document: parseHTML("<!doctype html><html><body></body></html>").document,
    marginTop: 36,
    style: { background: "white" },
    x: { label: "frame", nice: true },
    y: { label: null, domain: [0, 1], grid: true },
    color: { domain: Object.keys(objects), range: Object.keys(objects).map((id) => colourOf(Number(id))) },
    marks: [
      Plot.ruleY([0]),
      line("J", "none"),
      line("F", "5 3"),
      Plot.text(points, Plot.selectLast({ x: "frame", y: "J", z: "object", text: "object", fill: "object", dx: 8 })),
      Plot.text([`${title}: J (solid) and F (dashed) of each object`], {
        frameAnchor: "top-left",
        dy: -22,
        fontSize: 13,
      }),
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return plot.outerHTML;
}

/** `rgb(…)` of an object in the DAVIS palette, as in the masks. */
function colourOf(label: number): string {
  return `rgb(${davisPalette.subarray(label * 3, label * 3 + 3).join(",")})`;
}

/** Frames in a strip, and how wide each is drawn in pixels. */
const STRIP = { frames: 5, width: 320, gap: 4 };

/**
 * Frames spread evenly over a clip, the first and the last among them, with their masks laid over.
 * @param maskOf the mask of a frame, of its size.
 * @returns a PNG file.
 */
export async function contactStrip(
  source: FrameSource,
  maskOf: (name: string) => Promise<LabelMap>,
): Promise<Uint8Array> {
  const count = Math.min(STRIP.frames, source.frameCount);
  const indices = Array.from({ length: count }, (_, i) =>
    Math.round((i * (source.frameCount - 1)) / Math.max(1, count - 1)),
  );
  const height = Math.max(1, Math.round((STRIP.width * source.height) / source.width));
  const parts = [];
  for (const [place, index] of indices.entries()) {
    const frame = await source.frame(index);
    const { data, width, height: rows } = withMask(frame, await maskOf(frame.name));
    const input = await sharp(data, { raw: { width, height: rows, channels: 3 } })
      .resize(STRIP.width, height)
      .png()
      .toBuffer();
    parts.push({ input, left: place * (STRIP.width + STRIP.gap), top: 0 });
  }
  const width = count * (STRIP.width + STRIP.gap) - STRIP.gap;
  return sharp({ create: { width, height, channels: 3, background: "white" } })
    .composite(parts)
    .removeAlpha()
    .png()
    .toBuffer();
}

/** The picture with each object tinted half and half with its colour, and its inner border in full colour. */
function withMask({ width, height, data }: RgbPicture, { data: labels }: LabelMap): RgbPicture {
  const mixed = data.slice();
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel];
    if (label === 0) continue;
    const inner = [pixel - 1, pixel + 1, pixel - width, pixel + width].every((near) => labels[near] === label);
    for (let channel = 0; channel < 3; channel++) {
      const colour = davisPalette[label * 3 + channel];
      mixed[pixel * 3 + channel] = inner ? (data[pixel * 3 + channel] + colour) >> 1 : colour;
    }
  }
  return { width, height, data: mixed };
}
