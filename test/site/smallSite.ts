/** @file A site of three small clips with a moving square, whose truth is known. */
import { rename, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { tasks } from "../../src/tasks/index.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

const SIZE = 48;
/** Frames of a clip. */
export const FRAMES = 6;
/** One core, for tests. */
export const machine = { device: "cpu", threads: 1 } as const;

/** The square of `makeImageFolder` in a frame. */
export function truthOf(frame: number, value = 1): LabelMap {
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    return Math.abs(x - 14 - frame) < 9 && Math.abs(y - 24) < 9 ? value : 0;
  });
  return { width: SIZE, height: SIZE, data };
}

export interface SmallSite {
  readonly root: string;
  /** Of the footage: two cameras with Japanese names and spaces. */
  readonly footage: string;
  readonly site: string;
}

/** Footage, and a site that has been made of it. */
export async function smallSite(targets: readonly string[] = ["iou=0.5"]): Promise<SmallSite> {
  const root = await temporaryFolder();
  const footage = join(root, "映像 1");
  const made = await makeImageFolder(root, "made", FRAMES);
  await mkdir(join(footage, "カメラ A"), { recursive: true });
  await mkdir(join(footage, "camera b"), { recursive: true });
  await rename(made, join(footage, "カメラ A", "clip"));
  await makeImageFolder(join(footage, "camera b"), "clip", FRAMES);
  await makeImageFolder(join(footage, "camera b"), "部品 <2>", FRAMES);
  const site = join(root, "ライン 3");
  await tasks.site.run({ step: "init", folder: site, footage: [footage], targets: [...targets] });
  return { root, footage, site };
}

/** A site of clips with these names and so many frames, in `ROOT/site`; its footage is not below it. */
export async function siteOfClips(root: string, names: readonly string[], frames: number): Promise<string> {
  const [footage, site] = [join(root, "映像"), join(root, "site")];
  for (const name of names) await makeImageFolder(footage, name, frames);
  await tasks.site.run({ step: "init", folder: site, footage: [footage], targets: ["iou=0.5"] });
  return site;
}

/** Plans, as far as such short clips allow. */
export async function plan(site: string, more: object = {}) {
  const outcome = await tasks.site.run({ step: "plan", folder: site, tuning: 2, ...more });
  if (outcome.step !== "plan") throw new Error(outcome.step);
  return outcome.plan;
}

/** Labels all planned frames, or those that are wanted, by the truth. */
export async function label(site: string, isWanted: (one: { role: string; clip: string }) => boolean = () => true) {
  const { frames } = await plan(site);
  for (const one of frames) if (isWanted(one)) await writeMaskPng(join(site, one.label), truthOf(one.frame));
}

/** Tracks. */
export async function track(site: string, corrections = 1) {
  const outcome = await tasks.site.run({ step: "track", folder: site, corrections }, { machine });
  if (outcome.step !== "track") throw new Error(outcome.step);
  return outcome;
}

/** Reports. */
export async function report(site: string, language: "en" | "ja" = "en") {
  const outcome = await tasks.site.run({ step: "report", folder: site, language });
  if (outcome.step !== "report") throw new Error(outcome.step);
  return outcome;
}
