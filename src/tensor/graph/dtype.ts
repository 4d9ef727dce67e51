/** @file Element types of tensors, and the arrays that carry them. A leaf. */

/** Element types; indices are int32, `uint8` and `int8` are quantised values inside a graph (`ops/quantised.ts`). */
export type DType = "float32" | "int32" | "bool" | "uint8" | "int8";

/** Element types that can be fed. */
export type InputDType = Exclude<DType, "uint8" | "int8">;

/** The typed array that carries a tensor's values. */
export type TensorData = Float32Array | Int32Array | Uint8Array | Int8Array;
