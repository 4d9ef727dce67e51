/** @file The pictures of the frames to label, as PNG files to draw on, and where their labels go. */
import { counted } from "../../core/counted.ts";
import { grouped } from "../../core/grouped.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { encodePng } from "../../video/writing/png.ts";
import type { Site } from "../siteFile.ts";
import type { SiteFolder } from "../siteFolder.ts";
import type { PlannedFrame } from "./planFile.ts";

/** A frame of the plan with its files, relative to the site's folder. */
export interface ListedFrame extends PlannedFrame {
  /** From 1: the order in which to label. */
  readonly order: number;
  readonly timeSec: number;
  /** To draw on. */
  readonly picture: string;
  /** Where its mask is to be saved. */
  readonly label: string;
  /** A label is there. */
  readonly labelled: boolean;
}

/** Writes the pictures that are missing. @throws UserError those of the sources, `file/write`; the signal's reason */
export async function listFrames(
  folder: SiteFolder,
  site: Site,
  frames: readonly PlannedFrame[],
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<ListedFrame[]> {
  const listed = new Map<PlannedFrame, ListedFrame>();
  const order = new Map(frames.map((one, i) => [one, i + 1]));
  let done = 0;
  for (const [key, own] of grouped(frames, ({ clip }) => clip)) {
    const clip = site.footage.find((one) => one.key === key);
    if (clip === undefined || !(await isThere(clip.path))) continue;
    await using source = await openFrameSource(clip.path);
    for (const one of own.toSorted((a, b) => a.frame - b.frame)) {
      signal.throwIfAborted();
      logger.progress(`picture ${++done} of ${counted(frames.length, "frame")}`);
      listed.set(one, await listedFrame(folder, source, one, order.get(one) ?? 0));
    }
  }
  return frames.flatMap((one) => listed.get(one) ?? []);
}

async function listedFrame(
  folder: SiteFolder,
  source: FrameSource,
  planned: PlannedFrame,
  order: number,
): Promise<ListedFrame> {
  const { clip, frame } = planned;
  const name = source.names[frame];
  const picture = ["plan", "frames", clip, `${name}.png`];
  const label = ["labels", clip, `${name}.png`];
  if (!(await isThere(folder.at(...picture))))
    await writeFileAtomic(folder.at(...picture), await encodePng(await source.frame(frame)));
  const kinds = [".png", ".json", ".csv"].map((ending) => isThere(folder.at("labels", clip, `${name}${ending}`)));
  return {
    ...planned,
    order,
    timeSec: source.timesSec[frame],
    picture: picture.join("/"),
    label: label.join("/"),
    labelled: (await Promise.all(kinds)).includes(true),
  };
}
