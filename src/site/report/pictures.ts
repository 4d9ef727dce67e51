/** @file The best, the median and the worst verdict frames, what was labelled beside what was tracked. */
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
import { rankedFrames } from "./reportData.ts";

/** A frame of the report. */
export interface ReportPicture {
  readonly kind: "best" | "median" | "worst";
  readonly clip: string;
  readonly frame: number;
  /** IoU. */
  readonly score: number;
  /** JPEGs: the frame with its label, and with what was tracked. */
  readonly truth: Uint8Array;
  readonly found: Uint8Array;
}

/** Frames shown as the worst, of different passages. */
const WORST = 4;
/** Pixels; two pictures of six frames stay below 1 MB. */
const WIDTH = 480;
const JPEG_QUALITY = 78;

/** Also writes them into `report/pictures`. Frames whose picture is gone are left out. @throws UserError `file/write` */
export async function reportPictures(folder: SiteFolder, evidence: Evidence): Promise<ReportPicture[]> {
  const base = evidence.methods.find(({ method, corrections }) => method === "model" && corrections === 0);
  const ranked = rankedFrames(base?.observations ?? []);
  const pictures: ReportPicture[] = [];
  for (const { kind, passage, frame, score } of chosen(ranked)) {
    const label = evidence.labels.find((one) => one.passage.key === passage && one.frame === frame);
    const picture = label === undefined ? undefined : await drawn(folder, evidence, label);
    if (label !== undefined && picture !== undefined)
      pictures.push({ kind, clip: label.clip.key, frame, score, ...picture });
  }
  for (const [i, { kind, truth, found }] of pictures.entries()) {
    await writeFileAtomic(folder.at("report", "pictures", `${i + 1}-${kind}-label.jpg`), truth);
    await writeFileAtomic(folder.at("report", "pictures", `${i + 1}-${kind}-tracked.jpg`), found);
  }
  return pictures;
}

type Ranked = ReturnType<typeof rankedFrames>[number];

/** The best, the median, and the worst of different passages. */
export function chosen(ranked: readonly Ranked[]): (Ranked & Pick<ReportPicture, "kind">)[] {
  if (ranked.length === 0) return [];
  const seen = new Set<string>();
  const worst = ranked.toReversed().filter(({ passage }) => !seen.has(passage) && seen.add(passage));
  const shown = [
    { ...ranked[0], kind: "best" as const },
    { ...ranked[ranked.length >> 1], kind: "median" as const },
    ...worst.slice(0, WORST).map((one) => ({ ...one, kind: "worst" as const })),
  ];
  const keyOf = ({ passage, frame }: Ranked): string => `${passage} ${frame}`;
  return shown.filter((one, i) => shown.findIndex((other) => keyOf(other) === keyOf(one)) === i);
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
