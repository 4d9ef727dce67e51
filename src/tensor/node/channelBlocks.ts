/**
 * @file How many channels onnxruntime's blocked convolution kernels (NCHWc: channels in blocks, innermost) process
 * together on this machine. onnxruntime uses those kernels on its own where a convolution's weights are constant; in
 * training they change every step, so `conv2d` has to request them. The width depends on the CPU and is read off a
 * reordered tensor.
 */
import * as ort from "onnxruntime-node";
import { Emitter } from "../graph/emitter.ts";

/** More channels than any kernel processes together. */
const PROBED_CHANNELS = 64;

let found: Promise<number> | undefined;

/** Channels in a block: 16 with AVX-512, 8 with AVX2; 0 where there are no such kernels. */
export function channelBlock(): Promise<number> {
  found ??= probe().catch(() => 0);
  return found;
}

/** Reorders a tensor of two pixels: channel 0 of pixel 1 then follows the first block of pixel 0. */
async function probe(): Promise<number> {
  const shape = [1, PROBED_CHANNELS, 1, 2];
  const emitter = new Emitter({ device: "cpu", channelBlock: 0 });
  const value = emitter.nchwc("ReorderInput", [emitter.input("x", shape, "float32")]);
  const model = emitter.model([{ name: "y", value, shape, dtype: "float32" }]);
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const numbers = Float32Array.from({ length: 2 * PROBED_CHANNELS }, (_, i) => i);
  const { y } = await session.run({ x: new ort.Tensor("float32", numbers, shape) });
  await session.release();
  return Math.max(0, (y.data as Float32Array).indexOf(1));
}
