/** @file The thread side of `KernelPool`: one kernel instance, one export call per job. */
import { parentPort, workerData } from "node:worker_threads";

/** What a worker starts with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Number of this worker, from 0: which scratch memory is its own. */
  readonly thread: number;
}

/** Main thread to worker: call this export with the worker's number. */
export interface KernelJob {
  readonly job: string;
}

/** Worker to main thread. */
export type KernelAnswer = { readonly kind: "done" } | { readonly kind: "failed"; readonly message: string };

const { module, memory, thread } = workerData as KernelWorkerData;
const abort = (): never => {
  throw new Error("the kernel aborted");
};
const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });

function answer({ job }: KernelJob): KernelAnswer {
  try {
    (exports[job] as (thread: number) => void)(thread);
    return { kind: "done" };
  } catch (error) {
    return { kind: "failed", message: `${job}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

parentPort?.on("message", (job: KernelJob) => parentPort?.postMessage(answer(job)));
