/** @file What running a graph looks like from outside: the interface that `../node` and `../web` implement. */
import type { TensorData } from "./dtype.ts";
import type { Tensor } from "./tensor.ts";

/** Values by name. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** A graph that is ready to run. */
export interface CompiledGraph<Name extends string> extends AsyncDisposable {
  /**
   * Computes every output once.
   * @param feeds a value for every input of the graph, by name.
   * @param into arrays to write outputs to, by name (their lengths must fit); the others are made.
   * @throws UserError `tensor/feed` when an input is missing, has the wrong length or the wrong element type.
   */
  run(feeds: Feeds, into?: Readonly<Record<string, TensorData>>): Promise<Record<Name, Float32Array>>;
  /** Gives back what it holds. */
  close(): Promise<void>;
}

/** Compiles the graph that leads to the named outputs; device and threads are settled. */
export type Compile = <Name extends string>(outputs: Readonly<Record<Name, Tensor>>) => Promise<CompiledGraph<Name>>;
