/** @file What the graph asks the parts for beside the frames: declared with its shape, fed by name. */
import { input, type Tensor, type TensorData } from "../../tensor/index.ts";

/** Shape and type (default float32) of an input of the graph. */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype?: "int32";
}

/** Inputs by name; names are unique among all parts. */
export type Inputs<Name extends string = string> = Readonly<Record<Name, InputSpec>>;

/** The graph's tensor of a declared input. */
export function fed<Name extends string>(inputs: Inputs<Name>, name: Name): Tensor {
  const { shape, dtype = "float32" } = inputs[name];
  return input(name, shape, dtype);
}

/** Values of inputs by name. */
export type PartFeeds = Readonly<Record<string, TensorData>>;

/** Arrays one after the other. */
export function inARow(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
