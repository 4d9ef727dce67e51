/** @file The best, the median and the worst verdict frames, what was labelled beside what was tracked. */
import { readFile, rm } from "node:fs/promises";
import sharp from "sharp";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { silent } from "../../core/log.ts";
import { decodeImage } from "../../video/sources/decodedImage.ts";
import { drawOverlay } from "../../video/drawing/overlay.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { SiteLabel } from "../labels.ts";
import { trackedIn } from "../observations.ts";
import { runFolder, type SiteRun } from "../runPlan.ts";
import type { SiteFolder } from "../siteFolder.ts";
import type { Evidence } from "./evidence.ts";
import type { ShownFrame } from "./shownFrames.ts";

/** A frame of the report with its pictures. */
export interface ReportPicture extends Pick<ShownFrame, "kind" | "clip" | "frame" | "score"> {
  /** JPEGs: the frame with its label, and with what was tracked. */
  readonly truth: Uint8Array;
  readonly found: Uint8Array;
}

/** Pixels; two pictures of six frames stay below 1 MB. */
const WIDTH = 480;
const JPEG_QUALITY = 78;

/** Where a picture of the report's frame of this index lies. */
export function picturePath(index: number, { kind }: Pick<ShownFrame, "kind">, what: "label" | "tracked") {
  return ["report", "pictures", `${index + 1}-${kind}-${what}.jpg`] as const;
}

/** Also writes them into `report/pictures`. Frames whose picture is gone are left out. @throws UserError `file/write` */
export async function reportPictures(
  folder: SiteFolder,
  evidence: Evidence,
  frames: readonly ShownFrame[],
): Promise<ReportPicture[]> {
  await rm(folder.at("report", "pictures"), { recursive: true, force: true });
  const pictures: ReportPicture[] = [];
  for (const [i, shown] of frames.entries()) {
    const label = evidence.labels.find((one) => one.passage.key === shown.passage && one.frame === shown.frame);
    const picture = label === undefined ? undefined : await drawn(folder, evidence, label);
    if (picture === undefined) continue;
    pictures.push({ ...shown, ...picture });
    await writeFileAtomic(folder.at(...picturePath(i, shown, "label")), picture.truth);
    await writeFileAtomic(folder.at(...picturePath(i, shown, "tracked")), picture.found);
  }
  return pictures;
}

/** Those of a report that was written. */
export async function writtenPictures(folder: SiteFolder, frames: readonly ShownFrame[]): Promise<ReportPicture[]> {
  const read = (i: number, what: "label" | "tracked"): Promise<Uint8Array | undefined> =>
    readFile(folder.at(...picturePath(i, frames[i], what))).catch(() => undefined);
  const all = await Promise.all(
    frames.map(async (shown, i) => {
      const [truth, found] = await Promise.all([read(i, "label"), read(i, "tracked")]);
      return truth === undefined || found === undefined ? undefined : { ...shown, truth, found };
    }),
  );
  return all.filter((one) => one !== undefined);
}

async function drawn(folder: SiteFolder, { site, model, masks, passages }: Evidence, label: SiteLabel) {
  const path = folder.at("plan", "frames", label.clip.key, `${label.name}.png`);
  const labelled = passages.find(({ passage }) => passage.key === label.passage.key);
  if (labelled === undefined || !(await isThere(path))) return undefined;
  const run: SiteRun = { method: "model", model, preset: site.preset, corrections: 0, labelled };
  const predict = trackedIn(folder.at(...runFolder(run)));
  const mask = (await predict(label))?.mask;
  if (mask === undefined) return undefined;
  const { width, height } = label.clip;
  const picture = { width, height, data: await decodeImage(path, silent) };
  return { truth: await overlaid(picture, await masks.read(label)), found: await overlaid(picture, mask) };
}

async function overlaid(picture: RgbPicture, mask: LabelMap): Promise<Uint8Array> {
  const { width, height } = picture;
  return sharp(drawOverlay(picture, mask), { raw: { width, height, channels: 3 } })
    .resize({ width: Math.min(WIDTH, width) })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}
