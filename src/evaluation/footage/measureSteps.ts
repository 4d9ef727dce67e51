/** @file The numbers of the footage check on clips with every fault in every strength; nothing is tracked. */
import { basename, extname } from "node:path";
import { readFootage } from "../../footage/checkFrames.ts";
import { clean, degradations, degrade, type DegradationName } from "../../synthetic/degraded/degradations.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { type FaultStep, nameOf, type OwnValues, ownValues, STEPS } from "./ownMeasures.ts";

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
  const parts = clips.flatMap((path, i) =>
    STEPS.map((step) => ({ name: `${i + 1}-${basename(path, extname(path))}-${nameOf(step)}`, path, ...step })),
  );
  return observeAll(
    parts.map(({ name }) => name),
    async (partName) => {
      const part = parts.find(({ name }) => name === partName);
      if (part === undefined) return [];
      const { path, fault, strength } = part;
      return [{ clip: basename(path), fault, strength, values: await measured(path, part, options) }];
    },
    options,
  );
}

async function measured(
  path: string,
  { fault, strength }: FaultStep,
  options: MeasureStepsOptions,
): Promise<OwnValues> {
  const { frames, logger, signal, threads } = options;
  await using source = await openFrameSource(path, { ...(logger !== undefined && { logger }) });
  const clip =
    fault === null
      ? clean(source, frames)
      : degrade(source, { name: fault, strength }, framesFor(source, fault, frames));
  await using degraded = clip.source;
  return ownValues(await readFootage(degraded, { signal, threads }));
}

/** A lower rate is taken from a longer part of the clip, if there is one, so that as many frames are measured. */
function framesFor({ frameCount }: FrameSource, fault: DegradationName, frames: number): number {
  return fault === "lowRate" ? Math.min(frameCount, frames * Math.max(...degradations.lowRate.steps)) : frames;
}
