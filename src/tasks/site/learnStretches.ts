/** @file A training run on stretches of clips, begun or resumed. */
import { join } from "node:path";
import { Interrupted } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import { rangesOf, type Stretch } from "../../site/adapt/material.ts";
import type { TrainingConfig } from "../../training/config.ts";
import { RUN_FILES } from "../../training/runFiles.ts";
import type { Score } from "../../training/observers/scores.ts";
import { resumeTraining, startTraining, type TrainOptions } from "../../training/trainer.ts";
import { cacheOf } from "../settings/cache.ts";
import type { RunContext } from "../task.ts";

/** What is learned from, and where. */
export interface Learning {
  /** Of the run. */
  readonly folder: string;
  /** Of a run that is resumed, those that it was begun with count. */
  readonly config: TrainingConfig;
  readonly stretches: readonly Stretch[];
  /** Of decoded footage. */
  readonly cache?: string | undefined;
  /** To be watched; nothing depends on it. */
  readonly score?: Score | undefined;
}

/**
 * @returns the path of what was learned
 * @throws UserError those of training; the signal's reason where it was stopped
 */
export async function learnStretches(
  { folder, config, stretches, cache, score }: Learning,
  { machine, signal, logger }: RunContext,
): Promise<string> {
  const options: TrainOptions = {
    folder,
    cache: cacheOf(cache === undefined ? {} : { cache }),
    ranges: rangesOf(stretches),
    ...machine,
    signal,
    ...(score !== undefined && { score }),
    // What the trainer says of resuming is about runs of their own.
    logger: {
      info() {},
      warn: (line) => logger.warn(line),
      progress: (line) => logger.progress(`learning: ${line}`),
    },
  };
  const isBegun = await isThere(join(folder, RUN_FILES.checkpoint));
  const paths = stretches.map(({ path }) => path);
  const { finished, weights } = isBegun ? await resumeTraining(options) : await startTraining(config, paths, options);
  if (!finished) throw signal.reason ?? new Interrupted("interrupted");
  return weights;
}
