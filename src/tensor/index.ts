/** @file The differentiable graph: build tensors, take gradients, compile, run. */
export * from "./gradients.ts";
export type { DeviceKind } from "./onnx.ts";
export * from "./ops/arithmetic.ts";
export * from "./ops/conv.ts";
export * from "./ops/functions.ts";
export * from "./ops/layout.ts";
export * from "./ops/loss.ts";
export * from "./ops/matmul.ts";
export * from "./ops/normalise.ts";
export * from "./ops/pool.ts";
export * from "./ops/reduce.ts";
export * from "./ops/resize.ts";
export * from "./ops/softmax.ts";
export * from "./optimisers.ts";
export * from "./parameters.ts";
export * from "./program.ts";
export * from "./shape.ts";
export { constant, type DType, input, inOrder, type Tensor, type TensorData, type TensorLike } from "./tensor.ts";
