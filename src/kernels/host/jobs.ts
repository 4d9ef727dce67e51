/**
 * @file The messages between a kernel pool and its threads, and how a job is run. Imports nothing, so that a page can
 * serve it alone.
 */

/** Pool to thread: call this export with the thread's number. */
export interface KernelJob {
  readonly job: string;
}

/** Thread to pool. */
export type KernelAnswer = { readonly kind: "done" } | { readonly kind: "failed"; readonly message: string };

function abort(): never {
  throw new Error("the kernel aborted");
}

/** An instance of a kernel that runs jobs on the calling thread. @param thread number of the thread */
export function jobRunner(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  thread: number,
): (job: KernelJob) => KernelAnswer {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return ({ job }) => {
    try {
      (exports[job] as (thread: number) => void)(thread);
      return { kind: "done" };
    } catch (error) {
      return { kind: "failed", message: `${job}: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
}
