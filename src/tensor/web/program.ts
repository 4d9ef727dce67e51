/**
 * @file Runs graphs in a page with onnxruntime-web. The package is loaded when the first compiler is opened, and never
 * in Node: a page passes it in, or provides it under its own name.
 */
import { messageOf, UserError } from "../../core/errors.ts";
import type { Compile } from "../graph/compile.ts";
import type { DeviceKind } from "../graph/emitter.ts";
import { emitModel } from "../graph/onnx.ts";
import type { OnnxRuntime, OnnxSession } from "../onnxruntime/runtime.ts";
import { SessionProgram } from "../onnxruntime/sessionProgram.ts";

/** onnxruntime-web, with the settings made before its first session. */
export interface WebRuntime extends OnnxRuntime {
  readonly env: { readonly wasm: { wasmPaths?: unknown; numThreads?: number } };
}

/** Where and how a page's programs run. */
export interface WebCompilerOptions {
  /** Loads onnxruntime-web, for example `() => import("onnxruntime-web/wasm")`; default `import("onnxruntime-web")`. */
  readonly runtime?: () => Promise<unknown>;
  /**
   * URL of the folder, with its last slash, that serves onnxruntime-web's `ort-wasm-*.wasm` and `ort-wasm-*.mjs`.
   * Default:
   * onnxruntime-web's own, beside its script.
   */
  readonly wasmPaths?: string;
  /** `cpu` is WebAssembly, the default; `webgpu` needs a build of onnxruntime-web that has it. */
  readonly device?: DeviceKind;
  /** Threads of WebAssembly; default: onnxruntime-web's choice. Without cross-origin isolation there is only one. */
  readonly threads?: number;
}

/** Blocked convolutions are an extension of native CPUs. */
const NO_CHANNEL_BLOCKS = 0;

/**
 * Loads onnxruntime-web and sets where it computes. `wasmPaths` and `threads` hold for the whole page.
 * @throws UserError `tensor/device` when onnxruntime-web cannot be loaded; the compiler throws it when the device
 * cannot be used.
 */
export async function openWebCompiler(options: WebCompilerOptions = {}): Promise<Compile> {
  const { device = "cpu", wasmPaths, threads } = options;
  const runtime = await loadRuntime(options.runtime ?? (() => import("onnxruntime-web")));
  if (wasmPaths !== undefined) runtime.env.wasm.wasmPaths = wasmPaths;
  if (threads !== undefined) runtime.env.wasm.numThreads = threads;
  return async (outputs) => {
    const model = emitModel(outputs, { device, channelBlock: NO_CHANNEL_BLOCKS });
    const session = await openSession(runtime, model, device);
    // onnxruntime-web copies arrays for results into its own memory and leaves the page's unchanged.
    return new SessionProgram({ session, Tensor: runtime.Tensor, outputs, writesInto: false });
  };
}

async function loadRuntime(load: () => Promise<unknown>): Promise<WebRuntime> {
  try {
    return (await load()) as WebRuntime;
  } catch (error) {
    throw new UserError(
      "tensor/device",
      {
        what: `onnxruntime-web cannot be loaded: ${messageOf(error)}`,
        todo: "install onnxruntime-web, or give openWebCompiler a `runtime` that loads it",
      },
      error,
    );
  }
}

async function openSession(
  { InferenceSession }: WebRuntime,
  model: Uint8Array,
  device: DeviceKind,
): Promise<OnnxSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device === "cpu" ? "wasm" : device],
      graphOptimizationLevel: "all",
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new UserError(
      "tensor/device",
      {
        what: `onnxruntime-web cannot open a session on ${device}: ${messageOf(error)}`,
        todo:
          device === "cpu"
            ? "check that `wasmPaths` serves the ort-wasm-*.wasm and ort-wasm-*.mjs files of the same version"
            : "use a browser with WebGPU, or leave out the device to run in WebAssembly",
      },
      error,
    );
  }
}
