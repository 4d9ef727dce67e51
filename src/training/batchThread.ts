/**
 * @file Batches made on a thread of their own. onnxruntime computes on the thread that calls it, so only this way is
 * the next batch (decoding, optical flow, clusters) made while a step computes.
 */
import { builtScript, WorkerCalls } from "../core/workerCalls.ts";
import type { Batch, BatchSource } from "./batches.ts";
import type { ClipSegment } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";

/** The argument of the worker's `open`. */
export interface BatchOrigin {
  readonly segments: readonly ClipSegment[];
  readonly config: TrainingConfig;
}

/** The batches of `new BatchSampler(segments, config)`, made elsewhere. @throws UserError as its constructor */
export async function openBatchThread(segments: readonly ClipSegment[], config: TrainingConfig): Promise<BatchSource> {
  const worker = new WorkerCalls(builtScript("./batchWorker.js", import.meta.url));
  const origin: BatchOrigin = { segments, config };
  try {
    await worker.call("open", origin);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return {
    batch: (step) => worker.call<Batch>("batch", step),
    [Symbol.asyncDispose]: () => worker.close(),
  };
}
