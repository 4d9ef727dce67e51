/**
 * @file The graph: a tensor is a node that knows its op, its inputs and its static shape.
 * Nothing is computed here; `onnx.ts` emits the graph that leads to chosen tensors as one ONNX model.
 */
import { internal, UserError } from "../../core/errors.ts";
import type { DType, InputDType, TensorData } from "./dtype.ts";
import type { Emitter } from "./emitter.ts";
import { type Shape, shapeError, sizeOf } from "./shape.ts";

/** The definition of an op: shape rule, gradient rule, ONNX emission. `A` = its attributes. */
export interface OpDef<A = unknown> {
  readonly name: string;
  /** The result's shape; throws a shape error that names the argument. */
  shape(inputs: readonly Tensor[], attributes: A): Shape;
  /** The result's element type; default float32. */
  readonly dtype?: DType;
  /** Element types of the inputs; default float32 for all. `any` takes every type. */
  readonly inputTypes?: readonly (DType | "any")[];
  /**
   * The gradient of the loss with respect to every input, given that with respect to the result, `dy`; `undefined` for
   * inputs without one. Differentiating through an op without this rule is an error.
   */
  gradient?(node: Tensor<A>, dy: Tensor): readonly (Tensor | undefined)[];
  /** Adds the ONNX nodes for this op; returns the name of the value that holds the result. */
  emit(emitter: Emitter, inputs: readonly string[], node: Tensor<A>): string;
}

function typeError(op: string, index: number, got: DType, expected: DType): UserError {
  const what = `${op}(): argument ${index + 1} has the wrong element type`;
  return new UserError("tensor/type", { what, got, expected });
}

let count = 0;

/** A node of the graph with a static shape. */
export class Tensor<A = unknown> {
  /** Unique, ascending in the order of creation, so inputs have smaller ids than the tensors made from them. */
  readonly id: number = count++;
  readonly op: OpDef<A>;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(op: OpDef<A>, inputs: readonly Tensor[], attributes: A, shape: Shape, dtype: DType) {
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    this.shape = shape;
    this.dtype = dtype;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
}

/** Applies an op: checks element types and shapes and makes the node. */
export function apply<A>(op: OpDef<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  inputs.forEach(({ dtype }, i) => {
    const wanted = op.inputTypes?.[i] ?? "float32";
    if (wanted !== "any" && dtype !== wanted) throw typeError(op.name, i, dtype, wanted);
  });
  return new Tensor<A>(op, inputs, attributes, op.shape(inputs, attributes), op.dtype ?? "float32");
}

/** Attributes of an input. */
export interface InputAttributes {
  readonly name: string;
  readonly shape: Shape;
}

const inputOp = (dtype: DType): OpDef<InputAttributes> => ({
  name: "input",
  dtype,
  shape: (_, { shape }) => shape,
  emit: (emitter, _, node) => emitter.input(node.attributes.name, node.shape, node.dtype),
});

const inputOps = { float32: inputOp("float32"), int32: inputOp("int32"), bool: inputOp("bool") };

/** A value that is fed at every run: data, a parameter, the learning rate. Names are unique within a program. */
export function input(name: string, shape: Shape, dtype: InputDType = "float32"): Tensor<InputAttributes> {
  return apply(inputOps[dtype], [], { name, shape: [...shape] }) as Tensor<InputAttributes>;
}

/** Whether a tensor was made by `input`. */
export function isInput(tensor: Tensor): tensor is Tensor<InputAttributes> {
  return tensor.op.name === "input";
}

const constantOp = (dtype: DType): OpDef<{ data: TensorData; shape: Shape }> => ({
  name: "constant",
  dtype,
  shape: (_, { shape }) => shape,
  emit: (emitter, _, node) => emitter.constant(node.attributes.data, node.shape, node.dtype),
});

const constantOps = { float32: constantOp("float32"), int32: constantOp("int32"), bool: constantOp("bool") };

/** A value that is part of the program. Numbers become scalars. */
export function constant(value: number | readonly number[] | TensorData, shape?: Shape): Tensor {
  const data =
    typeof value === "number"
      ? Float32Array.of(value)
      : Array.isArray(value)
        ? Float32Array.from(value)
        : (value as TensorData);
  const wanted = shape ?? (typeof value === "number" ? [] : [data.length]);
  if (sizeOf(wanted) !== data.length) throw shapeError("constant", "shape", wanted, `${data.length} elements`);
  const dtype = data instanceof Int32Array ? "int32" : data instanceof Uint8Array ? "bool" : "float32";
  return apply(constantOps[dtype], [], { data, shape: [...wanted] });
}

/** Numbers stand for scalar constants wherever a tensor is expected. */
export type TensorLike = Tensor | number;

/** The value as a tensor. */
export function toTensor(value: TensorLike): Tensor {
  return typeof value === "number" ? constant(value) : value;
}

/** Every tensor that the given ones depend on, inputs before their users, each once. */
export function inOrder(outputs: readonly Tensor[]): Tensor[] {
  const found = new Map<number, Tensor>();
  const waiting = [...outputs];
  for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
    if (found.has(tensor.id)) continue;
    found.set(tensor.id, tensor);
    waiting.push(...tensor.inputs);
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** The value of a constant node, for rules that need it. */
export function constantData(tensor: Tensor): TensorData {
  if (tensor.op.name !== "constant") throw internal(`${tensor.op.name} is not a constant`);
  return (tensor.attributes as { data: TensorData }).data;
}
