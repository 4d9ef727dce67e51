/** @file Kernels by name: their compiled modules, and instances on the calling thread for synchronous calls. */
import { host } from "./host/index.ts";

type Numbers = (...addressesAndCounts: number[]) => number;

/** The exports of kernels that are called synchronously, by kernel. */
interface KernelExports {
  /** `assembly/cluster.ts` */
  readonly cluster: { readonly seed: Numbers; readonly lloyd: Numbers; readonly grow: Numbers };
  /** `assembly/moments.ts` */
  readonly moments: {
    readonly boxMeans: (
      plane: number,
      width: number,
      height: number,
      radius: number,
      sums: number,
      out: number,
    ) => void;
    readonly outer: (
      planes: number,
      stride: number,
      dims: number,
      list: number,
      count: number,
      panel: number,
      out: number,
    ) => void;
    readonly scores: (planes: number, stride: number, dims: number, weights: number, out: number) => void;
    readonly solve: (matrix: number, vector: number, dims: number) => void;
  };
  /** `assembly/pixels.ts` */
  readonly pixels: {
    readonly decode: (
      parameters: number,
      runsAcross: number,
      acrossCount: number,
      runsDown: number,
      downCount: number,
    ) => void;
    readonly shrink: (parameters: number) => void;
  };
}

/** A kernel that is called synchronously. */
export type KernelName = keyof KernelExports;

/** An instance; the exports take byte addresses in its memory. */
export type KernelInstance<Name extends KernelName> = KernelExports[Name] & { readonly memory: WebAssembly.Memory };

/** The first usable byte; below it a module may keep its own data. */
export const KERNEL_BASE = 1024;

/** 32-bit values of a vector. */
const LANES = 4;
const PAGE = 65536;
const ALIGNMENT = 64;
const modules = new Map<string, WebAssembly.Module>();
const shared = new Map<KernelName, KernelInstance<KernelName>>();

/**
 * The compiled `dist/kernels/NAME.wasm`, loaded once. In a page, the kernels of `kernelInstance` have to be loaded with
 * it beforehand.
 * @throws Error `internal: …` when it cannot be loaded
 */
export async function loadKernel(name: string): Promise<WebAssembly.Module> {
  const known = modules.get(name);
  if (known !== undefined) return known;
  const module = await WebAssembly.compile(await host.read(name));
  modules.set(name, module);
  return module;
}

/** Every kernel that is called synchronously: what a page awaits before it tracks. */
const SYNCHRONOUS = ["cluster", "moments", "pixels"] as const satisfies readonly KernelName[];

/** Loads what `kernelInstance` needs in a page. @throws Error `internal: …` as `loadKernel` */
export async function loadKernels(): Promise<void> {
  await Promise.all(SYNCHRONOUS.map(loadKernel));
}

/**
 * A new instance with this many bytes of memory.
 * @throws Error `internal: …` if it is not loaded and cannot be loaded synchronously
 */
export function kernelInstance<Name extends KernelName>(name: Name, bytes: number): KernelInstance<Name> {
  const module = modules.get(name) ?? new WebAssembly.Module(host.readNow(name));
  modules.set(name, module);
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { ...(exports as unknown as KernelExports[Name]), memory };
}

/** One instance for all calls, with at least this many bytes; its contents are lost when it has to grow. */
export function sharedInstance<Name extends KernelName>(name: Name, bytes: number): KernelInstance<Name> {
  const known = shared.get(name) as KernelInstance<Name> | undefined;
  if (known !== undefined && known.memory.buffer.byteLength >= bytes) return known;
  const made = kernelInstance(name, bytes);
  shared.set(name, made);
  return made;
}

/** So many 32-bit values, rounded up to whole vectors. */
export function padded(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

/** Addresses of named arrays in a kernel's memory, one after the other. @param bytes of each, by name. */
export function planMemory<Name extends string>(
  bytes: Readonly<Record<Name, number>>,
): { readonly at: Readonly<Record<Name, number>>; readonly total: number } {
  let total = KERNEL_BASE;
  const at = {} as Record<Name, number>;
  for (const [name, size] of Object.entries<number>(bytes)) {
    at[name as Name] = total;
    total += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  return { at, total };
}
