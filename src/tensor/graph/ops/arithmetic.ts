/**
 * @file The ops whose gradient rules need one another: arithmetic with NumPy broadcasting, comparison and choice,
 * sums, reshape and expand. Everything else is built on these.
 */
import { broadcastShapes, sameShape, type Shape, shapeError, show, sizeOf, toAxes } from "../shape.ts";
import { apply, type OpDef, type Tensor, type TensorLike, toTensor } from "../tensor.ts";

type Pair = readonly [Tensor, Tensor];

/** Sums a gradient back over the axes along which an input was broadcast. */
export function sumTo(gradient: Tensor, like: Tensor): Tensor {
  if (sameShape(gradient.shape, like.shape)) return gradient;
  const extra = gradient.shape.length - like.shape.length;
  const axes = gradient.shape.flatMap((n, i) => (i < extra || (like.shape[i - extra] === 1 && n !== 1) ? [i] : []));
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, like.shape);
}

function binary(
  name: string,
  onnx: string,
  gradient: (pair: Pair, dy: Tensor, y: Tensor) => readonly [Tensor, Tensor],
): (a: TensorLike, b: TensorLike) => Tensor {
  const op: OpDef<null> = {
    name,
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    gradient: (node, dy) => {
      const pair: Pair = [node.inputs[0], node.inputs[1]];
      return gradient(pair, dy, node).map((d, i) => sumTo(d, pair[i]));
    },
    emit: (emitter, inputs) => emitter.node(onnx, inputs),
  };
  return (a, b) => apply(op, [toTensor(a), toTensor(b)], null);
}

/** A function of one number, with its derivative times dy. */
export function unary(
  name: string,
  onnx: string,
  derivative: (x: Tensor, y: Tensor, dy: Tensor) => Tensor,
): (x: TensorLike) => Tensor {
  const op: OpDef<null> = {
    name,
    shape: ([x]) => x.shape,
    gradient: (node, dy) => [derivative(node.inputs[0], node, dy)],
    emit: (emitter, inputs) => emitter.node(onnx, inputs),
  };
  return (x) => apply(op, [toTensor(x)], null);
}

function comparison(name: string, onnx: string): (a: TensorLike, b: TensorLike) => Tensor {
  const op: OpDef<null> = {
    name,
    dtype: "bool",
    inputTypes: ["any", "any"],
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    gradient: () => [undefined, undefined],
    emit: (emitter, inputs) => emitter.node(onnx, inputs),
  };
  return (a, b) => apply(op, [toTensor(a), toTensor(b)], null);
}

/** a + b. */
export const add = binary("add", "Add", (_, dy) => [dy, dy]);
/** a − b. */
export const sub = binary("sub", "Sub", (_, dy) => [dy, neg(dy)]);
/** a · b, element by element. */
export const mul = binary("mul", "Mul", ([a, b], dy) => [mul(dy, b), mul(dy, a)]);
/** a / b. */
export const div = binary("div", "Div", ([, b], dy, y) => [div(dy, b), neg(div(mul(dy, y), b))]);
/** The larger of both; where they are equal the gradient goes to `a`. */
export const maximum = binary("maximum", "Max", ([a, b], dy) => [where(less(a, b), 0, dy), where(less(a, b), dy, 0)]);
/** The smaller of both; where they are equal the gradient goes to `a`. */
export const minimum = binary("minimum", "Min", ([a, b], dy) => [
  where(greater(a, b), 0, dy),
  where(greater(a, b), dy, 0),
]);

/** a > b as bool. */
export const greater = comparison("greater", "Greater");
/** a < b as bool. */
export const less = comparison("less", "Less");
/** a = b as bool. */
export const equal = comparison("equal", "Equal");

/** −x. */
export const neg = unary("neg", "Neg", (_x, _y, dy) => neg(dy));
const whereOp: OpDef<null> = {
  name: "where",
  inputTypes: ["bool", "float32", "float32"],
  shape: ([condition, a, b]) => broadcastShapes("where", condition.shape, broadcastShapes("where", a.shape, b.shape)),
  gradient: ({ inputs: [condition, a, b] }, dy) => [
    undefined,
    sumTo(where(condition, dy, 0), a),
    sumTo(where(condition, 0, dy), b),
  ],
  emit: (emitter, inputs) => emitter.node("Where", inputs),
};

