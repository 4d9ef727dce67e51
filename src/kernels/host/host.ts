/** @file What kernels need of the place they run in; `node.ts` and `web.ts` have it. */
import type { KernelAnswer } from "./jobs.ts";

/** What a thread starts with. */
export interface KernelThreadData {
  readonly module: WebAssembly.Module;
  /** Shared by all threads of a pool. */
  readonly memory: WebAssembly.Memory;
  /** Number of this thread, from 0: which scratch memory is its own. */
  readonly thread: number;
}

/** What is heard of a thread. */
export interface KernelThreadEvents {
  answered(answer: KernelAnswer): void;
  /** It failed outside a job, or ended by itself. */
  died(error: Error): void;
}

/** A thread with one instance of a kernel. */
export interface KernelThread {
  /** Asks for the export `job`; the answer is an event. */
  post(job: string): void;
  end(): Promise<unknown>;
}

/** Where kernels run. */
export interface KernelHost {
  /** Threads that can work at once, 1 where there are none. */
  readonly cores: number;
  /** Threads that a pool may have at most. */
  readonly mostThreads: number;
  /** The bytes of `dist/kernels/NAME.wasm`. @throws Error `internal: …` when they cannot be had */
  read(kernel: string): Promise<Uint8Array>;
  /** As `read`, at once. @throws Error `internal: …` also where that is not possible */
  readNow(kernel: string): Uint8Array;
  startThread(data: KernelThreadData, events: KernelThreadEvents): KernelThread;
}
