/**
 * @file Persistent worker threads that run the exports of one WASM kernel over shared memory.
 *
 * A job is posted to every worker and is done when all have answered; inside a job the workers share the work through an
 * atomic counter in the shared memory. Dispatch is by messages (about 0.05 ms a job, against jobs of 1 to 100 ms) and not by
 * `Atomics.wait`, so that the main thread stays free for decoding and a dead worker is an event and never a hang.
 */
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { internal, messageOf } from "../core/errors.ts";
import type { KernelAnswer, KernelJob, KernelWorkerData } from "./kernelWorker.ts";

const built = import.meta.url.endsWith(".ts") ? "../../dist/kernels/" : "./";

/** How to open a pool. */
export interface KernelPoolOptions {
  /** Name of the kernel, `dist/kernels/NAME.wasm`. */
  readonly kernel: string;
  /** Shared; imported by the kernel as `env.memory`. */
  readonly memory: WebAssembly.Memory;
  /** Worker threads, at least 1. */
  readonly threads: number;
}

/** Worker threads with one instance of a kernel each. */
export class KernelPool implements AsyncDisposable {
  private readonly workers: readonly Worker[];
  private failure: Error | undefined;
  private pending: { resolve: () => void; reject: (error: Error) => void; left: number } | undefined;
  private closing = false;

  private constructor(workers: readonly Worker[]) {
    this.workers = workers;
    for (const worker of workers) {
      worker.on("message", (answer: KernelAnswer) => this.answered(answer));
      worker.on("error", (error) => this.fail(internal(`a kernel worker died: ${messageOf(error)}`)));
      worker.on("exit", (code) => this.fail(internal(`a kernel worker ended by itself with exit code ${code}`)));
    }
  }

  /** Compiles the kernel once and starts the workers. */
  static async open({ kernel, memory, threads }: KernelPoolOptions): Promise<KernelPool> {
    const wasm = await readFile(new URL(`${built}${kernel}.wasm`, import.meta.url)).catch((error: unknown) => {
      throw internal(`the kernel ${kernel}.wasm is missing (npm run build makes it): ${messageOf(error)}`);
    });
    const module = await WebAssembly.compile(wasm);
    const script = new URL(`${built}kernelWorker.js`, import.meta.url);
    return new KernelPool(
      Array.from({ length: threads }, (_, thread) => {
        const workerData: KernelWorkerData = { module, memory, thread };
        return new Worker(script, { workerData });
      }),
    );
  }

  get threads(): number {
    return this.workers.length;
  }

  /**
   * Runs the export `job` on every worker; one job at a time.
   * @throws Error `internal: …` when a worker fails; the pool is of no use afterwards, only `close` is.
   */
  async run(job: string): Promise<void> {
    if (this.closing) throw internal("the kernel pool is closed");
    if (this.failure !== undefined) throw this.failure;
    if (this.pending !== undefined) throw internal("a kernel job is still running");
    await new Promise<void>((resolve, reject) => {
      this.pending = { resolve, reject, left: this.workers.length };
      const message: KernelJob = { job };
      for (const worker of this.workers) worker.postMessage(message);
    });
  }

  /** Ends the workers; a job that is still running is rejected. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.settle(internal("the kernel pool was closed while a job was running"));
    await Promise.all(this.workers.map((worker) => worker.terminate()));
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
