/**
 * @file The per-pixel work of mode `live`, on the calling thread (compiled to dist/kernels/pixels.wasm): `decode`
 * (parts/guided.ts) makes masks from cells, `shrink` (parts/shrink.ts) makes the encoder's input from frames.
 */
export { decode } from "./parts/guided";
export { shrink } from "./parts/shrink";
