/** @file The WASM module of `assembly/cluster.ts` on the calling thread, for synchronous calls. */
import { readFileSync } from "node:fs";
import { internal, messageOf } from "../core/errors.ts";

/** An instance; the exports take byte addresses and counts. */
export interface ClusterKernel {
  readonly memory: WebAssembly.Memory;
  readonly seed: (...addressesAndCounts: number[]) => number;
  readonly lloyd: (...addressesAndCounts: number[]) => number;
  readonly grow: (...addressesAndCounts: number[]) => number;
}

/** The first byte to be used; below it a module may keep data of its own. */
export const KERNEL_BASE = 1024;

const PAGE = 65536;
const built = import.meta.url.endsWith(".ts") ? "../../dist/kernels/" : "./";
let compiled: WebAssembly.Module | undefined;
let kernel: ClusterKernel | undefined;

/** The one instance, with at least so many bytes of memory; what it held before is lost when it must grow. */
export function clusterKernel(bytes: number): ClusterKernel {
  if (kernel !== undefined && kernel.memory.buffer.byteLength >= bytes) return kernel;
  compiled ??= new WebAssembly.Module(wasmBytes());
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  kernel = { memory, ...(exports as unknown as Pick<ClusterKernel, "seed" | "lloyd" | "grow">) };
  return kernel;
}

function wasmBytes(): Uint8Array {
  try {
    return readFileSync(new URL(`${built}cluster.wasm`, import.meta.url));
  } catch (error) {
    throw internal(`the kernel cluster.wasm is missing (npm run build makes it): ${messageOf(error)}`);
  }
}
