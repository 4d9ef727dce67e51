/** @file The task `discover`: what moves in a clip becomes objects, without any label, and is carried through the clip. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { objectIdsIn } from "../annotations/mask.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { grouped } from "../core/grouped.ts";
import { type Discovery, discoverThings } from "../discovery/discoverThings.ts";
import { type NumberedThing, thingMask } from "../discovery/thingMasks.ts";
import { openFrameSource } from "../video/frameSource.ts";
import type { FrameSource } from "../video/frame.ts";
import { writeMaskPng } from "../video/masks/maskPng.ts";
import { weightsKey } from "./settings/encoder.ts";
import { maskKeys, protocolKeys } from "./settings/protocol.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { defineTask, type RunContext, taskObject } from "./task.ts";
import { type TrackOutcome, trackTask } from "./track.ts";

const discoverSchema = taskObject("discover", {
  clip: z.string().describe("A video file or a folder of images."),
  out: z.string().describe("Folder for what was found and for the results of tracking it; it can be resumed."),
  most: z.int().min(1).max(50).default(5).describe("The most things, those that move most."),
  track: z.boolean().default(true).describe("Carry what was found through the clip, forward and back."),
  weights: weightsKey,
  ...protocolKeys,
  ...maskKeys,
  overlay: z.boolean().default(true).describe("Write a video of the results."),
  pictures: z.boolean().default(true).describe("Write pictures of trajectories, speeds and a heat map."),
});

type DiscoverSettings = z.output<typeof discoverSchema>;

/** A thing that was found. */
export interface FoundThing extends Pick<Discovery, "score" | "frame" | "box" | "moves"> {
  /** Its value in masks, from 1, the one that moves most first. */
  readonly id: number;
}

/** What was found, and how it was tracked. */
export interface DiscoverOutcome {
  readonly things: readonly FoundThing[];
  readonly out: string;
  /** Masks by frame, as labels for `track`. */
  readonly labels: readonly { readonly path: string; readonly frame: number }[];
  /** Null where nothing was found, or nothing was to be tracked. */
  readonly tracked: TrackOutcome | null;
}

/** Finds what moves. */
export const discoverTask = defineTask("discover", discoverSchema, discover);

async function discover(task: DiscoverSettings, context: RunContext): Promise<DiscoverOutcome> {
  const { clip, out, most, track, camera } = task;
  const { logger, signal, machine } = context;
  requireOtherFolder(clip, out);
  await using source = await openFrameSource(clip, { logger });
  const found = await discoverThings({ source, most, ...machine, ...(camera && { camera }), logger, signal });
  const numbered = found.map((thing, i) => ({ id: i + 1, thing }));
  const things = numbered.map(({ id, thing: { score, frame, box, moves } }) => ({ id, score, frame, box, moves }));
  await keepFound(out, things);
  const labels = await writeMasks(out, source, numbered);
  const tracked = track && labels.length > 0 ? await carry(task, labels, context) : null;
  return { things, out, labels, tracked };
}

/** Writes `found.json`. @throws UserError `discover/used` where the folder holds other things */
async function keepFound(out: string, things: readonly FoundThing[]): Promise<void> {
  const path = join(out, "found.json");
  const text = `${JSON.stringify(things, undefined, 1)}\n`;
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before !== undefined && before !== text)
    throw new UserError("discover/used", {
      what: `${out} holds what was found in another clip, or with other settings`,
      todo: "choose another folder with --out, or remove this one",
    });
  await writeFileAtomic(path, text);
}

/** The masks of the frames that show things best, `found/NAME.png`. */
async function writeMasks(out: string, source: FrameSource, things: readonly NumberedThing[]) {
  const byFrame = [...grouped(things, ({ thing }) => thing.frame)].sort(([a], [b]) => a - b);
  const labels: { path: string; frame: number }[] = [];
  for (const [index, its] of byFrame) {
    const frame = await source.frame(index);
    const mask = thingMask(frame, its);
    if (objectIdsIn(mask).length === 0) continue;
    const path = join(out, "found", `${frame.name}.png`);
    await writeMaskPng(path, mask);
    labels.push({ path, frame: index });
  }
  return labels;
}

function carry(task: DiscoverSettings, labels: DiscoverOutcome["labels"], context: RunContext): Promise<TrackOutcome> {
  const { task: _task, clip: video, most: _most, track: _track, ...settings } = task;
  return trackTask.run({ ...settings, video, labels: [...labels], direction: "both" }, context);
}
