/** @file The interface for running a graph, which `../node` and `../web` implement. */
import type { TensorData } from "./dtype.ts";
import type { Tensor } from "./tensor.ts";

/** Values by name. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** A graph that is ready to run. */
export interface CompiledGraph<Name extends string> extends AsyncDisposable {
  /**
   * Computes every output once.
   * @param feeds a value for every input of the graph, by name.
   * @param into arrays to write outputs to, by name (their lengths must match); the others are allocated.
   * @throws UserError `tensor/feed` when an input is missing, has the wrong length or the wrong element type.
   */
  run(feeds: Feeds, into?: Readonly<Record<string, TensorData>>): Promise<Record<Name, Float32Array>>;
  /** Releases its resources. */
  close(): Promise<void>;
}

/** Compiles the graph of the named outputs, for a fixed device and number of threads. */
export type Compile = <Name extends string>(outputs: Readonly<Record<Name, Tensor>>) => Promise<CompiledGraph<Name>>;