/** a where the condition (bool) holds, b elsewhere. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  return apply(whereOp, [condition, toTensor(a), toTensor(b)], null);
}

const castOp: OpDef<null> = {
  name: "toFloat",
  inputTypes: ["any"],
  shape: ([x]) => x.shape,
  gradient: () => [undefined],
  emit: (emitter, inputs) => emitter.node("Cast", inputs, { to: 1 }),
};

/** bool or int32 as float32; no gradient. */
export function toFloat(x: Tensor): Tensor {
  return x.dtype === "float32" ? x : apply(castOp, [x], null);
}

const stopOp: OpDef<null> = {
  name: "stopGradient",
  shape: ([x]) => x.shape,
  gradient: () => [undefined],
  emit: (_, [x]) => x,
};

/** The same value, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopOp, [x], null);
}

/** Attributes of a reduction. */
export interface ReduceAttributes {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

function reduced(shape: Shape, { axes, keep }: ReduceAttributes): Shape {
  return shape.flatMap((n, i) => (axes.includes(i) ? (keep ? [1] : []) : [n]));
}

/** Restores the reduced axes of a result as size 1. */
export function withAxes(x: Tensor, like: Tensor, axes: readonly number[]): Tensor {
  return reshape(x, reduced(like.shape, { axes, keep: true }));
}

/** A reduction over axes. */
export function reduction(
  name: string,
  onnx: string,
  gradient: (node: Tensor<ReduceAttributes>, dy: Tensor) => Tensor,
) {
  const op: OpDef<ReduceAttributes> = {
    name,
    shape: ([x], attributes) => reduced(x.shape, attributes),
    gradient: (node, dy) => [gradient(node, dy)],
    emit: (emitter, [x], { attributes: { axes, keep } }) =>
      // Since opset 13 the axes of ReduceSum are an input; the others still have an attribute.
      onnx === "ReduceSum"
        ? emitter.node(onnx, [x, emitter.int64(axes)], { keepdims: keep ? 1 : 0 })
        : emitter.node(onnx, [x], { axes, keepdims: keep ? 1 : 0 }),
  };
  return (x: Tensor, axes?: readonly number[], keep = false): Tensor => {
    // ONNX takes an empty list as "all axes", which is hardly meant by an empty list here.
    if (axes?.length === 0 && x.shape.length > 0)
      throw shapeError(name, "axes", axes, "one axis or more, or undefined");
    return apply(op, [x], { axes: toAxes(name, axes, x.shape), keep });
  };
}

/** Sum over axes (all if none are named). */
export const sum = reduction("sum", "ReduceSum", ({ inputs: [x], attributes }, dy) =>
  expand(withAxes(dy, x, attributes.axes), x.shape),
);

const reshapeOp: OpDef<{ shape: Shape }> = {
  name: "reshape",
  shape: ([x], { shape }) => {
    if (sizeOf(shape) !== x.size)
      throw shapeError("reshape", "shape", shape, `${x.size} elements, as in ${show(x.shape)}`);
    return shape;
  },
  gradient: ({ inputs: [x] }, dy) => [reshape(dy, x.shape)],
  emit: (emitter, [x], { attributes }) => emitter.node("Reshape", [x, emitter.int64(attributes.shape)]),
};

/** The same numbers in a different shape; one axis may be -1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const open = shape.filter((n) => n === -1).length;
  if (open > 1 || (open === 1 && x.size % known !== 0))
    throw shapeError("reshape", "shape", shape, `at most one -1 and ${x.size} elements, as in ${show(x.shape)}`);
  return apply(reshapeOp, [x], { shape: shape.map((n) => (n === -1 ? x.size / known : n)) });
}

const expandOp: OpDef<{ shape: Shape }> = {
  name: "expand",
  shape: ([x], { shape }) => {
    if (!sameShape(broadcastShapes("expand", x.shape, shape), shape)) {
      throw shapeError("expand", "x", x.shape, `a shape that broadcasts to ${show(shape)}`);
    }
    return shape;
  },
  gradient: ({ inputs: [x] }, dy) => [sumTo(dy, x)],
  emit: (emitter, [x], { attributes }) => emitter.node("Expand", [x, emitter.int64(attributes.shape)]),
};

/** Repeats axes of size 1 (and adds axes in front) until the shape is reached. */
export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(expandOp, [x], { shape: [...shape] });
}
