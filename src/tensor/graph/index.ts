/**
 * @file The differentiable graph: build tensors, take gradients, emit ONNX. Pure: it runs wherever JavaScript runs and
 * computes nothing itself. `../node` and `../web` compile and run the graphs built here.
 */
export * from "./gradients.ts";
export type { DType, TensorData } from "./dtype.ts";
export type { DeviceKind } from "./emitter.ts";
export * from "./ops/arithmetic.ts";
export * from "./ops/conv.ts";
export * from "./ops/functions.ts";
export * from "./ops/layout.ts";
export * from "./ops/loss.ts";
export * from "./ops/matmul.ts";
export * from "./ops/normalise.ts";
export * from "./ops/pool.ts";
export * from "./ops/quantised.ts";
export * from "./ops/reduce.ts";
export * from "./ops/resize.ts";
export * from "./ops/softmax.ts";
export * from "./optimisers.ts";
export * from "./parameters.ts";
export * from "./compile.ts";
export * from "./shape.ts";
export { constant, input, inOrder, type Tensor, type TensorLike } from "./tensor.ts";
