/**
 * @file The part of onnxruntime's JavaScript interface that is used here; onnxruntime-node and onnxruntime-web both
 * have it.
 */
import type { DType, TensorData } from "../graph/dtype.ts";

/** A tensor of onnxruntime. */
export interface OnnxValue {
  /** Float32 for all of our outputs. */
  readonly data: Float32Array;
}

/** `ort.Tensor`. */
export type OnnxValueMaker = new (type: DType, data: TensorData, dims: readonly number[]) => OnnxValue;

/** `ort.InferenceSession`. */
export interface OnnxSession {
  /** @param fetches for every wanted output a tensor to write to, or null for a new one. */
  run(
    feeds: Readonly<Record<string, OnnxValue>>,
    fetches: Readonly<Record<string, OnnxValue | null>>,
  ): Promise<Readonly<Record<string, OnnxValue>>>;
  release(): Promise<void>;
  endProfiling(): void;
}

/** The module itself. */
export interface OnnxRuntime {
  readonly Tensor: OnnxValueMaker;
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
  };
}
