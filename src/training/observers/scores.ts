/** @file Scores the weights at intervals; the best weights are kept in `best.safetensors`. */
import { join } from "node:path";
import type { Logger } from "../../core/log.ts";
import type { EncoderWeights } from "../../method/encoderWeights.ts";
import { type KeptWeights, writeWeights } from "../keptWeights.ts";
import { type MetricsRow, RUN_FILES } from "../runFiles.ts";
import type { Interval } from "./interval.ts";
import type { Observer, StepReport } from "./observer.ts";

/** A score of weights, higher is better. */
export type Score = (weights: EncoderWeights) => Promise<number>;

/** What is scored, and where the best is kept. */
export interface ScoreTools {
  readonly folder: string;
  /** May fail when the signal is aborted: then there is no score. */
  readonly score: Score;
  readonly weights: Pick<KeptWeights, "of">;
  readonly interval: Interval;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
  /** The highest score of the run's earlier parts. */
  readonly best: number;
}

/** Scores the weights and adds the score to the metrics. */
export class Scores implements Observer {
  private readonly tools: ScoreTools;
  private best: number;

  constructor(tools: ScoreTools) {
    this.tools = tools;
    this.best = tools.best;
  }

  async after({ checkpoint, progress }: StepReport): Promise<Pick<MetricsRow, "score"> | undefined> {
    if (!this.tools.interval.due(checkpoint, progress >= 1)) return undefined;
    const weights = await this.tools.weights.of(checkpoint);
    const score = await this.scored(weights);
    if (score === undefined) return undefined;
    this.tools.logger.info(`step ${checkpoint.step}: score ${score.toFixed(4)}`);
    await this.keep(score, weights);
    return { score };
  }

  private scored(weights: EncoderWeights): Promise<number | undefined> {
    const { score, signal } = this.tools;
    return score(weights).catch((error: unknown) => {
      if (signal?.aborted === true) return undefined;
      throw error;
    });
  }

  private async keep(score: number, weights: EncoderWeights): Promise<void> {
    if (score <= this.best) return;
    this.best = score;
    await writeWeights(join(this.tools.folder, RUN_FILES.best), weights);
  }
}

/** The highest score of some lines of metrics; −∞ where there is none. */
export function bestScore(rows: readonly Pick<MetricsRow, "score">[]): number {
  return Math.max(...rows.map(({ score }) => score ?? Number.NEGATIVE_INFINITY));
}
