/** @file Tracks and truth as annotations, frame by frame side by side, as scores of several things compare them. */
import type { AnnotationStream } from "../../annotations/annotations.ts";
import type { BoxAnnotation } from "../../annotations/box.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { areaOf, type Region } from "../../annotations/region.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { UserError } from "../../core/errors.ts";
import { type Instance, instancesOf, NO_CLASS, ObjectNumbers, regionIn, visibleBox } from "../../formats/instances.ts";
import { requireSize } from "../../formats/paintedMask.ts";
import type { MotFrame, MotSequence } from "../../metrics/mot/sequence.ts";

/** What overlaps: boxes, or the pixels of masks and outlines; `auto`: pixels where both sides have them. */
export type MotOverlap = "auto" | "box" | "mask";

/** How a clip is compared. */
export interface MotClipOptions {
  readonly overlap: MotOverlap;
  /** Only things of this class; tracks that do not say a class count as well. Default: all. */
  readonly class?: string | undefined;
  /** Only frames that the truth annotates; default: all frames, so that what is tracked in others is wrong. */
  readonly labelledOnly?: boolean;
}

/** One side of the comparison. */
export interface MotSide {
  /** Named in messages. */
  readonly name: string;
  readonly stream: AnnotationStream;
}

/** A side's things are known by their indices, in the order in which they come. */
class Things {
  readonly side: MotSide;
  private readonly numbers: ObjectNumbers;
  private readonly indices = new Map<string, number>();
  private readonly wanted: (kind: string) => boolean;
  /** All that occurred, wanted or not. */
  readonly classes = new Set<string>();

  constructor(side: MotSide, wanted: (kind: string) => boolean) {
    this.side = side;
    this.numbers = new ObjectNumbers(side.stream.objects);
    this.wanted = wanted;
  }

  get count(): number {
    return this.indices.size;
  }

  /** The things to be seen in a frame that have a box or pixels. */
  in(frame: FrameAnnotation | undefined): Instance[] {
    if (frame === undefined) return [];
    const here = instancesOf(frame, this.numbers).filter(
      (one) => isVisible(one.verdict) && visibleBox(one) !== undefined,
    );
    for (const { object } of here) this.classes.add(object.class);
    return here.filter(({ object }) => this.wanted(object.class));
  }

  indexOf({ object: { name } }: Instance): number {
    const index = this.indices.get(name) ?? this.indices.size;
    this.indices.set(name, index);
    return index;
  }
}

/**
 * Compares tracks with their truth; in memory are the overlaps alone.
 * @returns the sequence, and what was compared
 * @throws UserError `mot/overlap`, `mot/order`, `mot/class`, `labels/relative`
 */
export async function motSequence(
  truth: MotSide,
  tracks: MotSide,
  { overlap, class: kind, labelledOnly = false }: MotClipOptions,
): Promise<{ readonly sequence: MotSequence; readonly overlap: "box" | "mask" }> {
  const things = new Things(truth, (one) => kind === undefined || one === kind);
  const found = new Things(tracks, (one) => kind === undefined || one === kind || one === NO_CLASS);
  const comparison = new Comparison(overlap, truth, tracks);
  const frames: MotFrame[] = [];
  for await (const [known, tracked] of sideBySide(truth, tracks)) {
    if (labelledOnly && known === undefined) continue;
    const [inTruth, inTracks] = [things.in(known), found.in(tracked)];
    const sizes = [known, tracked].map((one) => one?.mask);
    frames.push({
      truth: inTruth.map((one) => things.indexOf(one)),
      tracks: inTracks.map((one) => found.indexOf(one)),
      similarity: comparison.overlaps(inTruth, inTracks, sizes[0] ?? sizes[1]),
    });
  }
  requireClass(kind, things);
  return {
    sequence: { truthCount: things.count, trackCount: found.count, frames },
    overlap: comparison.kind ?? "box",
  };
}

/** @throws UserError `mot/class` */
function requireClass(kind: string | undefined, { side, classes }: Things): void {
  if (kind === undefined || classes.has(kind)) return;
  throw new UserError("mot/class", {
    what: `${side.name} has nothing of the class "${kind}"`,
    expected: classes.size === 0 ? "a class of the truth, which is empty" : `one of ${[...classes].sort().join(", ")}`,
  });
}

