/** @file Reverse-mode differentiation on the graph: the gradients are ordinary nodes. */
import { UserError } from "../../core/errors.ts";
import { add } from "./ops/arithmetic.ts";
import { show } from "./shape.ts";
import { constant, inOrder, type Tensor } from "./tensor.ts";

/**
 * d loss / d x for every x.
 * @param loss a scalar: shape `[]` or any shape of one element.
 * @returns one tensor per x, of x's shape; zeros where the loss does not depend on x.
 * @throws UserError when the loss is not a scalar, or an op on the way has no gradient rule.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.size !== 1)
    throw new UserError("tensor/gradient", {
      what: "gradients(): the loss is not a scalar",
      got: show(loss.shape),
      expected: "one element",
    });
  const order = inOrder([loss]);
  const needed = dependents(order, wrt);
  const arrived = new Map<number, Tensor>([[loss.id, constant(new Float32Array([1]), loss.shape)]]);
  for (const node of order.toReversed()) {
    const dy = arrived.get(node.id);
    if (dy === undefined || node.inputs.length === 0 || !needed.has(node.id)) continue;
    if (node.op.gradient === undefined)
      throw new UserError("tensor/gradient", { what: `${node.op.name}() has no gradient rule` });
    node.op.gradient(node, dy).forEach((d, i) => {
      const x = node.inputs[i];
      if (d === undefined || !needed.has(x.id)) return;
      const before = arrived.get(x.id);
      arrived.set(x.id, before === undefined ? d : add(before, d));
    });
  }
  return wrt.map((x) => arrived.get(x.id) ?? zerosLike(x));
}

/** The nodes that lie between the wanted inputs and the loss; others need no gradient. */
function dependents(order: readonly Tensor[], wrt: readonly Tensor[]): Set<number> {
  const needed = new Set(wrt.map((x) => x.id));
  for (const node of order) if (node.inputs.some((x) => needed.has(x.id))) needed.add(node.id);
  return needed;
}

function zerosLike(x: Tensor): Tensor {
  return constant(new Float32Array(x.size), x.shape);
}
