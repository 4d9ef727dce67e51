/**
 * @file Runs the DAVIS benchmark (semi-supervised task): a method gets each sequence's frames and its first mask, and
 * its masks are scored. `scoreDavis` keeps nothing on disk (for scores while training); `evaluateDavis` writes the
 * masks to a folder and resumes there after an interruption.
 */
import { access } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { internal, UserError } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import {
  type DavisObjects,
  davisScore,
  type DavisScore,
  type SequenceScore,
  type VoidHandling,
} from "../../metrics/davis.ts";
import {
  type NamedMask,
  requireObjects,
  scoreFolder,
  scoreSequence,
  type SequenceTruth,
  truthNames,
} from "./davisFolders.ts";
import { openMaskLedger } from "./maskLedger.ts";
import { writePictures } from "./pictures.ts";

/** Which sequences of which data set, laid out as DAVIS. */
export interface DavisBenchmark {
  /** The folder of `JPEGImages/<resolution>/<sequence>` and `<annotations>/<resolution>/<sequence>`. */
  readonly root: string;
  /** Names of folders, see `readSplit`. */
  readonly sequences: readonly string[];
  /** Default `480p`. */
  readonly resolution?: string;
  /** Default `Annotations`. */
  readonly annotations?: string;
}

/** What carries a first mask through a clip: a tracker, or a floor to compare it with. */
export interface MaskMethod {
  /**
   * @param first the mask of frame 0, of the frames' size: 0 and object ids, no void.
   * @returns a mask for every frame in order, the first one's included; fewer may be asked for.
   */
  carry(source: FrameSource, first: LabelMap): AsyncIterable<LabelMap>;
}

/** A mask of a frame whose truth then replaced it. */
export interface CorrectedMask {
  /** As carried from the frames before, in which the truth was known. */
  readonly labels: LabelMap;
  /** The truth as the method can show it; undefined where it is not known, or was given. */
  readonly shown: LabelMap | undefined;
}

/** A method that can be told the truth of a frame before it goes on to the next. */
export interface CorrectableMethod extends MaskMethod {
  /**
   * As `carry`, told the truth of every frame after its mask was made.
   * @param truthOf the true mask of the frame with this index, as `first`; undefined where it is not known.
   */
  correct(
    source: FrameSource,
    first: LabelMap,
    truthOf: (index: number) => Promise<LabelMap | undefined>,
  ): AsyncIterable<CorrectedMask>;
}

/** The floor: nothing ever moves. */
export const copyFirstMask: CorrectableMethod = {
  async *carry(source, first) {
    for (let i = 0; i < source.frameCount; i++) yield first;
  },
  async *correct(source, first, truthOf) {
    let labels = first;
    for (let i = 0; i < source.frameCount; i++) {
      const shown = i === 0 ? undefined : await truthOf(i);
      yield { labels, shown };
      labels = shown ?? labels;
    }
  },
};

