/** @file Compiles and runs graphs in a page with onnxruntime-web. */
export * from "./program.ts";
