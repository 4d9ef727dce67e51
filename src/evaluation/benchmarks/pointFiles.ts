/** @file Scores of points that lie in files: one file a clip, predictions named as their truth. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { type Annotations, pointFinder, pointNames } from "../../annotations/annotations.ts";
import { inPixels } from "../../annotations/inPixels.ts";
import type { FrameSize, PointAnnotation } from "../../annotations/point.ts";
import { ifVisible, isVisible } from "../../annotations/verdict.ts";
import { messageOf, UserError } from "../../core/errors.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { readPointLabels, readPointTruth } from "../../formats/registry.ts";
import { tapVid } from "../../formats/tapVid.ts";
import {
  readTapVidPrediction,
  readTapVidTruth,
  type TapVidPrediction,
  type TapVidTruth,
} from "../../formats/tapVidArrays.ts";
import { type JointClip, pckScore, type PckScore } from "../../metrics/pck.ts";
import {
  meanTapVidScore,
  type QueryMode,
  queryFrames,
  tapVidScore,
  type TapVidScore,
  type TapVidTrack,
  TAPVID_SIZE,
  toTapVid,
} from "../../metrics/tapVid.ts";

/** Where predictions and truth lie: two files, or two folders with files of the same names (without extension). */
export interface PointFiles {
  readonly prediction: string;
  readonly truth: string;
  /** Of files that are not UTF-8, such as a truth by another tool beside our own predictions; default: found out. */
  readonly encoding?: string | undefined;
}

/** A score of each clip, and of all. */
export interface ClipScores<Score> {
  readonly clips: Readonly<Record<string, Score>>;
  readonly all: Score;
}

/**
 * PCK of point files (see `readPointLabels`), the truth also as joints (see `readPointTruth`). The first frame of the
 * truth is the given one; a truth that is not visible does not count, a prediction counts where it says, visible or
 * not.
 * @throws UserError `points/missing` and those of reading the files
 */
export async function scorePckFiles(files: PointFiles): Promise<ClipScores<PckScore>> {
  const clips: Record<string, JointClip> = {};
  for (const { name, prediction, truth } of await pairs(files))
    clips[name] = jointClip(
      await readPointTruth(truth, await readingOf(truth, files)),
      await readPointLabels(prediction, await readingOf(prediction, files)),
      prediction,
    );
  return {
    clips: Object.fromEntries(Object.entries(clips).map(([name, clip]) => [name, pckScore([clip])])),
    all: pckScore(Object.values(clips)),
  };
}

/** How a file is read. A file that cannot be opened is reported by its reader. */
async function readingOf(path: string, { encoding }: Pick<PointFiles, "encoding">): Promise<ReadOptions> {
  if (encoding === undefined) return {};
  const bytes = await readFile(path).catch(() => undefined);
  return bytes === undefined || isUtf8(bytes) ? {} : { encoding };
}

/** Truth and prediction side by side, in the truth's frames and names. @param path of the prediction, for messages. */
function jointClip(truth: Annotations, predicted: Annotations, path: string): JointClip {
  const [known, found] = [pointFinder(truth.frames), pointFinder(predicted.frames)];
  const names = pointNames(truth);
  const frames = framesWithPoints(truth);
  const seen = frames.map((frame) => names.map((name) => ifVisible(known(frame, name))));
  return {
    truth: seen,
    predicted: frames.map((frame, i) =>
      names.map((name, j) => {
        const point = found(frame, name);
        if (i > 0 && point === undefined && seen[i][j] !== null) throw missing(path, frame, name);
        return point ?? null;
      }),
    ),
  };
}

/** Indices, ascending. */
function framesWithPoints({ frames }: Annotations): number[] {
  const indices = frames.flatMap(({ frame, points = [] }) => (points.length > 0 ? [frame] : []));
  return [...new Set(indices)].sort((a, b) => a - b);
}

function missing(path: string, frame: number, name: string): UserError {
  return new UserError("points/missing", {
    what: `${path} has no point "${name}" in frame ${frame}`,
    expected: "every point in every frame of the truth after the first",
    todo: "check that both belong to one clip and use the same names",
  });
}

/** Predictions of a clip and their truth; `sequence` is the clip in a truth that holds several. */
type Pair = PointFiles & { readonly name: string; readonly sequence?: string };

async function pairs({ prediction, truth }: PointFiles): Promise<Pair[]> {
  const [isFolder, toFolder] = await Promise.all([folder(truth), folder(prediction)]);
  if (toFolder && IS_PICKLE.test(truth))
    return (await pointFilesIn(prediction)).map((file) => ({
      name: stem(file),
      sequence: stem(file),
      prediction: join(prediction, file),
      truth,
    }));
  if (isFolder !== toFolder)
    throw new UserError("points/folders", {
      what: "the predictions and the truth must be two files or two folders",
      got: `${prediction} and ${truth}`,
    });
  if (!isFolder) return [{ name: stem(truth), prediction, truth }];
  const truths = new Map((await pointFilesIn(truth)).map((file) => [stem(file), file]));
  const found = await pointFilesIn(prediction);
  const strange = found.find((file) => !truths.has(stem(file)));
  if (found.length === 0 || strange !== undefined)
    throw new UserError("points/no-truth", {
      what: found.length === 0 ? `${prediction} has no .csv or .json file` : `there is no truth for ${strange}`,
      expected: `files named as those in ${truth}`,
    });
  return found.map((file) => ({
    name: stem(file),
    prediction: join(prediction, file),
    truth: join(truth, truths.get(stem(file))!),
  }));
}

/** Of TAP-Vid, which may hold many clips. */
const IS_PICKLE = /\.(?:pkl|pickle)$/iu;

