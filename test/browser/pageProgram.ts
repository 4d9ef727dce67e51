/** @file What the test's page runs: bundled with the browser entry, called by name from the test. */
import * as tsumugi from "../../src/browser.ts";

/** A picture that has been through JSON. */
export interface SentPicture {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

/** What `compare` finds. */
export interface Compared {
  /** Of the second picture. */
  readonly features: readonly number[];
  /** Of the second picture's cells to the first one's. */
  readonly affinity: readonly number[];
  readonly isolated: boolean;
  /** Threads of a matcher by default. */
  readonly threads: number;
  /** Of the machine, as the page sees it. */
  readonly cores: number;
}

/** What the page itself has. */
const own = globalThis as unknown as { crossOriginIsolated: boolean; navigator: { hardwareConcurrency: number } };

/** An error as the test sees it; `none` where there was none. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Untrained, but as if they had been learned with motion enhancement. */
export function movingWeights(): tsumugi.EncoderWeights {
  const weights = tsumugi.untrainedWeights("nano", 3);
  const alpha = { shape: [3], data: Float32Array.of(0.5, -0.5, 1) };
  return { ...weights, values: new Map([...weights.values, ["motion.alpha", alpha]]) };
}

/** Features of the last of several frames, with motion enhancement: optical flow runs in the page too. */
async function moving(frames: readonly SentPicture[]): Promise<readonly number[]> {
  tsumugi.serveKernelsFrom("/kernels/");
  const compile = await tsumugi.openWebCompiler({ wasmPaths: "/ort/" });
  await using encoder = tsumugi.encoderSession(movingWeights(), { compile, device: "cpu" }, { camera: "still" });
  let features: tsumugi.FeatureMap | undefined;
  for (const frame of frames) features = await encoder.encode({ ...frame, data: Uint8Array.from(frame.data) });
  return [...(features?.data ?? [])];
}

async function compare(frames: readonly SentPicture[], settings: tsumugi.AffinitySettings): Promise<Compared> {
  tsumugi.serveKernelsFrom("/kernels/");
  const bytes = new Uint8Array(await (await fetch("/weights/nano.safetensors")).arrayBuffer());
  const compile = await tsumugi.openWebCompiler({ wasmPaths: "/ort/" });
  await using encoder = tsumugi.encoderSession(await tsumugi.parseEncoderWeights(bytes), { compile, device: "cpu" });
  const maps: tsumugi.FeatureMap[] = [];
  for (const { width, height, data } of frames)
    maps.push(await encoder.encode({ width, height, data: Uint8Array.from(data) }));
  const [reference, target] = maps;
  const affinity = await tsumugi.frameAffinity(target, reference, settings);
  return {
    features: [...target.data],
    affinity: [...affinity],
    isolated: own.crossOriginIsolated,
    threads: await defaultThreads(),
    cores: own.navigator.hardwareConcurrency,
  };
}

async function defaultThreads(): Promise<number> {
  const shape = { height: 1, width: 1, channels: 1, labels: 1, slots: 1, normalise: true };
  await using matcher = await tsumugi.Matcher.open(shape);
  return matcher.threads;
}

/** int8 input is made by a kernel that is called synchronously. */
async function shrunk(frame: SentPicture, load: boolean): Promise<Failure> {
  tsumugi.serveKernelsFrom("/kernels");
  if (load) await tsumugi.loadKernel("pixels");
  const compile = await tsumugi.openWebCompiler({ wasmPaths: "/ort/" });
  const weights = tsumugi.untrainedWeights("nano");
  await using encoder = tsumugi.encoderSession(weights, { compile, device: "cpu" });
  const picture = { ...frame, data: Uint8Array.from(frame.data) };
  return failure(() => encoder.encodeResized(picture, { width: 24, height: 16 }, "int8"));
}

async function failure(run: () => Promise<unknown>): Promise<Failure> {
  try {
    await run();
    return { code: "none", message: "" };
  } catch (error) {
    return {
      code: error instanceof tsumugi.UserError ? error.code : "internal",
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Everything that the test calls. */
export const pageProgram = {
  compare,
  moving,
  shrunk,
  kernelFailure: () => {
    tsumugi.serveKernelsFrom("/kernels");
    return failure(() => tsumugi.loadKernel("match"));
  },
  runtimeFailure: () => failure(() => tsumugi.openWebCompiler()),
  weightsFailure: (bytes: readonly number[]) =>
    failure(() => tsumugi.parseEncoderWeights(Uint8Array.from(bytes), { name: "w" })),
};

export type PageProgram = typeof pageProgram;

Object.assign(globalThis, { pageProgram });
