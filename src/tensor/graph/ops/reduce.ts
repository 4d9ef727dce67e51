/** @file Means, sums of squares and maxima over axes. */
import { div, equal, expand, mul, reduction, sum, toFloat, withAxes } from "./arithmetic.ts";

/** Mean over axes (all if none are named). */
export const mean = reduction("mean", "ReduceMean", ({ inputs: [x], attributes }, dy) => {
  const count = attributes.axes.reduce((product, axis) => product * x.shape[axis], 1);
  return expand(withAxes(mul(dy, 1 / count), x, attributes.axes), x.shape);
});

/** Sum of squares over axes, in one pass. */
export const sumSquare = reduction("sumSquare", "ReduceSumSquare", ({ inputs: [x], attributes }, dy) =>
  mul(x, withAxes(mul(dy, 2), x, attributes.axes)),
);

/** Maximum over axes; equal maxima share the gradient. */
export const max = reduction("max", "ReduceMax", (node, dy) => {
  const x = node.inputs[0];
  const { axes } = node.attributes;
  const winners = toFloat(equal(x, withAxes(node, x, axes)));
  return mul(div(winners, sum(winners, axes, true)), withAxes(dy, x, axes));
});
