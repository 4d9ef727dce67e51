/** @file Functions of one number. */
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { add, div, greater, mul, neg, sub, unary, where } from "./arithmetic.ts";

/** eˣ. */
export const exp = unary("exp", "Exp", (_x, y, dy) => mul(dy, y));
/** Natural logarithm; −∞ at 0, NaN below. */
export const log = unary("log", "Log", (x, _y, dy) => div(dy, x));
/** Square root; its gradient at 0 is infinite. */
export const sqrt = unary("sqrt", "Sqrt", (_x, y, dy) => div(mul(dy, 0.5), y));
/** |x|; gradient 0 at 0. */
export const abs = unary("abs", "Abs", (x, _y, dy) => mul(dy, sign(x)));
/** −1, 0 or 1; no gradient. */
export const sign = unary("sign", "Sign", (x) => mul(x, 0));
/** max(x, 0); gradient 0 at 0. */
export const relu = unary("relu", "Relu", (_x, y, dy) => where(greater(y, 0), dy, 0));
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = unary("sigmoid", "Sigmoid", (_x, y, dy) => mul(dy, mul(y, sub(1, y))));
/** Hyperbolic tangent. */
export const tanh = unary("tanh", "Tanh", (_x, y, dy) => mul(dy, sub(1, mul(y, y))));
/** Gauss's error function. */
export const erf = unary("erf", "Erf", (x, _y, dy) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))));

/** x · Φ(x), the exact form (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(1, erf(mul(x, Math.SQRT1_2))));
}

/** x². */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}

const powOp: OpDef<{ exponent: number }> = {
  name: "pow",
  shape: ([x]) => x.shape,
  gradient: ({ inputs: [x], attributes: { exponent } }, dy) => [mul(dy, mul(pow(x, exponent - 1), exponent))],
  emit: (emitter, [x], { attributes }) => emitter.node("Pow", [x, emitter.scalar(attributes.exponent)]),
};

/** x to a constant power; NaN for negative x and a fractional power. */
export function pow(x: Tensor, exponent: number): Tensor {
  return apply(powOp, [x], { exponent });
}
