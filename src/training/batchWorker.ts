/** @file The thread side of `openBatchThread`. */
import { internal } from "../core/errors.ts";
import { moved, serveCalls } from "../core/workerCalls.ts";
import { BatchSampler } from "./batches.ts";
import type { BatchOrigin } from "./batchThread.ts";

let sampler: BatchSampler | undefined;

serveCalls({
  open({ segments, config }: BatchOrigin): void {
    sampler = new BatchSampler(segments, config);
  },
  async batch(step: number): Promise<unknown> {
    if (sampler === undefined) throw internal("batch before open");
    const batch = await sampler.batch(step);
    const arrays = [batch.frames, batch.hidden, ...Object.values(batch.parts)];
    return moved(
      batch,
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  },
});
