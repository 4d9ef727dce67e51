/**
 * @file Persistent worker threads that run the exports of one WASM kernel over shared memory.
 *
 * A job is posted to every worker and is done when all have answered; within a job the workers share the work through
 * an atomic counter in the shared memory. Dispatch is by messages (about 0.05 ms per job, against jobs of 1 to 100 ms)
 * rather than `Atomics.wait`, so that the main thread stays free for decoding and a dead worker is an event, never a
 * hang.
 */
import { internal } from "../core/errors.ts";
import { host } from "./host/index.ts";
import type { KernelThread } from "./host/host.ts";
import type { KernelAnswer } from "./host/jobs.ts";
import { loadKernel } from "./kernelInstance.ts";

/** How to open a pool. */
export interface KernelPoolOptions {
  /** Name of the kernel, `dist/kernels/NAME.wasm`. */
  readonly kernel: string;
  /** Shared; imported by the kernel as `env.memory`. */
  readonly memory: WebAssembly.Memory;
  /** Worker threads, at least 1; see `poolThreads`. */
  readonly threads: number;
}

/**
 * The number of threads of a pool for a wanted number: by default the available cores, 1 where memory cannot be shared.
 */
export function poolThreads(wanted: number = host.cores): number {
  return Math.min(wanted, host.mostThreads);
}

/** Worker threads with one instance of a kernel each. */
export class KernelPool implements AsyncDisposable {
  private readonly workers: readonly KernelThread[];
  private failure: Error | undefined;
  private pending: { resolve: () => void; reject: (error: Error) => void; left: number } | undefined;
  private closing = false;

  private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number) {
    const events = {
      answered: (answer: KernelAnswer) => this.answered(answer),
      died: (error: Error) => this.fail(error),
    };
    this.workers = Array.from({ length: threads }, (_, thread) => host.startThread({ module, memory, thread }, events));
  }

  /** Compiles the kernel once and starts the workers. */
  static async open({ kernel, memory, threads }: KernelPoolOptions): Promise<KernelPool> {
    return new KernelPool(await loadKernel(kernel), memory, poolThreads(threads));
  }

  get threads(): number {
    return this.workers.length;
  }

  /**
   * Runs the export `job` on every worker; one job at a time.
   * @throws Error `internal: …` when a worker fails; afterwards the pool can only be closed.
   */
  async run(job: string): Promise<void> {
    if (this.closing) throw internal("the kernel pool is closed");
    if (this.failure !== undefined) throw this.failure;
    if (this.pending !== undefined) throw internal("a kernel job is still running");
    await new Promise<void>((resolve, reject) => {
      this.pending = { resolve, reject, left: this.workers.length };
      for (const worker of this.workers) worker.post(job);
    });
  }

  /** Ends the workers; a running job is rejected. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.settle(internal("the kernel pool was closed while a job was running"));
    await Promise.all(this.workers.map((worker) => worker.end()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answered(answer: KernelAnswer): void {
    if (answer.kind === "failed") this.fail(internal(`kernel job failed: ${answer.message}`));
    else if (this.pending !== undefined && --this.pending.left === 0) this.settle();
  }

  private fail(error: Error): void {
    if (this.closing) return;
    this.failure ??= error;
    this.settle(this.failure);
  }

  private settle(error?: Error): void {
    const pending = this.pending;
    this.pending = undefined;
    if (error === undefined) pending?.resolve();
    else pending?.reject(error);
  }
}
