/**
 * @file Kernels in Node: files and worker threads. Node's modules are loaded at run time, so that a bundle for a page
 * may contain this file.
 */
import { internal, messageOf } from "../../core/errors.ts";
import type { KernelHost, KernelThread, KernelThreadData, KernelThreadEvents } from "./host.ts";
import type { KernelAnswer, KernelJob } from "./jobs.ts";

/** True where Node's modules can be loaded. */
export function inNode(): boolean {
  return typeof globalThis.process?.getBuiltinModule === "function";
}

/** Kernels of this package, whether it runs from src (tests) or from the build. */
export function nodeHost(): KernelHost {
  const fs = process.getBuiltinModule("node:fs");
  const cores = process.getBuiltinModule("node:os").availableParallelism();
  const { url } = import.meta;
  const built = url.endsWith(".ts") ? "../../../dist/kernels/" : "../";
  const fileOf = (kernel: string): URL => new URL(`${built}${kernel}.wasm`, url);
  return {
    cores,
    mostThreads: Infinity,
    read: (kernel) => fs.promises.readFile(fileOf(kernel)).catch((error: unknown) => missing(kernel, error)),
    readNow: (kernel) => {
      try {
        return fs.readFileSync(fileOf(kernel));
      } catch (error) {
        return missing(kernel, error);
      }
    },
    startThread: (data, events) => startThread(new URL(`${built}host/nodeThread.js`, url), data, events),
  };
}

function missing(kernel: string, error: unknown): never {
  throw internal(`the kernel ${kernel}.wasm is missing (npm run build makes it): ${messageOf(error)}`);
}

function startThread(script: URL, workerData: KernelThreadData, events: KernelThreadEvents): KernelThread {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(script, { workerData });
  worker.on("message", (answer: KernelAnswer) => events.answered(answer));
  worker.on("error", (error) => events.died(internal(`a kernel worker died: ${messageOf(error)}`)));
  worker.on("exit", (code) => events.died(internal(`a kernel worker ended on its own with exit code ${code}`)));
  return {
    post: (job) => worker.postMessage({ job } satisfies KernelJob),
    end: () => worker.terminate(),
  };
}