/** Frames of either side, ascending; undefined where a side has none. */
async function* sideBySide(
  truth: MotSide,
  tracks: MotSide,
): AsyncGenerator<[FrameAnnotation | undefined, FrameAnnotation | undefined], void, void> {
  const [left, right] = [ascending(truth), ascending(tracks)];
  let [known, found] = [await left.next(), await right.next()];
  while (!known.done || !found.done) {
    const first = Math.min(known.value?.frame ?? Infinity, found.value?.frame ?? Infinity);
    const [hasTruth, hasTracks] = [known.value?.frame === first, found.value?.frame === first];
    yield [hasTruth ? (known.value ?? undefined) : undefined, hasTracks ? (found.value ?? undefined) : undefined];
    if (hasTruth) known = await left.next();
    if (hasTracks) found = await right.next();
  }
}

async function* ascending({ name, stream }: MotSide): AsyncGenerator<FrameAnnotation, void, void> {
  let last = -1;
  for await (const frame of stream.frames) {
    if (frame.frame <= last)
      throw new UserError("mot/order", {
        what: `the frames of ${name} are not in order`,
        got: `frame ${frame.frame} after frame ${last}`,
        expected: "every frame once, ascending",
        todo: "name pictures by their number alone, such as 00012.png",
      });
    last = frame.frame;
    yield frame;
  }
}

/** Decides once what is compared, and compares. */
class Comparison {
  kind: "box" | "mask" | undefined;
  private readonly truth: MotSide;
  private readonly tracks: MotSide;

  constructor(overlap: MotOverlap, truth: MotSide, tracks: MotSide) {
    this.kind = overlap === "auto" ? undefined : overlap;
    this.truth = truth;
    this.tracks = tracks;
  }

  /** `[truth, tracks]`. */
  overlaps(truth: readonly Instance[], tracks: readonly Instance[], size: FrameSize | undefined): Float64Array {
    const out = new Float64Array(truth.length * tracks.length);
    if (out.length === 0) return out;
    this.kind ??= truth[0].extent !== undefined && tracks[0].extent !== undefined ? "mask" : "box";
    const compare = this.kind === "mask" ? this.pixels(truth, tracks, size) : boxes(truth, tracks);
    for (let i = 0; i < truth.length; i++)
      for (let j = 0; j < tracks.length; j++) out[i * tracks.length + j] = compare(i, j);
    return out;
  }

  private pixels(truth: readonly Instance[], tracks: readonly Instance[], ofMask: FrameSize | undefined) {
    const size = this.truth.stream.size ?? this.tracks.stream.size ?? ofMask;
    const regions = (side: MotSide, all: readonly Instance[]) => all.map((one) => regionOfThing(one, side, size));
    const [known, found] = [regions(this.truth, truth), regions(this.tracks, tracks)];
    return (i: number, j: number): number => regionOverlap(known[i], found[j]);
  }
}

function regionOfThing({ extent, object }: Instance, { name }: MotSide, size: FrameSize | undefined) {
  if (extent === undefined)
    throw new UserError("mot/overlap", {
      what: `${name} has a box without a mask`,
      got: `"${object.name}"`,
      expected: "masks or outlines of everything on both sides",
      todo: "compare boxes: --overlap box",
    });
  return "region" in extent ? extent.region : regionIn(extent, requireSize(size));
}

function boxes(truth: readonly Instance[], tracks: readonly Instance[]) {
  const [known, found] = [truth, tracks].map((all) => all.flatMap((one) => visibleBox(one) ?? []));
  return (i: number, j: number): number => boxOverlap(known[i], found[j]);
}

/** Intersection over union of two boxes, 0..1. */
export function boxOverlap(a: BoxAnnotation, b: BoxAnnotation): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const common = Math.max(0, width) * Math.max(0, height);
  return common === 0 ? 0 : common / (a.width * a.height + b.width * b.height - common);
}

/** Intersection over union of two sets of pixels, 0..1; 0 where either is empty. */
export function regionOverlap(a: Region | undefined, b: Region | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const [left, right] = [Math.max(a.x, b.x), Math.min(a.x + a.width, b.x + b.width)];
  const [top, bottom] = [Math.max(a.y, b.y), Math.min(a.y + a.height, b.y + b.height)];
  let common = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      common += a.data[(y - a.y) * a.width + x - a.x] & b.data[(y - b.y) * b.width + x - b.x];
  return common === 0 ? 0 : common / (areaOf(a) + areaOf(b) - common);
}
