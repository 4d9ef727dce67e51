/** @file Softmax and its logarithm over the last axis. */
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { expand, mul, sub, sum } from "./arithmetic.ts";
import { exp } from "./functions.ts";

const softmaxOp: OpDef<null> = {
  name: "softmax",
  shape: ([x]) => x.shape,
  gradient: (node, dy) => {
    const y = node as Tensor;
    return [mul(y, sub(dy, sum(mul(dy, y), [-1], true)))];
  },
  emit: (emitter, inputs) => emitter.node("Softmax", inputs, { axis: -1 }),
};

/** eˣ / Σ eˣ over the last axis. */
export function softmax(x: Tensor): Tensor {
  return apply(softmaxOp, [x], null);
}

const logSoftmaxOp: OpDef<null> = {
  name: "logSoftmax",
  shape: ([x]) => x.shape,
  gradient: (node, dy) => [sub(dy, mul(exp(node), expand(sum(dy, [-1], true), node.shape)))],
  emit: (emitter, inputs) => emitter.node("LogSoftmax", inputs, { axis: -1 }),
};

/** log softmax over the last axis, without overflow. */
export function logSoftmax(x: Tensor): Tensor {
  return apply(logSoftmaxOp, [x], null);
}