/** Files of TAP-Vid, whose positions are shares of the frame. */
const IS_TAPVID = /\.(?:npz|pkl|pickle)$/iu;

const stem = (path: string): string => basename(path, extname(path));

async function folder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new UserError(
      "file/missing",
      { what: `cannot open ${path}: ${messageOf(error)}`, todo: "check the path" },
      error,
    );
  }
}

/** What else a run leaves in a folder of predictions. */
const OTHERS = new Set(["settings.json", "summary.json", "scores.json"]);

async function pointFilesIn(path: string): Promise<string[]> {
  return (await readdir(path))
    .filter((name) => /\.(?:csv|json|npz|pkl|pickle)$/iu.test(name) && !OTHERS.has(name))
    .sort();
}

/** Options of `scoreTapVidFiles`. */
export interface TapVidFiles extends PointFiles {
  readonly mode: QueryMode;
  /** Of the clip's frames; needed for files of points, which do not say it. */
  readonly size?: FrameSize | undefined;
}

/**
 * TAP-Vid scores of tapnet's arrays (JSON or `.npz` with `query_points`, `gt_tracks`, `gt_occluded` and `pred_tracks`,
 * `pred_occluded`, in pixels of 256 × 256, each with or without a first axis of one video), or of files of points in
 * pixels of the clip or of TAP-Vid itself, mode `first` only. A pickle of many clips is the truth of a folder of
 * predictions that are named as its clips.
 * @throws UserError `tapvid/arrays`, `tapvid/mode`, `tapvid/size`, `points/missing` and those of reading the files
 */
export async function scoreTapVidFiles(files: TapVidFiles): Promise<ClipScores<TapVidScore>> {
  const clips: Record<string, TapVidScore> = {};
  for (const pair of await pairs(files))
    clips[pair.name] = tapVidScore(await readTracks({ ...files, ...pair }), files.mode);
  return { clips, all: meanTapVidScore(Object.values(clips)) };
}

async function readTracks(files: TapVidFiles & { readonly sequence?: string }): Promise<TapVidTrack[]> {
  const { prediction, truth, mode, size } = files;
  if ([prediction, truth].every((path) => /\.(?:json|npz)$/iu.test(path))) {
    const known = await readTapVidTruth(truth, await readingOf(truth, files));
    const found = await readTapVidPrediction(prediction, await readingOf(prediction, files));
    if (known !== undefined && found !== undefined) return arrayTracks(known, found, files);
  }
  if (mode === "strided")
    throw new UserError("tapvid/mode", {
      what: `${prediction} holds one track of each point`,
      expected: "with --mode strided a track of each query, as arrays (query_points, pred_tracks, …)",
    });
  if (size === undefined && !(IS_TAPVID.test(prediction) && IS_TAPVID.test(truth)))
    throw new UserError("tapvid/size", {
      what: "files of points do not say how large the frames are",
      expected: "the size of the clip, for example --size 854x480",
    });
  const frame = size ?? { width: TAPVID_SIZE, height: TAPVID_SIZE };
  const known = await pointsIn(truth, readPointTruth, { ...files, size: frame });
  const found = await pointsIn(prediction, readPointLabels, { ...files, sequence: undefined, size: frame });
  return pointTracks(known, found, { path: prediction, size: frame });
}

/** Points in pixels of frames of this size. */
async function pointsIn(
  path: string,
  read: typeof readPointTruth,
  { size, sequence, ...files }: PointFiles & { readonly size: FrameSize; readonly sequence?: string | undefined },
): Promise<Annotations> {
  if (!IS_TAPVID.test(path)) return read(path, await readingOf(path, files));
  return inPixels(await tapVid.read(path, sequence === undefined ? {} : { sequence }), size);
}

function arrayTracks(known: TapVidTruth, found: TapVidPrediction, { prediction, truth }: PointFiles): TapVidTrack[] {
  const expected = shape(known.gt_tracks);
  const others = [known.gt_occluded, found.pred_tracks, found.pred_occluded];
  if (others.some((array) => shape(array) !== expected) || known.query_points.length !== known.gt_tracks.length)
    throw new UserError("tapvid/arrays", {
      what: `the arrays of ${truth} and ${prediction} differ in points or frames`,
    });
  return known.query_points.map(([query], i) => ({
    query: Math.round(query),
    truth: states(known.gt_tracks[i], known.gt_occluded[i]),
    predicted: states(found.pred_tracks[i], found.pred_occluded[i]),
  }));
}

/** Lengths, to compare. */
const shape = (arrays: readonly (readonly unknown[])[]): string => arrays.map(({ length }) => length).join();

const states = (places: readonly (readonly [number, number])[], hidden: readonly boolean[]) =>
  places.map(([x, y], frame) => ({ x, y, visible: !hidden[frame] }));

/** Each point's track, queried where it is first visible; only the frames of the truth count. */
function pointTracks(
  truth: Annotations,
  predicted: Annotations,
  { path, size }: { readonly path: string; readonly size: FrameSize },
): TapVidTrack[] {
  const [known, found] = [pointFinder(truth.frames), pointFinder(predicted.frames)];
  const frames = framesWithPoints(truth);
  const scaled = (point: PointAnnotation) => ({ ...point, ...toTapVid(point, size) });
  return pointNames(truth).flatMap((name) => {
    const states = frames.map((frame) => known(frame, name) ?? { name, x: 0, y: 0, visible: false });
    const [query] = queryFrames(states.map(isVisible), "first");
    if (query === undefined) return [];
    const tracked = frames.map((frame, i) => {
      const point = found(frame, name);
      if (i > query && point === undefined) throw missing(path, frame, name);
      return point ?? states[i];
    });
    return [{ query, truth: states.map(scaled), predicted: tracked.map(scaled) }];
  });
}
