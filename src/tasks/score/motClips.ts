/** @file Tracks in files and folders of any format, scored against their truth: a clip, or several by name. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, parse } from "node:path";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { type MotClipOptions, motSequence, type MotSide } from "../../evaluation/benchmarks/motClip.ts";
import type { ClipScores } from "../../evaluation/benchmarks/pointFiles.ts";
import { motScore, type MotScore, motSums, type MotSums } from "../../metrics/mot/score.ts";
import { openLabels } from "../convert/openLabels.ts";
import { placedIn } from "../convert/placedFrames.ts";

/** Where tracks and truth are. */
export interface MotFiles extends MotClipOptions {
  readonly prediction: string;
  readonly truth: string;
  /** Names below both; undefined: both are one clip. */
  readonly sequences?: readonly string[] | undefined;
  /** Of the frames, where neither side says it and one gives shares of it. */
  readonly size?: FrameSize | undefined;
  readonly encoding?: string | undefined;
  readonly logger: Logger;
  readonly onSequence: (name: string, index: number, count: number) => void;
}

/** The scores of each clip and of all together, and whether boxes or masks were compared. */
export interface MotScores extends ClipScores<MotScore> {
  readonly overlap: "box" | "mask";
}

/** @throws UserError `mot/sequence`, those of `motSequence` and of reading */
export async function scoreMotClips(files: MotFiles): Promise<MotScores> {
  const clips = await clipsOf(files);
  const sums: Record<string, MotSums> = {};
  const kinds = new Set<"box" | "mask">();
  for (const [index, { name, prediction, truth }] of clips.entries()) {
    files.onSequence(name, index, clips.length);
    const { sequence, overlap } = await motSequence(await sideOf(truth, files), await sideOf(prediction, files), files);
    sums[name] = motSums(sequence);
    kinds.add(overlap);
  }
  return {
    overlap: kinds.has("mask") ? "mask" : "box",
    clips: Object.fromEntries(Object.entries(sums).map(([name, one]) => [name, motScore([one])])),
    all: motScore(Object.values(sums)),
  };
}

interface Clip {
  readonly name: string;
  readonly prediction: string;
  readonly truth: string;
}

function clipsOf({ prediction, truth, sequences }: MotFiles): Promise<Clip[]> {
  if (sequences === undefined) return Promise.resolve([{ name: parse(prediction).name, prediction, truth }]);
  return Promise.all(
    sequences.map(async (name) => ({
      name,
      prediction: await entryNamed(prediction, name),
      truth: await entryNamed(truth, name),
    })),
  );
}

/** The folder or file of this name, whatever its extension. @throws UserError `mot/sequence` */
async function entryNamed(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder).catch(() => []);
  const found = entries.find((entry) => entry === name) ?? entries.find((entry) => parse(entry).name === name);
  if (found !== undefined) return join(folder, found);
  throw new UserError("mot/sequence", {
    what: `${folder} has no sequence "${name}"`,
    expected: `a folder ${name}, or a file such as ${name}.txt`,
  });
}

async function sideOf(path: string, { size, encoding, logger }: MotFiles): Promise<MotSide> {
  if (await isBlank(path)) return { name: path, stream: { objects: [], frames: [] } };
  const { stream } = await openLabels(path, { encoding }, logger);
  const placed = placedIn(stream, { input: path, clip: undefined, size, timed: false, logger });
  return { name: path, stream: placed };
}

/** Blank files are read whole only where they are small. */
const MOST_BLANK_BYTES = 1024;

/** Whether a file holds nothing: a tracker that found nothing writes one. */
async function isBlank(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined || !entry.isFile() || entry.size > MOST_BLANK_BYTES) return false;
  return (await readFile(path, "utf8")).trim() === "";
}
