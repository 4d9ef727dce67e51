/** @file Shapes: the rules of broadcasting and axes, and the errors they give. A leaf: imports nothing of the graph. */
import { UserError } from "../../core/errors.ts";

/** Sizes of the axes, slowest first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** `[2,3]`, as it appears in messages. */
export function show(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** The error of a shape rule: names the op and the argument, the shape given and the shape expected. */
export function shapeError(op: string, argument: string, got: Shape | string, expected: string): UserError {
  return new UserError("tensor/shape", {
    what: `${op}(): ${argument} has the wrong shape`,
    got: typeof got === "string" ? got : show(got),
    expected,
  });
}

/** Checks a whole number among an op's options. @throws UserError naming the op and the option. */
export function needWhole(op: string, option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) throw argumentError(op, option, value, `a whole number ≥ ${least}`);
}

/** The error of an option other than a shape. */
export function argumentError(op: string, option: string, got: number, expected: string): UserError {
  return new UserError("tensor/argument", { what: `${op}(): ${option}`, got: String(got), expected });
}

/** NumPy's broadcasting of two shapes. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw shapeError(op, "b", b, `a shape that broadcasts with a ${show(a)}`);
    return m === 1 ? n : m;
  });
}

/** An axis counted from the front, checked; -1 is the last one. */
export function toAxis(op: string, axis: number, shape: Shape): number {
  const found = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || found < 0 || found >= shape.length) {
    throw shapeError(op, "x", shape, `a shape with axis ${axis}`);
  }
  return found;
}

/** Several axes counted from the front, ascending and checked; all of them if none are named. */
export function toAxes(op: string, axes: readonly number[] | undefined, shape: Shape): number[] {
  if (axes === undefined) return shape.map((_, i) => i);
  return [...new Set(axes.map((axis) => toAxis(op, axis, shape)))].sort((a, b) => a - b);
}

/** True when both shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
