/**
 * @file Kernels in a page: fetched from where the page serves them; run on web workers if the page may share memory,
 * else on its own thread.
 */
import { internal, messageOf } from "../../core/errors.ts";
import type { KernelHost, KernelThread, KernelThreadData, KernelThreadEvents } from "./host.ts";
import { jobRunner, type KernelAnswer, type KernelJob } from "./jobs.ts";

/** The parts of a page that are used. */
interface Page {
  /** True where memory can be shared between threads. */
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly Worker: new (script: URL, options: { readonly type: "module" }) => PageWorker;
}

interface PageWorker {
  addEventListener(type: "message", heard: (event: { readonly data: KernelAnswer }) => void): void;
  addEventListener(type: "error", heard: (event: { readonly message?: string }) => void): void;
  postMessage(message: unknown): void;
  terminate(): void;
}

let served: URL | undefined;

/**
 * Sets where the page serves the folder `dist/kernels` of this package, scripts included. Default: beside this module,
 * as when the package is served without a bundler.
 * @param url of the folder; a relative one is resolved against the page.
 */
export function serveKernelsFrom(url: string | URL): void {
  const { href } = new URL(url, (globalThis as { location?: { href: string } }).location?.href);
  served = new URL(href.endsWith("/") ? href : `${href}/`);
}

function urlOf(file: string): URL {
  const here = import.meta.url;
  return new URL(file, served ?? new URL("../", here));
}

/** Kernels of the page. */
export function webHost(page: Page = globalThis as unknown as Page): KernelHost {
  const shared = page.crossOriginIsolated === true;
  return {
    cores: shared ? (page.navigator?.hardwareConcurrency ?? 1) : 1,
    mostThreads: shared ? Infinity : 1,
    read: fetched,
    readNow: (kernel) => {
      throw internal(`the kernel ${kernel} is not loaded yet: await loadKernel("${kernel}") first`);
    },
    startThread: (data, events) => (shared ? startWorker(page, data, events) : startHere(data, events)),
  };
}

async function fetched(kernel: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = urlOf(`${kernel}.wasm`);
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw internal(
      `the kernel ${url.href} cannot be loaded (serve dist/kernels and name it with serveKernelsFrom): ${messageOf(error)}`,
    );
  }
}

function startWorker({ Worker }: Page, start: KernelThreadData, events: KernelThreadEvents): KernelThread {
  const worker = new Worker(urlOf("host/webThread.js"), { type: "module" });
  worker.addEventListener("message", ({ data }) => events.answered(data));
  worker.addEventListener("error", ({ message = "its script cannot be loaded" }) =>
    events.died(internal(`a kernel worker died: ${message}`)),
  );
  worker.postMessage(start);
  return {
    post: (job) => worker.postMessage({ job } satisfies KernelJob),
    end: async () => worker.terminate(),
  };
}

/** A stand-in for a thread: jobs run between other work of the page. */
function startHere({ module, memory, thread }: KernelThreadData, events: KernelThreadEvents): KernelThread {
  const run = jobRunner(module, memory, thread);
  let ended = false;
  return {
    post: (job) =>
      queueMicrotask(() => {
        if (!ended) events.answered(run({ job }));
      }),
    end: async () => {
      ended = true;
    },
  };
}
