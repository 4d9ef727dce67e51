/**
 * @file TAP-Vid's annotations (https://github.com/google-deepmind/tapnet, `tapvid/README.md` and
 * `tapvid/evaluation_datasets.py`): a pickle of clips by name (DAVIS, RoboTAP, Kinetics) or in a list (RGB-stacking),
 * each with `video`, `points` `[points, frames, (x, y)]` as shares of the frame's width and height from its corner, and
 * `occluded` `[points, frames]`. The same arrays of one clip in an `.npz`, or those of tapnet's evaluation, in pixels of
 * 256 × 256: `target_points` or `gt_tracks` and `pred_tracks`, queries `(t, y, x)`. Points have numbers instead of names;
 * our own files add `names`.
 */
import { extname } from "node:path";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { FrameSize } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import type { ReadOptions } from "./json.ts";
import { requireFrameIndex, requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { readNpz, withNumpyErrors, writeNpz } from "./npz.ts";
import { type NumpyArray, NumpyError, numbersOf, textsOf } from "../core/numpyArray.ts";
import { PickledArray, withPickle } from "./numpyPickle.ts";
import { requireSize } from "./paintedMask.ts";
import { objectsIn } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { chosenSequence } from "./sequence.ts";
import { usable } from "./usable.ts";

/** Pixels of a side of the frames that tapnet's evaluation measures in. */
const EVALUATED_SIDE = 256;

const HOLDS: Holdings = { ...HOLDS_NOTHING, points: true, tracks: true, names: true, hidden: "points" };

/**
 * Pickles and `.npz` are read, `.npz` are written; nothing in a pickle is executed. Positions are relative. Reading throws
 * UserError `annotations/sequence`, `format/pickle`, `format/npz`, `format/limit`, `points/empty`, `file/missing`.
 */
export const tapVid = {
  name: "tapvid",
  layout: [".npz", ".pkl", ".pickle"],
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const clip = extname(path).toLowerCase() === ".npz" ? await npzClip(path) : pickledClip(path, options);
    const frames = framesOf(clip);
    const objects = objectsIn(frames);
    const { name, size } = clip;
    const read = { ...(name && { sequence: name }), ...(size && { size }), objects, frames };
    const annotations = usable(read, path, options.logger);
    if (annotations.frames.length === 0)
      throw new UserError("points/empty", { what: `${path} has no points`, expected: "at least one" });
    requireOnce(annotations, path);
    return { ...annotations, relative: true };
  },
  holds: HOLDS,
  write: writeTapVid,
} satisfies AnnotationFormat<Annotations>;

/** Points of a clip by frames. */
interface Clip {
  readonly name?: string;
  readonly size?: FrameSize;
  readonly names: readonly string[];
  readonly frameCount: number;
  /** Shares of the frame's width and height, `[points, frames, (x, y)]`. */
  readonly places: Float64Array;
  /** 1 where a point is not visible, `[points, frames]`. */
  readonly hidden: Float64Array;
}

/** The arrays of a clip. @throws NumpyError */
function clipOf(
  points: NumpyArray,
  occluded: NumpyArray,
  { side = 1, names }: { readonly side?: number; readonly names?: readonly string[] },
): Clip {
  const [shape, states] = [ofOneVideo(points, 3), ofOneVideo(occluded, 2)];
  const [count, frameCount, axes] = shape;
  if (axes !== 2 || states[0] !== count || states[1] !== frameCount)
    throw new NumpyError(
      `points of ${points.shape.join(" × ")} and occlusions of ${occluded.shape.join(" × ")} differ`,
    );
  if (frameCount > 0) requireFrameIndex(frameCount - 1, "the last frame of the arrays");
  if (names !== undefined && names.length !== count) throw new NumpyError(`${names.length} names for ${count} points`);
  return {
    names: names ?? Array.from({ length: count }, (_, i) => String(i + 1)),
    frameCount,
    places: numbersOf(points).map((value) => value / side),
    hidden: numbersOf(occluded),
  };
}

/** The shape without a first axis of one video. */
function ofOneVideo({ shape }: NumpyArray, axes: number): readonly number[] {
  const own = shape.length === axes + 1 && shape[0] === 1 ? shape.slice(1) : shape;
  if (own.length === axes) return own;
  throw new NumpyError(`an array of ${shape.join(" × ")} values has not ${axes} axes`);
}

/** The arrays that an `.npz` can have: places, occlusions, and pixels of a side. */
const IN_NPZ: readonly (readonly [points: string, occluded: string, side: number])[] = [
  ["points", "occluded", 1],
  ["target_points", "occluded", EVALUATED_SIDE],
  ["gt_tracks", "gt_occluded", EVALUATED_SIDE],
  ["pred_tracks", "pred_occluded", EVALUATED_SIDE],
];

