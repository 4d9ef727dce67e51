/**
 * @file Footage of a rendered site with its exact truth, and labels by that truth where a plan asks for them:
 *
 *   node dist/benchmarks/bench/renderSite.js footage DIR [--clips 24] [--frames 24] [--rows 240] [--seed 1]
 *   node dist/benchmarks/bench/renderSite.js label SITE DIR [--share 1]
 *
 * `footage` renders production lines of two cameras into DIR/footage and their truth into DIR/truth. `label` saves the
 * truth of the planned frames as a person would save masks; `--share` labels only so much of the plan, from its top.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { writeFileAtomic } from "../src/core/files.ts";
import { plannedFrames } from "../src/site/plan/planFile.ts";
import { readSplit } from "../src/site/plan/planSite.ts";
import { SiteFolder } from "../src/site/siteFolder.ts";
import { renderProductionLine } from "../src/synthetic/productionLine.ts";
import { readMaskPng, writeMaskPng } from "../src/video/masks/maskPng.ts";

/** How much is rendered. */
export interface RenderedFootage {
  readonly clips: number;
  readonly frames: number;
  /** Pixels; the width is 16/9 of it. */
  readonly rows: number;
  readonly seed: number;
}

const CAMERAS = ["camera-a", "camera-b"];

/** Renders clip after clip into `DIR/footage/CAMERA/CLIP` and `DIR/truth/CLIP`. */
export async function renderFootage(dir: string, { clips, frames, rows, seed }: RenderedFootage): Promise<void> {
  const size = { width: 2 * Math.round((8 / 9) * rows), height: rows };
  for (let clip = 0; clip < clips; clip++) {
    const name = `line-${String(clip + 1).padStart(2, "0")}`;
    for (const { frame, labels } of renderProductionLine({ ...size, frames, seed: seed + clip })) {
      const jpeg = sharp(frame.data, { raw: { ...size, channels: 3 } }).jpeg({ quality: 92 });
      const folder = join(dir, "footage", CAMERAS[clip % CAMERAS.length], name);
      await writeFileAtomic(join(folder, `${frame.name}.jpg`), await jpeg.toBuffer());
      await writeMaskPng(join(dir, "truth", name, `${frame.name}.png`), labels);
    }
  }
}

/** Labels the frames of a plan from its top by the truth. @returns how many */
export async function labelSite(root: string, truth: string, share: number): Promise<number> {
  const folder = new SiteFolder(root);
  const planned = plannedFrames(await readSplit(folder));
  const labelled = planned.slice(0, Math.round(share * planned.length));
  for (const { clip, frame } of labelled) {
    const name = `${String(frame).padStart(5, "0")}.png`;
    await writeMaskPng(folder.at("labels", clip, name), await readMaskPng(join(truth, clip, name)));
  }
  return labelled.length;
}

/** The number after an option. */
function option(name: string, usual: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? usual : Number(process.argv[at + 1]);
}

async function main([what, first, second]: readonly string[]): Promise<void> {
  const [clips, frames, rows] = [option("--clips", 24), option("--frames", 24), option("--rows", 240)];
  if (what === "footage") return renderFootage(first, { clips, frames, rows, seed: option("--seed", 1) });
  const count = await labelSite(first, join(second, "truth"), option("--share", 1));
  process.stdout.write(`labelled ${count} frames\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));
