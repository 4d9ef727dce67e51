/** @file What kernels need from the place where they run; `node.ts` and `web.ts` implement it. */
import type { KernelAnswer } from "./jobs.ts";

/** What a thread starts with. */
export interface KernelThreadData {
  readonly module: WebAssembly.Module;
  /** Shared by all threads of a pool. */
  readonly memory: WebAssembly.Memory;
  /** Number of this thread, from 0: which scratch memory is its own. */
  readonly thread: number;
}

/** Receives the events of a thread. */
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
  /** Threads that can run in parallel; 1 where there are no threads. */
  readonly cores: number;
  /** The most threads that a pool may have. */
  readonly mostThreads: number;
  /** The bytes of `dist/kernels/NAME.wasm`. @throws Error `internal: …` when they cannot be read */
  read(kernel: string): Promise<Uint8Array<ArrayBuffer>>;
  /** As `read`, synchronously. @throws Error `internal: …` also where that is not possible */
  readNow(kernel: string): Uint8Array<ArrayBuffer>;
  startThread(data: KernelThreadData, events: KernelThreadEvents): KernelThread;
}
