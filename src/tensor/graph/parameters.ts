/** @file Named parameters in one flat vector: the optimiser, checkpoints and averages each handle one array. */
import { UserError } from "../../core/errors.ts";
import { reshape } from "./ops/arithmetic.ts";
import { concat, slice } from "./ops/layout.ts";
import { type Shape, show, sizeOf } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** One named parameter. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
}

/** Values by parameter name. */
export type ParameterValues = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

/** Which part of a flat vector `[size]` belongs to which parameter, in the order given. */
export class ParameterLayout {
  readonly specs: readonly ParameterSpec[];
  readonly size: number;
  private readonly offsets: readonly number[];

  constructor(specs: readonly ParameterSpec[]) {
    this.specs = specs;
    let size = 0;
    this.offsets = specs.map(({ shape }) => {
      const offset = size;
      size += sizeOf(shape);
      return offset;
    });
    this.size = size;
  }

  /** The parameters as tensors of their own shapes, cut from the flat one. */
  views(flat: Tensor): Map<string, Tensor> {
    return new Map(
      this.specs.map(({ name, shape }, i) => [name, reshape(slice(flat, 0, this.offsets[i], sizeOf(shape)), shape)]),
    );
  }

  /**
   * The gradient `[size]` of the flat vector from those of its views: one concatenation, where the views' own rule
   * would pad each to the full length and add them all up (2 GB of memory traffic per step for 60 parameters and 4.6 M
   * numbers).
   */
  flatten(views: readonly Tensor[]): Tensor {
    return concat(
      views.map((view) => reshape(view, [view.size])),
      0,
    );
  }

  /** One number per element, the same within a parameter: for example a weight-decay mask. */
  fill(value: (spec: ParameterSpec) => number): Float32Array {
    const flat = new Float32Array(this.size);
    this.specs.forEach((spec, i) => flat.fill(value(spec), this.offsets[i], this.offsets[i] + sizeOf(spec.shape)));
    return flat;
  }

  /**
   * Named values as one vector.
   * @throws UserError naming the first parameter that is missing or has a different shape.
   */
  pack(values: ParameterValues): Float32Array {
    const flat = new Float32Array(this.size);
    this.specs.forEach(({ name, shape }, i) => {
      const value = values.get(name);
      if (value === undefined || show(value.shape) !== show(shape)) {
        throw new UserError("weights/mismatch", {
          what: `the weights do not fit: ${name}`,
          got: value === undefined ? "nothing" : show(value.shape),
          expected: show(shape),
          todo: "choose the variant that the weights were made for",
        });
      }
      flat.set(value.data, this.offsets[i]);
    });
    return flat;
  }

  /** The vector as named values (views of it, no copies). */
  unpack(flat: Float32Array): Map<string, { shape: Shape; data: Float32Array }> {
    return new Map(
      this.specs.map(({ name, shape }, i) => [
        name,
        { shape, data: flat.subarray(this.offsets[i], this.offsets[i] + sizeOf(shape)) },
      ]),
    );
  }
}
