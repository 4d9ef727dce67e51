/** @file Batches step by step, each made while the step before it computes. */
import type { Batch, BatchSource } from "./batches.ts";

/** Asks for one batch more than is needed. */
export class BatchesAhead {
  private readonly source: BatchSource;
  private step: number;
  private waiting: Promise<Batch>;

  /** @param first step whose batch is needed first. */
  constructor(source: BatchSource, first: number) {
    this.source = source;
    this.step = first;
    this.waiting = this.asked();
  }

  /** The batch of the next step; the one after it is asked for. @throws what the source throws for this step. */
  async next(): Promise<Batch> {
    const batch = await this.waiting;
    this.step++;
    this.waiting = this.asked();
    return batch;
  }

  /** Resolves when the batch asked for last is made or has failed; it is not needed any more. */
  async settled(): Promise<void> {
    await this.waiting.catch(() => {});
  }

  /** Its failure is reported where the batch is awaited, not as an unhandled rejection before. */
  private asked(): Promise<Batch> {
    const batch = this.source.batch(this.step);
    batch.catch(() => {});
    return batch;
  }
}
