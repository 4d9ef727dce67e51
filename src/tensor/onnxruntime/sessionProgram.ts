/**
 * @file A graph in one onnxruntime session: checks feeds, runs, returns results. The programs for Node and for pages
 * build on it.
 */
import { UserError } from "../../core/errors.ts";
import type { CompiledGraph, Feeds } from "../graph/compile.ts";
import type { TensorData } from "../graph/dtype.ts";
import { outputName } from "../graph/onnx.ts";
import { show, sizeOf } from "../graph/shape.ts";
import { inOrder, type InputAttributes, isInput, type Tensor } from "../graph/tensor.ts";
import type { OnnxSession, OnnxValue, OnnxValueMaker } from "./runtime.ts";

/** The inputs of the outputs' graph, by name. */
export function inputsOf(outputs: Readonly<Record<string, Tensor>>): ReadonlyMap<string, Tensor<InputAttributes>> {
  return new Map(
    inOrder(Object.values<Tensor>(outputs))
      .filter(isInput)
      .map((tensor) => [tensor.attributes.name, tensor]),
  );
}

/** The parts of a program. */
export interface SessionParts<Name extends string> {
  readonly session: OnnxSession;
  /** From the same onnxruntime as the session. */
  readonly Tensor: OnnxValueMaker;
  readonly outputs: Readonly<Record<Name, Tensor>>;
  /** Whether a session writes results straight into arrays that it is given; if not, they are copied there. */
  readonly writesInto: boolean;
}

/** A compiled graph. */
export class SessionProgram<Name extends string> implements CompiledGraph<Name> {
  protected readonly session: OnnxSession;
  private readonly parts: SessionParts<Name>;
  private readonly inputs: ReadonlyMap<string, Tensor<InputAttributes>>;

  constructor(parts: SessionParts<Name>) {
    this.session = parts.session;
    this.parts = parts;
    this.inputs = inputsOf(parts.outputs);
  }

  /**
   * Computes every output once.
   * @param feeds a value for every input of the graph, by name.
   * @param into arrays to write outputs to, by name (their lengths must match); the others are allocated.
   * @throws UserError when an input is missing or has the wrong length.
   */
  async run(feeds: Feeds, into: Readonly<Record<string, TensorData>> = {}): Promise<Record<Name, Float32Array>> {
    const values: Record<string, OnnxValue> = {};
    for (const [name, tensor] of this.inputs) values[name] = this.value(name, feeds[name], tensor);
    const results = await this.session.run(values, this.fetches(into));
    const { outputs, writesInto } = this.parts;
    const entries = Object.keys(outputs).map((name) => {
      const target = into[name];
      const { data } = results[outputName(name)];
      if (target !== undefined && !writesInto) target.set(data);
      return [name, target ?? data];
    });
    return Object.fromEntries(entries) as Record<Name, Float32Array>;
  }

  /** Releases the session. */
  async close(): Promise<void> {
    await this.session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private fetches(into: Readonly<Record<string, TensorData>>): Record<string, OnnxValue | null> {
    const fetches: Record<string, OnnxValue | null> = {};
    for (const [name, tensor] of Object.entries<Tensor>(this.parts.outputs)) {
      const target = into[name];
      const value = target === undefined ? null : this.value(name, target, tensor);
      fetches[outputName(name)] = this.parts.writesInto ? value : null;
    }
    return fetches;
  }

  private value(name: string, data: TensorData | undefined, { shape, dtype }: Tensor): OnnxValue {
    if (data === undefined)
      throw new UserError("tensor/feed", { what: `run(): the input ${name} is missing`, expected: show(shape) });
    if (data.length !== sizeOf(shape)) {
      throw new UserError("tensor/feed", { what: `run(): ${name} has ${data.length} elements`, expected: show(shape) });
    }
    if (!(data instanceof arrays[dtype]))
      throw new UserError("tensor/feed", { what: `run(): ${name} is a ${data.constructor.name}`, expected: dtype });
    return new this.parts.Tensor(dtype, data, shape);
  }
}

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const;