async function npzClip(path: string): Promise<Clip> {
  const arrays = await readNpz(path, new Set(["names", ...IN_NPZ.flatMap(([points, occluded]) => [points, occluded])]));
  for (const [place, occlusion, side] of IN_NPZ) {
    const [points, occluded, names] = [place, occlusion, "names"].map((name) => arrays.get(name));
    if (points !== undefined && occluded !== undefined)
      return withNumpyErrors(path, () => clipOf(points, occluded, { side, ...(names && { names: textsOf(names) }) }));
  }
  throw new UserError("format/npz", {
    what: `${path} has no points of TAP-Vid`,
    got: [...arrays.keys()].join(", ") || "none of its arrays",
    expected: IN_NPZ.map(([points, occluded]) => `${points} and ${occluded}`).join(", or "),
  });
}

function pickledClip(path: string, options: ReadOptions): Clip {
  return withPickle(path, (value) => {
    const { name, clip } = chosenSequence(clipsIn(value, path), path, options);
    const [points, occluded, video] = ["points", "occluded", "video"].map((key) => clip.get(key));
    if (!(points instanceof PickledArray) || !(occluded instanceof PickledArray)) throw noClips(path);
    const size = video instanceof PickledArray ? sizeOf(video, path) : undefined;
    return { name, ...(size && { size }), ...clipOf(points, occluded, {}) };
  });
}

/** Clips by name, or numbered from 0 as in Python's lists; a single one alone. @throws UserError `format/pickle` */
function clipsIn(
  value: unknown,
  path: string,
): { readonly name: string; readonly clip: ReadonlyMap<unknown, unknown> }[] {
  if (isClip(value)) return [{ name: "", clip: value }];
  const entries: [unknown, unknown][] = value instanceof Map || Array.isArray(value) ? [...value.entries()] : [];
  const clips = entries.flatMap(([name, clip]) => (isClip(clip) ? [{ name: String(name), clip }] : []));
  if (clips.length > 0) return clips;
  throw noClips(path);
}

function isClip(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map && value.has("points") && value.has("occluded");
}

function noClips(path: string): UserError {
  return new UserError("format/pickle", {
    what: `${path} has no clips of TAP-Vid`,
    expected: "clips with the arrays points and occluded, by name or in a list",
  });
}

/** Of frames as arrays; those of Kinetics are JPEG. */
function sizeOf({ shape }: PickledArray, path: string): FrameSize | undefined {
  const [, height, width] = shape;
  return shape.length === 4 ? requirePictureSize({ width, height }, `${path}: the video`) : undefined;
}

function framesOf({ names, frameCount, places, hidden }: Clip): FrameAnnotation[] {
  if (names.length === 0) return [];
  return Array.from({ length: frameCount }, (_, frame) => ({
    frame,
    points: names.map((name, i) => {
      const at = i * frameCount + frame;
      return { name, x: places[2 * at], y: places[2 * at + 1], visible: hidden[at] === 0 };
    }),
  }));
}

/** @throws UserError `labels/relative` without the size of the frames, `file/write` */
async function writeTapVid(
  path: string,
  stream: AnnotationStream,
  { losses, frameCount }: WriteOptions,
): Promise<void> {
  const { width, height } = requireSize(stream.size);
  const frames: FrameAnnotation[] = [];
  for await (const frame of stream.frames) frames.push(frame);
  const first = firstSeen(frames);
  const names = [...first.keys()].filter((name) => first.get(name) !== undefined);
  if (names.length < first.size) losses.tell("no point that is never visible: left out %s", first.size - names.length);
  const count = Math.max(frameCount ?? 0, ...frames.map(({ frame }) => frame + 1));
  const points = new Float32Array(names.length * count * 2);
  const occluded = new Uint8Array(names.length * count).fill(1);
  const indices = new Map(names.map((name, i) => [name, i]));
  for (const frame of frames)
    for (const point of frame.points ?? []) {
      const index = indices.get(point.name);
      if (index === undefined) continue;
      const at = index * count + frame.frame;
      points.set([point.x / width, point.y / height], 2 * at);
      occluded[at] = isVisible(point) ? 0 : 1;
    }
  const queries = names.flatMap((name, i) => {
    const frame = first.get(name)!;
    const at = 2 * (i * count + frame);
    return [frame, points[at + 1] * EVALUATED_SIDE, points[at] * EVALUATED_SIDE];
  });
  await writeNpz(path, {
    points: { values: { type: "<f4", data: points }, shape: [names.length, count, 2] },
    occluded: { values: { type: "|b1", data: occluded }, shape: [names.length, count] },
    query_points: { values: { type: "<f4", data: Float32Array.from(queries) }, shape: [names.length, 3] },
    names: { values: { type: "U", data: names }, shape: [names.length] },
  });
}

/** Where each point is first visible; undefined for one that never is. */
function firstSeen(frames: readonly FrameAnnotation[]): Map<string, number | undefined> {
  const first = new Map<string, number | undefined>();
  for (const { frame, points = [] } of frames)
    for (const point of points)
      if (first.get(point.name) === undefined) first.set(point.name, isVisible(point) ? frame : undefined);
  return first;
}
