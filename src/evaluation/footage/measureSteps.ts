/** @file The numbers of the footage check on clips with every fault in every strength; nothing is tracked. */
import { basename, extname } from "node:path";
import { readFootage } from "../../footage/checkFrames.ts";
import { clean, degradations, degrade, type DegradationName } from "../../synthetic/degraded/degradations.ts";
import type { DegradedClip } from "../../synthetic/degraded/degradedSource.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { FAULTS, type OwnValues, ownValues } from "./ownMeasures.ts";

/** What a clip with a fault measures. */
export interface MeasuredStep {
  readonly clip: string;
  /** Null = the clip as it is. */
  readonly fault: DegradationName | null;
  readonly strength: number;
  readonly values: OwnValues;
}

/** Options of `measureSteps`. */
export interface MeasureStepsOptions extends ConfidenceBenchmarkOptions {
  /** Only so many frames of a clip, the first ones. */
  readonly frames: number;
  readonly threads?: number | undefined;
}

/** All steps of all clips; those of before with the same identity are kept. @throws UserError those of reading and writing */
export function measureSteps(clips: readonly string[], options: MeasureStepsOptions): Promise<MeasuredStep[]> {
  const byName = new Map(clips.map((path, i) => [`${i + 1}-${basename(path, extname(path))}`, path]));
  return observeAll([...byName.keys()], async (name) => stepsOf(byName.get(name) ?? name, options), options);
}

async function stepsOf(path: string, options: MeasureStepsOptions): Promise<MeasuredStep[]> {
  const { frames, logger } = options;
  await using source = await openFrameSource(path, { ...(logger !== undefined && { logger }) });
  const clip = basename(path);
  const steps: MeasuredStep[] = [
    { clip, fault: null, strength: 0, values: await valuesOf(clean(source, frames), options) },
  ];
  for (const fault of FAULTS)
    for (const strength of degradations[fault].steps) {
      logger?.progress(`${clip}: ${fault} ${strength}`);
      const values = await valuesOf(
        degrade(source, { name: fault, strength }, framesFor(source, fault, frames)),
        options,
      );
      steps.push({ clip, fault, strength, values });
    }
  return steps;
}

/** A lower rate is taken from a longer part of the clip, if there is one, so that as many frames are measured. */
function framesFor({ frameCount }: FrameSource, fault: DegradationName, frames: number): number {
  return fault === "lowRate" ? Math.min(frameCount, frames * Math.max(...degradations.lowRate.steps)) : frames;
}

async function valuesOf({ source }: DegradedClip, { signal, threads }: MeasureStepsOptions): Promise<OwnValues> {
  await using degraded = source;
  return ownValues(await readFootage(degraded, { signal, threads }));
}