/** Options of both ways to run the benchmark. */
export interface DavisRunOptions {
  /** Default `background`, as the official tool. */
  readonly voidHandling?: VoidHandling;
  /** Noted in the result. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Reports the progress. Default: silent. */
  readonly logger?: Logger | undefined;
  /** Aborting ends the run with the signal's reason after the frame in hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tracks and scores without keeping the masks.
 * @param maxFrames only so many frames of each sequence, at least 3. Default: all.
 * @throws UserError as `evaluateDavis`
 */
export async function scoreDavis(
  benchmark: DavisBenchmark,
  method: MaskMethod,
  {
    voidHandling = "background",
    settings = {},
    logger = silent,
    signal,
    maxFrames,
  }: DavisRunOptions & { readonly maxFrames?: number | undefined } = {},
): Promise<DavisScore> {
  const scores: Record<string, SequenceScore> = {};
  for (const [index, name] of benchmark.sequences.entries()) {
    logger.progress(`scoring ${name} (${index + 1} of ${benchmark.sequences.length})`);
    await using sequence = await openSequence(benchmark, name);
    const masks = sequence.carried(method)[Symbol.asyncIterator]();
    const maskOf = async (file: string): Promise<NamedMask> => {
      signal?.throwIfAborted();
      for (let next = await masks.next(); next.done !== true; next = await masks.next())
        if (fileOf(next.value.name) === file) return { path: `${name}/${file}`, labels: next.value.labels };
      throw internal(`the method gave no mask for ${name}/${file}`);
    };
    try {
      scores[name] = await scoreSequence(firstFrames(sequence, maxFrames), maskOf, voidHandling);
    } finally {
      await masks.return?.(undefined);
    }
  }
  return davisScore(scores, settings);
}

/** The outcome of `evaluateDavis`. */
export interface DavisEvaluation {
  readonly score: DavisScore;
  /** Frames tracked now; those of kept sequences are not among them. */
  readonly frames: number;
  /** What these frames took, decoding and writing included. */
  readonly seconds: number;
  /** Sequences whose masks existed already. */
  readonly kept: readonly string[];
}

/** Options of `evaluateDavis`. */
export interface DavisEvaluationOptions extends DavisRunOptions {
  /** Gets `<sequence>/<frame>.png`, `settings.json` and for each sequence the pictures of `writePictures`. */
  readonly out: string;
  /** All that the masks depend on: masks made with anything else are not kept. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/**
 * Tracks, writes the masks and scores them; sequences whose masks are complete and made alike are kept.
 * @throws UserError `davis/no-frames`, `davis/first-frame`, `davis/size`, `davis/out`, `file/write`, those of
 * `openFrameSource` and of `scoreDavisFolders`; all sequences must exist before the first is tracked.
 */
export async function evaluateDavis(
  benchmark: DavisBenchmark,
  method: MaskMethod,
  { out, identity, voidHandling = "background", settings = {}, logger = silent, signal }: DavisEvaluationOptions,
): Promise<DavisEvaluation> {
  requireSafeOutput(benchmark, out);
  for (const name of benchmark.sequences) await requireSequence(benchmark, name);
  const ledger = await openMaskLedger(out, identity, logger);
  const scores: Record<string, SequenceScore> = {};
  const kept: string[] = [];
  let [frames, seconds] = [0, 0];
  for (const [index, name] of benchmark.sequences.entries()) {
    signal?.throwIfAborted();
    await using sequence = await openSequence(benchmark, name);
    const place = `${name} (${index + 1} of ${benchmark.sequences.length})`;
    if (await ledger.holds(name, sequence.source.names)) kept.push(name);
    else {
      const begin = performance.now();
      await writeMasks(sequence, method, join(out, name), (line) => {
        signal?.throwIfAborted();
        logger.progress(`${place}: ${line}`);
      });
      await ledger.complete(name);
      frames += sequence.source.frameCount;
      seconds += (performance.now() - begin) / 1000;
    }
    scores[name] = await scoreFolder(join(out, name), sequence.folder, voidHandling);
    await writePictures(out, { name, source: sequence.source, score: scores[name] });
    logger.info(`${place}: J&F ${scores[name].JF_mean.toFixed(3)}${kept.includes(name) ? ", masks kept" : ""}`);
  }
  return { score: davisScore(scores, settings), frames, seconds, kept };
}

async function writeMasks(
  { source, carried }: OpenSequence,
  method: MaskMethod,
  folder: string,
  progress: (line: string) => void,
): Promise<void> {
  const begin = performance.now();
  let written = 0;
  for await (const { name, labels } of carried(method)) {
    await writeMaskPng(join(folder, fileOf(name)), labels);
    const speed = (++written / (performance.now() - begin)) * 1000;
    progress(`frame ${written} of ${source.frameCount}, ${speed.toPrecision(3)} frames/s`);
  }
  if (written !== source.frameCount) throw internal(`${written} masks were made for ${source.frameCount} frames`);
}

/** A sequence ready to be tracked. */
export interface OpenSequence extends SequenceTruth, AsyncDisposable {
  readonly source: FrameSource;
  /** Those of the first mask. */
  readonly objects: DavisObjects;
  /** The method's masks with the names of their frames. */
  readonly carried: (method: MaskMethod) => AsyncIterable<NamedLabels>;
  /** The same when it is told the truth of every frame. */
  readonly corrected: (method: CorrectableMethod) => AsyncIterable<NamedLabels & CorrectedMask>;
}

/** Labels of the frame with this name. */
interface NamedLabels {
  readonly name: string;
  readonly labels: LabelMap;
}

/** @throws UserError `davis/no-frames`, `davis/first-frame`, `davis/size` and those of `truthNames` */
export async function openSequence(benchmark: DavisBenchmark, name: string): Promise<OpenSequence> {
  const { frames, truth } = await requireSequence(benchmark, name);
  const source = await openFrameSource(frames);
  try {
    const { first, objects } = await firstMask(truth, source);
    const known = new Set(truth.names);
    const truthOf = async (index: number): Promise<LabelMap | undefined> => {
      const file = fileOf(source.names[index]);
      return known.has(file) ? withoutVoid(await readMaskPng(join(truth.folder, file)), objects) : undefined;
    };
    return {
      ...truth,
      source,
      objects,
      async *carried(method) {
        let index = 0;
        for await (const labels of method.carry(source, first)) yield { name: source.names[index++], labels };
      },
      async *corrected(method) {
        let index = 0;
        for await (const mask of method.correct(source, first, truthOf)) yield { name: source.names[index++], ...mask };
      },
      [Symbol.asyncDispose]: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The first frame's mask as a tracker takes it, and its objects. */
async function firstMask(
  { folder, names }: SequenceTruth,
  source: FrameSource,
): Promise<{ readonly first: LabelMap; readonly objects: DavisObjects }> {
  const path = join(folder, names[0]);
  if (names[0] !== fileOf(source.names[0]))
    throw new UserError("davis/first-frame", {
      what: `the first frame of ${source.path} has no mask`,
      got: `${path} as the first mask`,
      expected: fileOf(source.names[0]),
    });
  const mask = await readMaskPng(path);
  const objects = requireObjects(path, mask);
  if (mask.width !== source.width || mask.height !== source.height)
    throw new UserError("davis/size", {
      what: `${path} is of another size than the frames in ${source.path}`,
      got: `${mask.width}x${mask.height}`,
      expected: `${source.width}x${source.height}`,
    });
  return { first: withoutVoid(mask, objects), objects };
}

/** A true mask as a tracker takes it: the object of binary truth becomes 1, void becomes background. */
function withoutVoid(mask: LabelMap, { binary }: DavisObjects): LabelMap {
  return { ...mask, data: mask.data.map((label) => (label === VOID ? Number(binary) : label)) };
}

async function requireSequence(
  { root, resolution = "480p", annotations = "Annotations" }: DavisBenchmark,
  name: string,
): Promise<{ readonly frames: string; readonly truth: SequenceTruth }> {
  const frames = join(root, "JPEGImages", resolution, name);
  await access(frames).catch((error: unknown) => {
    throw new UserError(
      "davis/no-frames",
      {
        what: `there are no frames of the sequence ${name}`,
        expected: `them in ${frames}`,
        todo: "check the data folder, the resolution and the split",
      },
      error,
    );
  });
  const folder = join(root, annotations, resolution, name);
  return { frames, truth: { folder, names: await truthNames(folder) } };
}

/** The part of the truth that lies in the first frames of the clip. */
function firstFrames({ folder, names, source }: OpenSequence, maxFrames = source.frameCount): SequenceTruth {
  const wanted = new Set(source.names.slice(0, Math.max(3, maxFrames)).map(fileOf));
  return { folder, names: names.filter((name) => wanted.has(name)) };
}

/** The file of a frame's mask, by the frame's name. */
export const fileOf = (frameName: string): string => `${frameName}.png`;

/** Masks are overwritten without asking, so the data set's own must be out of reach. */
function requireSafeOutput({ root, annotations = "Annotations" }: DavisBenchmark, out: string): void {
  for (const folder of ["JPEGImages", annotations]) {
    const within = relative(resolve(root, folder), resolve(out));
    if (within.startsWith("..") || isAbsolute(within)) continue;
    throw new UserError("davis/out", {
      what: `the masks would be written into the data set: ${out}`,
      todo: "choose another folder for the results",
    });
  }
}
