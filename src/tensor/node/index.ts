/** @file Compiles and runs graphs with onnxruntime-node. */
export * from "./program.ts";
