/**
 * @file The demonstration of a site: clips of a production line are rendered, and a site goes through all its steps on
 * them, from the footage check to the report. The person who draws masks is the renderer, whose truth is exact.
 */
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { initSite } from "../../site/initSite.ts";
import { planSite } from "../../site/plan/planSite.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { renderProductionLine } from "../../synthetic/productionLine.ts";
import { PART_NAMES } from "../../synthetic/scene.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import { encodeJpeg } from "../../video/writing/jpeg.ts";
import { runSite, type RunSiteResult, type RunWishes } from "../site/runSite.ts";
import type { RunContext } from "../task.ts";

/** Settings of `runSiteDemo`. */
export interface SiteDemoOptions {
  /** A folder, made if missing; what an earlier demo of the same seed left is gone on with. */
  readonly out: string;
  readonly seed: number;
  /** Default 24, enough for a verdict. */
  readonly clips?: number;
  /** Of each clip; default 20. */
  readonly frames?: number;
  readonly wishes?: Partial<RunWishes>;
}

/** What there is now. */
export interface SiteDemoResult extends RunSiteResult {
  readonly site: string;
  readonly footage: string;
  /** Exact masks of all frames: what a person would have drawn. */
  readonly truth: string;
}

const SIZE = { width: 224, height: 128, fps: 24 };
/** Fixed before anything is tracked. */
const TARGET = { metric: "iou", value: 0.6 };
/** So that all of it takes a few minutes. */
const WISHES: RunWishes = { adaptMinutes: 3, tuneMinutes: 1, corrections: 1, language: "en", config: {} };

/**
 * Renders `footage/` and `truth/` into the folder, makes the site `demo-line/` of it, labels the frames that the plan asks for, and does
 * all steps. Stopped or killed, it resumes.
 * @throws UserError `demo/other` where the folder holds the demo of another seed; those of the steps
 */
export async function runSiteDemo(options: SiteDemoOptions, context: RunContext): Promise<SiteDemoResult> {
  const { out, seed, clips = 24, frames = 20, wishes } = options;
  const { logger, signal } = context;
  const [footage, truth, root] = [join(out, "footage"), join(out, "truth"), join(out, "demo-line")];
  const folder = new SiteFolder(root);
  if ((await folder.exists()) && (await folder.read()).seed !== seed) throw otherDemo(out, (await folder.read()).seed);
  for (let clip = 1; clip <= clips; clip++) {
    signal.throwIfAborted();
    logger.progress(`rendering clip ${clip} of ${clips}`);
    await renderClip({ footage, truth }, `clip-${String(clip).padStart(2, "0")}`, {
      ...SIZE,
      frames,
      seed: 1000 * seed + clip,
    });
  }
  const objects = Object.fromEntries(PART_NAMES.map((name, i) => [i + 1, name]));
  const init = { folder: root, footage: [footage], targets: [TARGET], prices: {}, objects, tracker: {}, seed };
  await initSite({ ...init, logger, signal });
  const { plan } = await planSite(
    { folder: root, wishes: {}, logger, signal },
    { spread: undefined, objectsPerFrame: undefined },
  );
  for (const { label, clip, frame, labelled } of plan.frames)
    if (!labelled) await writeMaskPng(folder.at(label), await readMaskPng(join(truth, clip, maskName(frame))));
  return { ...(await runSite(root, { ...WISHES, ...wishes }, context)), site: root, footage, truth };
}

const maskName = (frame: number): string => `${String(frame).padStart(5, "0")}.png`;

/** The truth of the last frame is written last: a clip that has it is whole. */
async function renderClip(
  { footage, truth }: { readonly footage: string; readonly truth: string },
  name: string,
  clip: {
    readonly width: number;
    readonly height: number;
    readonly frames: number;
    readonly fps: number;
    readonly seed: number;
  },
): Promise<void> {
  if (await isThere(join(truth, name, maskName(clip.frames - 1)))) return;
  for (const { frame, labels } of renderProductionLine(clip)) {
    await writeFileAtomic(join(footage, "line", name, `${frame.name}.jpg`), await encodeJpeg(frame));
    await writeMaskPng(join(truth, name, maskName(frame.index)), labels);
  }
}

function otherDemo(out: string, seed: number): UserError {
  return new UserError("demo/other", {
    what: `${out} holds the demo of another seed`,
    got: `seed ${seed}`,
    todo: "name another folder with --out",
  });
}
