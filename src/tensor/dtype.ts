/** @file Element types of tensors, and the arrays that carry them. A leaf. */

/** Element types; indices are int32. */
export type DType = "float32" | "int32" | "bool";

/** The typed array that carries a tensor's values. */
export type TensorData = Float32Array | Int32Array | Uint8Array;
