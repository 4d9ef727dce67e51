/**
 * @file The labels of a site as they lie in `labels/CLIP/FRAME.png` (masks) and `FRAME.json` or `FRAME.csv` (points):
 * which frames they are of, and what they are for.
 */
import { isThere } from "../core/files.ts";
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { NamedPoint } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { readPointLabels } from "../formats/registry.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { readLabelMask } from "../video/masks/labelMask.ts";
import { ColourIds } from "../video/masks/maskKinds.ts";
import { type PlannedPassage, type Role, roleIn, type Split } from "./plan/planFile.ts";
import type { Site, SiteClip } from "./siteFile.ts";
import type { SiteFolder } from "./siteFolder.ts";

/** A file among the labels. */
export interface SiteLabel {
  readonly clip: SiteClip;
  readonly passage: PlannedPassage;
  readonly frame: number;
  /** The frame's name: of its label, its picture and its predicted mask. */
  readonly name: string;
  readonly role: Role;
  readonly kind: "mask" | "points";
  /** Absolute or relative to where the command runs. */
  readonly path: string;
}

const KINDS: Readonly<Record<string, SiteLabel["kind"]>> = { ".png": "mask", ".json": "points", ".csv": "points" };

/**
 * All labels in order of clips and frames. Those of no clip and in no passage of the plan are told and left out.
 * @throws UserError `site/label` for a file whose name is no frame of its clip
 */
export async function siteLabels(folder: SiteFolder, site: Site, split: Split, logger: Logger): Promise<SiteLabel[]> {
  const labels: SiteLabel[] = [];
  const strange = await foldersOfNoClip(folder, site);
  if (strange.length > 0) logger.warn(`left out labels of no clip of the site: ${strange.join(", ")}`);
  for (const clip of site.footage) {
    const root = folder.at("labels", clip.key);
    const files = (await readdir(root).catch(() => [])).filter((file) => extname(file).toLowerCase() in KINDS);
    if (files.length === 0) continue;
    const passages = split.passages.filter((passage) => passage.clip === clip.key);
    const names = await frameNames(folder, clip);
    const placed = files.map((file) => placedLabel(join(root, file), clip, names, passages));
    const outside = placed.filter((label) => typeof label === "string");
    if (outside.length > 0) logger.warn(`left out labels in no passage of the plan: ${outside.join(", ")}`);
    labels.push(...placed.filter((label) => typeof label !== "string").sort((a, b) => a.frame - b.frame));
  }
  return labels;
}

/**
 * The labels that may be given and tuned on. Whoever learns or tunes has only these: masks of verdict frames are not even
 * opened, neither for what they hold nor for their colours.
 */
export function withoutVerdict(labels: readonly SiteLabel[]): SiteLabel[] {
  return labels.filter(({ role }) => role !== "verdict");
}

/** Folders of labels that no clip's name has. */
async function foldersOfNoClip(folder: SiteFolder, { footage }: Site): Promise<string[]> {
  // Some file systems have names in another normal form of Unicode than they were given.
  const keys = new Set(footage.map(({ key }) => key.normalize()));
  const entries = await readdir(folder.at("labels"), { withFileTypes: true }).catch(() => []);
  const strange = entries.filter((entry) => entry.isDirectory() && !keys.has(entry.name.normalize()));
  return strange.map(({ name }) => folder.at("labels", name));
}

/** Names of a clip's frames; of a clip that is gone, those that its outputs are counted by. */
async function frameNames(folder: SiteFolder, clip: SiteClip): Promise<readonly string[]> {
  if (await isThere(clip.path)) {
    await using source = await openFrameSource(clip.path);
    return source.names;
  }
  const pictures = (await readdir(folder.at("plan", "frames", clip.key)).catch(() => [])).length;
  return pictures === 0 ? [] : Array.from({ length: clip.frames }, (_, i) => String(i).padStart(5, "0"));
}

/** The label, or its path where it lies in no passage. */
function placedLabel(
  path: string,
  clip: SiteClip,
  names: readonly string[],
  passages: readonly PlannedPassage[],
): SiteLabel | string {
  const ending = extname(path);
  const name = basename(path, ending);
  const frame = names.indexOf(name);
  if (frame < 0)
    throw new UserError("site/label", {
      what: `${path} is a label of no frame of ${clip.path}`,
      got: JSON.stringify(name),
      expected: `a frame's name, such as ${names.slice(0, 2).join(" or ")}`,
      todo: "give it the name of its picture in plan/frames, or move it away",
    });
  const passage = passages.find(({ start, end }) => frame >= start && frame < end);
  if (passage === undefined) return path;
  return { clip, passage, frame, name, role: roleIn(passage, frame), kind: KINDS[ending.toLowerCase()], path };
}

/**
 * Reads masks so that colours mean the same object in all masks of a clip, whichever is read first: a clip's masks are
 * first seen in order of their frames.
 */
export class SiteMasks {
  private readonly labels: readonly SiteLabel[];
  private readonly colours = new Map<string, Promise<ColourIds>>();

  constructor(labels: readonly SiteLabel[]) {
    this.labels = labels.filter(({ kind }) => kind === "mask");
  }

  /** @throws UserError `site/label` for a mask of another size than its clip, and those of `readLabelMask` */
  async read(label: SiteLabel): Promise<LabelMap> {
    const { key } = label.clip;
    const seen = this.colours.get(key) ?? this.see(key);
    this.colours.set(key, seen);
    return sized(label, await readLabelMask(label.path, { colours: await seen }));
  }

  private async see(clip: string): Promise<ColourIds> {
    const colours = new ColourIds();
    for (const label of this.labels.filter((one) => one.clip.key === clip))
      await readLabelMask(label.path, { colours });
    return colours;
  }
}

/** @throws UserError `site/label` */
function sized({ path, clip }: SiteLabel, mask: LabelMap): LabelMap {
  if (mask.width === clip.width && mask.height === clip.height) return mask;
  throw new UserError("site/label", {
    what: `${path} has another size than its clip`,
    got: `${mask.width}x${mask.height}`,
    expected: `${clip.width}x${clip.height}`,
    todo: "draw on the picture in plan/frames, and save the mask at its size",
  });
}

/** A label's visible points by name. @throws UserError those of `readPointLabels` */
export async function readSitePoints({ path, frame }: SiteLabel): Promise<NamedPoint[]> {
  const { frames } = await readPointLabels(path);
  const own = frames.find((one) => one.frame === frame) ?? frames[0];
  return (own?.points ?? []).filter(isVisible);
}
