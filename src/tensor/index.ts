/** @file The differentiable graph in Node: build tensors, take gradients, compile, run with onnxruntime-node. */
export * from "./graph/index.ts";
export * from "./node/index.ts";
