/** @file The WASM module of `assembly/pixels.ts` on the calling thread, for synchronous calls; every user has its own instance. */
import { readFileSync } from "node:fs";
import { internal, messageOf } from "../core/errors.ts";

/** An instance; the exports take addresses that its owner planned. */
export interface PixelKernel {
  readonly memory: WebAssembly.Memory;
  readonly decode: (
    parameters: number,
    runsAcross: number,
    acrossCount: number,
    runsDown: number,
    downCount: number,
  ) => void;
  readonly shrink: (parameters: number) => void;
}

/** The first byte to be used; below it a module may keep data of its own. */
const BASE = 1024;
const PAGE = 65536;
const ALIGNMENT = 64;
const built = import.meta.url.endsWith(".ts") ? "../../dist/kernels/" : "./";
let compiled: WebAssembly.Module | undefined;

/** Where named arrays lie in a kernel's memory, one behind the other. @param bytes of each, by name. */
export function planMemory<Name extends string>(
  bytes: Readonly<Record<Name, number>>,
): { readonly at: Readonly<Record<Name, number>>; readonly total: number } {
  let total = BASE;
  const at = {} as Record<Name, number>;
  for (const [name, size] of Object.entries<number>(bytes)) {
    at[name as Name] = total;
    total += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  return { at, total };
}

/** A new instance with so many bytes of memory. */
export function pixelKernel(bytes: number): PixelKernel {
  compiled ??= new WebAssembly.Module(wasmBytes());
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { memory, ...(exports as unknown as Pick<PixelKernel, "decode" | "shrink">) };
}

function wasmBytes(): Uint8Array {
  try {
    return readFileSync(new URL(`${built}pixels.wasm`, import.meta.url));
  } catch (error) {
    throw internal(`the kernel pixels.wasm is missing (npm run build makes it): ${messageOf(error)}`);
  }
}
