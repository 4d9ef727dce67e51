/** @file How good regions from clicks are: IoU with the true masks of first labelled frames after each click. */
import { join, parse } from "node:path";
import { clickableFrame } from "../../clicks/clickableFrame.ts";
import type { Click, ClickedFrame } from "../../clicks/clickedFrame.ts";
import { UserError } from "../../core/errors.ts";
import { pngNames } from "../../formats/maskFolder.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { bitmapOfLabels } from "../../metrics/bitmap.ts";
import { objectsIn } from "../../metrics/davis.ts";
import { regionSimilarity } from "../../metrics/regionSimilarity.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { nextClick } from "./nextClick.ts";

/** One object of one frame. */
export interface ClickRow {
  readonly sequence: string;
  readonly object: number;
  /** IoU after each click, 0..1; where nothing is wrong any more the last value is repeated. */
  readonly ious: readonly number[];
  /** CPU time of each answer, ms. */
  readonly milliseconds: readonly number[];
}

/** A set laid out as DAVIS. */
export interface ClickSet {
  /** The folder with a folder of frames a sequence. */
  readonly frames: string;
  /** The folder with a folder of masks a sequence. */
  readonly truth: string;
}

/** @throws UserError `score/no-truth`, those of reading the frames and the mask */
export async function clickSequence(
  { frames, truth }: ClickSet,
  sequence: string,
  clicks: number,
  encoder: FeatureExtractor,
): Promise<ClickRow[]> {
  const folder = join(truth, sequence);
  const [name] = await pngNames(folder);
  if (name === undefined)
    throw new UserError("score/no-truth", {
      what: `there are no masks in ${folder}`,
      todo: "check --annotations and --res",
    });
  const labels = await readMaskPng(join(folder, name));
  await using source = await openFrameSource(join(frames, sequence));
  const index = source.names.indexOf(parse(name).name);
  const frame = await clickableFrame(await source.frame(Math.max(0, index)), encoder);
  const { binary, ids } = objectsIn(labels);
  return ids.map((id) => {
    const value = binary ? 255 : id;
    const data = labels.data.map((label) => (label === value ? 1 : 0));
    return { sequence, object: id, ...clickObject(frame, { ...labels, data }, clicks) };
  });
}

function clickObject(frame: ClickedFrame, truth: LabelMap, most: number): Pick<ClickRow, "ious" | "milliseconds"> {
  const clicks: Click[] = [];
  const [ious, milliseconds]: [number[], number[]] = [[], []];
  let found: LabelMap | undefined;
  for (let n = 0; n < most; n++) {
    const click = nextClick(truth, found);
    if (click === undefined) ious.push(ious[n - 1]);
    else {
      clicks.push(click);
      const begin = cpuMilliseconds();
      found = frame.region(clicks);
      milliseconds.push(cpuMilliseconds() - begin);
      ious.push(regionSimilarity(bitmapOfLabels(found, ONE), bitmapOfLabels(truth, ONE)));
    }
  }
  return { ious, milliseconds };
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Label 1 alone. */
const ONE = Uint8Array.from({ length: 256 }, (_, label) => (label === 1 ? 1 : 0));

/** Means over objects of IoU after each click. */
export function meanIous(rows: readonly ClickRow[]): number[] {
  return (rows[0]?.ious ?? []).map((_, n) => meanOf(rows.map(({ ious }) => ious[n])));
}
