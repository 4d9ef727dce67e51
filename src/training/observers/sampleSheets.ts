/** @file `samples/*.png`: pictures of the same samples every time, so that progress can be seen. */
import { join } from "node:path";
import type { Batch, BatchSource } from "../batches.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { RUN_FILES } from "../runFiles.ts";
import { writeCurves } from "../runFolder.ts";
import type { RunParts } from "../runParts.ts";
import { writeSamples } from "../samples.ts";
import type { StepRunner } from "../stepRunner.ts";
import type { Interval } from "./interval.ts";
import type { Observer, StepReport } from "./observer.ts";

/** What the pictures are made with. */
export interface SampleTools {
  readonly folder: string;
  readonly run: RunParts;
  readonly batches: BatchSource;
  readonly runner: Pick<StepRunner, "preview">;
  readonly interval: Interval;
}

/** Draws the curves, and the samples of step 1 as the weights rebuild them by now. */
export class SampleSheets implements Observer {
  private readonly tools: SampleTools;
  private shown: Batch | undefined;

  constructor(tools: SampleTools) {
    this.tools = tools;
  }

  async after({ checkpoint, progress }: StepReport): Promise<undefined> {
    const { interval, folder, run } = this.tools;
    if (!interval.due(checkpoint, progress >= 1)) return;
    await writeCurves(folder);
    if (run.traits.rebuilds) await this.draw(checkpoint);
  }

  private async draw(checkpoint: Checkpoint): Promise<void> {
    const { folder, run, batches, runner } = this.tools;
    this.shown ??= await batches.batch(1);
    const { reconstruction, ...others } = await runner.preview(checkpoint, this.shown);
    const path = join(folder, RUN_FILES.samples, `${String(checkpoint.step).padStart(6, "0")}.png`);
    await writeSamples(path, this.shown, { ...others, reconstruction }, run);
  }
}
