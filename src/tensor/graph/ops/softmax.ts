/** @file Softmax and its logarithm over one axis. */
import { toAxis } from "../shape.ts";
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { mul, sub, sum } from "./arithmetic.ts";
import { exp } from "./functions.ts";

interface AxisAttributes {
  readonly axis: number;
}

const softmaxOp: OpDef<AxisAttributes> = {
  name: "softmax",
  shape: ([x]) => x.shape,
  gradient: (node, dy) => {
    const y = node as Tensor;
    return [mul(y, sub(dy, sum(mul(dy, y), [node.attributes.axis], true)))];
  },
  emit: (emitter, inputs, { attributes: { axis } }) => emitter.node("Softmax", inputs, { axis }),
};

/** eˣ / Σ eˣ over one axis, the last if none is named (the fastest). */
export function softmax(x: Tensor, axis = -1): Tensor {
  return apply(softmaxOp, [x], { axis: toAxis("softmax", axis, x.shape) });
}

const logSoftmaxOp: OpDef<AxisAttributes> = {
  name: "logSoftmax",
  shape: ([x]) => x.shape,
  gradient: (node, dy) => [sub(dy, mul(exp(node), sum(dy, [node.attributes.axis], true)))],
  emit: (emitter, inputs, { attributes: { axis } }) => emitter.node("LogSoftmax", inputs, { axis }),
};

/** log softmax over one axis (the last if none is named), without overflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return apply(logSoftmaxOp, [x], { axis: toAxis("logSoftmax", axis, x.shape) });
}
