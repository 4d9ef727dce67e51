/**
 * @file Runs the benchmarks of key points, JHMDB and BADJA: a method gets each sequence's frames and its joints in one
 * frame, and its tracks are scored. They are written as CSV, and an interrupted run resumes there.
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Annotations } from "../../annotations/annotations.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { mergeFrames, type UnmaskedFrame } from "../../annotations/merge.ts";
import { clampToFrame, type NamedPoint } from "../../annotations/point.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import { type JointAnnotations, joints } from "../../formats/joints.ts";
import { pointsCsv } from "../../formats/pointsCsv.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { openMaskLedger } from "./maskLedger.ts";
import type { PointMethod } from "./pointMethods.ts";
import { writePointStrip } from "./pointPictures.ts";

/** Where a benchmark lies. */
export interface PointBenchmark {
  /** The folder of `SEQUENCE.json`, see `joints`. */
  readonly annotations: string;
  /** The folder of `SEQUENCE/00000.jpg`. */
  readonly frames: string;
  /** Default all that are annotated. */
  readonly sequences?: readonly string[] | undefined;
  /**
   * `start`: the joints of the first annotated frame are given (JHMDB); `appearance`: each joint where it is first
   * visible, with a run for each such frame (BADJA).
   */
  readonly given: "start" | "appearance";
}

/** Options of `runPointBenchmark`. */
export interface PointBenchmarkOptions {
  /** Gets `SEQUENCE.csv`, `SEQUENCE.png` (a strip of frames) and `settings.json`. */
  readonly out: string;
  /** All that the tracks depend on: tracks made with anything else are not kept. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly logger?: Logger | undefined;
  /** Aborting ends the run with the signal's reason after the frame in hand. */
  readonly signal?: AbortSignal | undefined;
}

/** One sequence with its tracks. */
export interface TrackedSequence {
  readonly annotation: JointAnnotations;
  /** Index of each annotated frame in the clip. */
  readonly indices: readonly number[];
  /** Points of all frames. */
  readonly tracks: Annotations;
}

/** The outcome. */
export interface PointBenchmarkResult {
  readonly sequences: readonly TrackedSequence[];
  /** Frames tracked now (those of kept sequences are not among them), and the seconds that took. */
  readonly frames: number;
  readonly seconds: number;
  /** Sequences whose tracks existed already. */
  readonly kept: readonly string[];
}

/**
 * Tracks all sequences; those whose tracks are there and were made alike are kept.
 * @throws UserError `points/no-annotation`, `points/no-frames`, `points/frame`, `file/write` and those of reading and
 * tracking
 */
export async function runPointBenchmark(
  benchmark: PointBenchmark,
  method: PointMethod,
  { out, identity, logger = silent, signal }: PointBenchmarkOptions,
): Promise<PointBenchmarkResult> {
  const names = benchmark.sequences ?? (await annotatedSequences(benchmark.annotations));
  const ledger = await openMaskLedger(out, identity, logger);
  const sequences: TrackedSequence[] = [];
  const kept: string[] = [];
  let [frames, seconds] = [0, 0];
  for (const [index, name] of names.entries()) {
    const annotation = await joints.read(join(benchmark.annotations, `${name}.json`));
    await using source = await openFrames(join(benchmark.frames, name));
    const indices = frameIndices(annotation, source);
    const path = join(out, `${name}.csv`);
    if ((await ledger.holds(name, [])) && (await isThere(path))) kept.push(name);
    else {
      const begin = performance.now();
      const tracks = await track(method, { annotation, indices, source, given: benchmark.given }, (done) => {
        signal?.throwIfAborted();
        frames++;
        const speed = frames / (seconds + (performance.now() - begin) / 1000);
        logger.progress(`${name} (${index + 1} of ${names.length}): frame ${done}, ${speed.toPrecision(3)} frames/s`);
      });
      await pointsCsv.write(path, { objects: annotation.objects, frames: tracks });
      await writePointStrip(join(out, `${name}.png`), source, tracks);
      await ledger.complete(name);
      seconds += (performance.now() - begin) / 1000;
    }
    sequences.push({ annotation, indices, tracks: await pointsCsv.read(path) });
  }
  return { sequences, frames, seconds, kept };
}

interface OpenSequence {
  readonly annotation: JointAnnotations;
  readonly indices: readonly number[];
  readonly source: FrameSource;
  readonly given: PointBenchmark["given"];
}

/**
 * Every frame from a point's own first one on, all points of all runs together.
 * @param progress called for every frame.
 */
async function track(
  method: PointMethod,
  { annotation, indices, source, given }: OpenSequence,
  progress: (frame: number) => void,
): Promise<FrameAnnotation[]> {
  const tracked: UnmaskedFrame[] = [];
  for (const [start, points] of queriesOf(annotation, given)) {
    let frame = indices[start];
    // Some joints are annotated a little outside the picture; a tracker is given the nearest place in it.
    const within = points.map((point) => ({ name: point.name, ...clampToFrame(point, source) }));
    for await (const found of method.follow(source, frame, within)) {
      tracked.push({ frame, timeSec: source.timesSec[frame], points: found });
      progress(frame++);
    }
  }
  return mergeFrames(tracked);
}

/** Joints by the annotated frame (its index among them) in which they are given. */
function queriesOf({ frames, objects }: JointAnnotations, given: PointBenchmark["given"]): Map<number, NamedPoint[]> {
  const queries = new Map<number, NamedPoint[]>();
  for (const joint of objects.keys()) {
    const seen = frames.map(({ points = [] }) => points[joint]);
    const start = given === "start" ? 0 : seen.findIndex(isVisible);
    if (start >= 0 && isVisible(seen[start])) queries.set(start, [...(queries.get(start) ?? []), seen[start]]);
  }
  return queries;
}

function frameIndices({ frames, sequence }: JointAnnotations, source: FrameSource): number[] {
  return frames.map(({ image = "" }) => {
    const index = source.names.indexOf(image);
    if (index >= 0) return index;
    throw new UserError("points/frame", {
      what: `${source.path} has no frame ${image}, for which ${sequence} has joints`,
      expected: "the frames that were annotated, under their own names",
    });
  });
}

/** The names of the sequences that have joints. @throws UserError `points/no-annotation` */
export async function annotatedSequences(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
  if (names.length > 0) return names;
  throw new UserError("points/no-annotation", {
    what: `there are no annotated joints in ${folder}`,
    expected: "SEQUENCE.json",
  });
}

async function openFrames(folder: string): Promise<FrameSource> {
  if (await isThere(folder)) return openFrameSource(folder);
  throw new UserError("points/no-frames", {
    what: `there are no frames of the sequence ${basename(folder)}`,
    expected: `them in ${folder}`,
    todo: "check the data folder",
  });
}
