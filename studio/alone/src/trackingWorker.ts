/** @file Tracks a clip on a thread of its own, so that the page stays awake: the project's engine in mode `fast`. */
import {
  encoderSession,
  loadKernels,
  modes,
  openWebCompiler,
  parseEncoderWeights,
  propagateMasks,
  resolveProtocol,
  serveKernelsFrom,
  type TrackedFrame,
} from "../../../src/browser.ts";
import { openClipFile } from "./clipFile.ts";
import { maskPng } from "./maskFile.ts";
import type { TrackAnswer, TrackRequest } from "./messages.ts";

const answer = (message: TrackAnswer, transfer: Transferable[] = []): void => postMessage(message, { transfer });

let stopping: AbortController | undefined;

addEventListener("message", ({ data }: MessageEvent<TrackRequest | "stop">) => {
  if (data === "stop") stopping?.abort();
  else void run(data);
});

async function run(request: TrackRequest): Promise<void> {
  stopping = new AbortController();
  const { signal } = stopping;
  try {
    await track(request, signal);
    answer({ kind: "done" });
  } catch (error) {
    if (signal.aborted) answer({ kind: "done" });
    else answer({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function track(request: TrackRequest, signal: AbortSignal): Promise<void> {
  const { files, start, mask, corrections, base } = request;
  const at = (path: string): string => new URL(path, base).href;
  serveKernelsFrom(at("kernels/"));
  const threads = crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  const [clip, compile, weights] = await Promise.all([
    openClipFile(files),
    openWebCompiler({ threads }),
    weightsAt(at("weights/default.safetensors")),
    loadKernels(),
  ]);
  try {
    await using encoder = encoderSession(weights, { compile, device: "cpu" });
    const { width, height } = clip;
    const found = propagateMasks({
      encoder,
      source: clip.frames(start),
      first: { width, height, data: mask },
      protocol: resolveProtocol("default"),
      mode: modes.fast,
      threads,
      signal,
    });
    for await (const frame of found) {
      const correction = corrections.get(frame.frame.index);
      if (correction !== undefined) frame.correct({ width, height, data: correction });
      tell(frame, correction);
    }
  } finally {
    await clip.close();
  }
}

function tell({ frame: { index, width, height }, labels, objects }: TrackedFrame, given?: Uint8Array): void {
  const png = maskPng({ width, height, data: given ?? labels.data });
  const unsure = objects.filter(({ visible, confidence }) => visible && confidence < 0.5).map(({ id }) => id);
  answer({ kind: "frame", index, png, unsure }, [png.buffer as ArrayBuffer]);
}

async function weightsAt(url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the weights ${url} cannot be loaded: HTTP ${response.status}`);
  return parseEncoderWeights(new Uint8Array(await response.arrayBuffer()));
}
