/** @file The number types of weights files, by their safetensors names. */
import { fromBfloat16, fromFloat16, type TensorData } from "./tensors.ts";

/** How values of one type are stored in a file. */
export interface Dtype {
  /** Bytes per value. */
  readonly bytes: number;
  /** Little-endian values (as every machine that Node runs on has them); floats become float32, BOOL uint8. */
  decode(buffer: ArrayBuffer): TensorData;
}

/** By safetensors name. */
export const DTYPES: ReadonlyMap<string, Dtype> = new Map(
  Object.entries({
    F64: { bytes: 8, decode: (b) => Float32Array.from(new Float64Array(b)) },
    F32: { bytes: 4, decode: (b) => new Float32Array(b) },
    F16: { bytes: 2, decode: (b) => fromFloat16(new Uint16Array(b)) },
    BF16: { bytes: 2, decode: (b) => fromBfloat16(new Uint16Array(b)) },
    I64: { bytes: 8, decode: (b) => new BigInt64Array(b) },
    U64: { bytes: 8, decode: (b) => new BigUint64Array(b) },
    I32: { bytes: 4, decode: (b) => new Int32Array(b) },
    U32: { bytes: 4, decode: (b) => new Uint32Array(b) },
    I16: { bytes: 2, decode: (b) => new Int16Array(b) },
    U16: { bytes: 2, decode: (b) => new Uint16Array(b) },
    I8: { bytes: 1, decode: (b) => new Int8Array(b) },
    U8: { bytes: 1, decode: (b) => new Uint8Array(b) },
    BOOL: { bytes: 1, decode: (b) => new Uint8Array(b) },
  } satisfies Record<string, Dtype>),
);
