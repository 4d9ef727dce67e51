/**
 * @file A thread of `KernelPool` in a page: it receives its kernel with the first message, then makes one export call
 * per job.
 */
import type { KernelThreadData } from "./host.ts";
import { jobRunner, type KernelAnswer, type KernelJob } from "./jobs.ts";

type Heard = (event: { readonly data: unknown }) => void;

/** The parts of a web worker that are used. */
interface WorkerScope {
  addEventListener(type: "message", heard: Heard, options?: { readonly once: boolean }): void;
  postMessage(answer: KernelAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;

function begin(event: { readonly data: unknown }): void {
  const { module, memory, thread } = event.data as KernelThreadData;
  const run = jobRunner(module, memory, thread);
  scope.addEventListener("message", ({ data }) => scope.postMessage(run(data as KernelJob)));
}

scope.addEventListener("message", begin, { once: true });
