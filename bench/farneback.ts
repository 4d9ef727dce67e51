/**
 * @file The oracle of optical flow: Farnebäck's method as OpenCV has it (`@techstark/opencv-js`, plain WASM, one
 * thread).
 */
import type { FlowScene } from "./flowScenes.ts";

interface Matrix {
  readonly data: Uint8Array;
  readonly data32F: Float32Array;
  delete(): void;
}
interface OpenCv {
  Mat?: new (rows?: number, columns?: number, type?: number) => Matrix;
  readonly CV_8UC1: number;
  calcOpticalFlowFarneback(
    from: Matrix,
    to: Matrix,
    flow: Matrix,
    ...settings: [
      scale: number,
      levels: number,
      window: number,
      rounds: number,
      n: number,
      sigma: number,
      flags: number,
    ]
  ): void;
  onRuntimeInitialized?: () => void;
}

/** Flow of a scene and the milliseconds that the call itself took. */
export type Oracle = (scene: FlowScene) => { u: Float32Array; v: Float32Array; ms: number };

/** Loads OpenCV; its module must not be awaited, it resolves to itself for ever. */
export async function farneback(require: NodeJS.Require): Promise<Oracle> {
  const cv = require("@techstark/opencv-js") as OpenCv;
  if (cv.Mat === undefined) await new Promise<void>((resolve) => (cv.onRuntimeInitialized = resolve));
  return (scene) => run(cv as Required<OpenCv>, scene);
}

function run(cv: Required<OpenCv>, { width, height, from, to }: FlowScene): ReturnType<Oracle> {
  const pictures = [from, to].map((grey) => {
    const matrix = new cv.Mat(height, width, cv.CV_8UC1);
    matrix.data.set(grey);
    return matrix;
  });
  const flow = new cv.Mat();
  const before = performance.now();
  cv.calcOpticalFlowFarneback(pictures[0], pictures[1], flow, 0.5, 5, 15, 3, 5, 1.2, 0);
  const ms = performance.now() - before;
  const pairs = flow.data32F;
  const u = Float32Array.from({ length: width * height }, (_, p) => pairs[2 * p]);
  const v = Float32Array.from({ length: width * height }, (_, p) => pairs[2 * p + 1]);
  for (const matrix of [...pictures, flow]) matrix.delete();
  return { u, v, ms };
}
