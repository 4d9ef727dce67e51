/** @file What every fault in every strength costs the tracker, on annotated sequences. */
import { readFootage } from "../../footage/checkFrames.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { type SequenceScore, sequenceScorer } from "../../metrics/davis.ts";
import { clean, degradations, degrade, type DegradationName } from "../../synthetic/degraded/degradations.ts";
import type { DegradedClip } from "../../synthetic/degraded/degradedSource.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import { frameList } from "../../video/frameList.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import {
  type DavisBenchmark,
  fileOf,
  type MaskMethod,
  openSequence,
  type OpenSequence,
} from "../benchmarks/davisBenchmark.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { join } from "node:path";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { FAULTS, nameOf, OWN, type OwnValues, ownValues, STEPS } from "./ownMeasures.ts";

/** A sequence tracked with a fault, or as it is. */
export interface TrackedStep {
  readonly sequence: string;
  /** Null = the sequence as it is. */
  readonly fault: DegradationName | null;
  readonly strength: number;
  /** Indices in the sequence of the scored frames. */
  readonly frames: readonly number[];
  /** Mean of J and F over the objects in each of them, 0..1. */
  readonly JF: readonly number[];
  readonly values: OwnValues;
}

/** Options of `trackSteps`. */
export interface TrackStepsOptions extends ConfidenceBenchmarkOptions {
  /** Only so many frames of a sequence, the first ones. */
  readonly frames: number;
}

/** All steps of all sequences; those of before with the same identity are kept. @throws UserError those of `openSequence` */
export function trackSteps(
  benchmark: DavisBenchmark,
  method: MaskMethod,
  options: TrackStepsOptions,
): Promise<TrackedStep[]> {
  const parts = benchmark.sequences.flatMap((sequence) =>
    STEPS.map((step) => ({ name: `${sequence}-${nameOf(step)}`, sequence, ...step })),
  );
  return observeAll(
    parts.map(({ name }) => name),
    async (partName) => {
      const part = parts.find(({ name }) => name === partName);
      if (part === undefined) return [];
      const { sequence: name, fault, strength } = part;
      await using sequence = await openSequence(benchmark, name);
      return [{ sequence: name, fault, strength, ...(await trackOne(sequence, method, part, options)) }];
    },
    options,
  );
}

async function trackOne(
  sequence: OpenSequence,
  method: MaskMethod,
  { fault, strength }: Pick<TrackedStep, "fault" | "strength">,
  { frames, signal }: TrackStepsOptions,
): Promise<Pick<TrackedStep, "frames" | "JF" | "values">> {
  const { source, objects, folder } = sequence;
  const clip = fault === null ? clean(source, frames) : degrade(source, { name: fault, strength }, frames);
  await using _ = clip.source;
  // Made once for both: few frames are tracked.
  const made = { ...clip, source: frameList(await framesOf(clip.source), source.path) };
  const scorer = sequenceScorer(objects, "background");
  const scored: number[] = [];
  let at = 0;
  for await (const labels of carried(sequence, method, made)) {
    signal?.throwIfAborted();
    const index = clip.indices[at++];
    if (index === 0) continue;
    scorer.add(labels, clip.labels(await readMaskPng(join(folder, fileOf(source.names[index]))), index));
    scored.push(index);
  }
  const values = ownValues(await readFootage(made.source, { signal }));
  return { frames: scored, JF: frameScores(scorer.score()), values };
}

async function framesOf(source: FrameSource): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames()) frames.push(frame);
  return frames;
}

/** The method's masks on the degraded clip. */
async function* carried(sequence: OpenSequence, method: MaskMethod, clip: DegradedClip): AsyncGenerator<LabelMap> {
  const onClip: MaskMethod = { carry: (_, first) => method.carry(clip.source, clip.labels(first, 0)) };
  for await (const { labels } of sequence.carried(onClip)) yield labels;
}

function frameScores({ objects }: SequenceScore): number[] {
  const all = Object.values(objects);
  return all[0].J.map((_, i) => meanOf(all.flatMap(({ J, F }) => [J[i], F[i]])));
}

/** A strength of a fault: means over the sequences. */
export interface LadderStep {
  readonly fault: DegradationName;
  readonly strength: number;
  /** Of the fault's own number; NaN where no sequence shows it. */
  readonly value: number;
  /** Of the same sequences as they are. */
  readonly cleanValue: number;
  /** J&F points (hundredths) less than on the same frames of the sequences as they are. */
  readonly lost: number;
}

/** @param steps as `trackSteps` gives them */
export function ladderOf(steps: readonly TrackedStep[]): LadderStep[] {
  const cleanOf = new Map(steps.filter(({ fault }) => fault === null).map((step) => [step.sequence, step]));
  return FAULTS.flatMap((fault) =>
    degradations[fault].steps.map((strength) => {
      const own = steps.filter((step) => step.fault === fault && step.strength === strength);
      const valueOf = (step: TrackedStep | undefined): number => step?.values[OWN[fault]] ?? NaN;
      return {
        fault,
        strength,
        value: meanOf(own.map(valueOf)),
        cleanValue: meanOf(own.map(({ sequence }) => valueOf(cleanOf.get(sequence)))),
        lost: meanOf(own.map((step) => 100 * lossOf(step, cleanOf.get(step.sequence)))),
      };
    }),
  );
}

function lossOf({ frames, JF }: TrackedStep, before: TrackedStep | undefined): number {
  const same = frames.map((frame) => before?.JF[before.frames.indexOf(frame)] ?? NaN);
  return meanOf(same) - meanOf(JF);
}

/** Where so many points are lost, read off between the steps of a fault; undefined if they never are. */
export function valueAtLoss(ladder: readonly LadderStep[], fault: DegradationName, lost: number): number | undefined {
  const own = ladder.filter((step) => step.fault === fault);
  const points = [{ value: own[0]?.cleanValue ?? NaN, lost: 0 }, ...own];
  const next = points.findIndex((point) => point.lost >= lost);
  if (next < 1) return undefined;
  const [from, to] = [points[next - 1], points[next]];
  return from.value + ((to.value - from.value) * (lost - from.lost)) / (to.lost - from.lost);
}
