/** @file Emits a graph as one ONNX model. */
import { internal } from "../../core/errors.ts";
import { Emitter, type Target } from "./emitter.ts";
import { inOrder, type Tensor } from "./tensor.ts";

/**
 * The ONNX name of an output: in a separate name space, because an updated parameter has the same name as the one it
 * replaces.
 */
export function outputName(name: string): string {
  return `out/${name}`;
}

/** Emits everything that the named outputs depend on as one model. */
export function emitModel(outputs: Readonly<Record<string, Tensor>>, target: Target): Uint8Array {
  const emitter = new Emitter(target);
  const names = new Map<number, string>();
  const nameOf = (tensor: Tensor): string => {
    const name = names.get(tensor.id);
    if (name === undefined) throw internal(`tensor ${tensor.id} was used before it was emitted`);
    return name;
  };
  for (const tensor of inOrder(Object.values(outputs))) {
    names.set(tensor.id, tensor.op.emit(emitter, tensor.inputs.map(nameOf), tensor));
  }
  return emitter.model(
    Object.entries(outputs).map(([name, tensor]) => ({
      name: outputName(name),
      value: nameOf(tensor),
      shape: tensor.shape,
      dtype: tensor.dtype,
    })),
  );
}
