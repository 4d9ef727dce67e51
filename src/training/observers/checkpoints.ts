/**
 * @file `checkpoint.bin` and `weights.safetensors`: what a run has reached, saved every few minutes and when it ends.
 */
import { join } from "node:path";
import { type Checkpoint, writeCheckpoint } from "../checkpoint.ts";
import { type KeptWeights, writeWeights } from "../keptWeights.ts";
import { RUN_FILES } from "../runFiles.ts";
import { writeCurves } from "../runFolder.ts";
import type { Interval } from "./interval.ts";
import type { Observer, StepReport } from "./observer.ts";

/** Saves a run. */
export class Checkpoints implements Observer {
  private readonly folder: string;
  private readonly weights: Pick<KeptWeights, "of">;
  private readonly interval: Interval;

  constructor(folder: string, weights: Pick<KeptWeights, "of">, interval: Interval) {
    this.folder = folder;
    this.weights = weights;
    this.interval = interval;
  }

  async after({ checkpoint }: StepReport): Promise<undefined> {
    if (this.interval.due(checkpoint)) await this.save(checkpoint);
  }

  /** Writes the state, then what can be made of it. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await writeCheckpoint(join(this.folder, RUN_FILES.checkpoint), checkpoint);
    await writeWeights(join(this.folder, RUN_FILES.weights), await this.weights.of(checkpoint));
    await writeCurves(this.folder);
  }
}
