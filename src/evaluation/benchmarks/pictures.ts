/**
 * @file Scores and masks to look at: J and F over the frames as an SVG, and a strip of frames with their masks laid
 * over.
 */
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { plotSvg } from "../../charts/plot.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { contactSheet, spreadIndices } from "../../video/drawing/contactSheet.ts";
import type { FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { davisPalette } from "../../video/masks/maskBytes.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { drawOverlay } from "../../video/drawing/overlay.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { SequenceScore } from "../../metrics/davis.ts";

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
  return plotSvg({
    ...CURVE_SIZE,
    marginTop: 36,
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
}

/** `rgb(…)` of an object in the DAVIS palette, as in the masks. */
function colourOf(label: number): string {
  return `rgb(${davisPalette.subarray(label * 3, label * 3 + 3).join(",")})`;
}

/** Frames in a strip, and how wide each is drawn in pixels. */
const STRIP = { frames: 5, width: 320 };

/**
 * Frames spread evenly over a clip, the first and the last among them, with their masks laid over.
 * @param maskOf the mask of a frame, of its size.
 * @returns a PNG file.
 */
export async function contactStrip(
  source: FrameSource,
  maskOf: (name: string) => Promise<LabelMap>,
): Promise<Uint8Array> {
  const pictures: RgbPicture[] = [];
  for (const index of spreadIndices(source.frameCount, STRIP.frames)) {
    const frame = await source.frame(index);
    pictures.push({ width: frame.width, height: frame.height, data: drawOverlay(frame, await maskOf(frame.name)) });
  }
  return contactSheet(pictures, { columns: STRIP.frames, width: STRIP.width });
}
