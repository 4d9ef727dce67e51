/** @file Arithmetic with broadcasting, functions of one number, choice: values and gradients. */
import { describe, expect, test } from "vitest";
import * as t from "../../../src/tensor/index.ts";
import * as r from "../../reference/tensor.ts";
import { checkOp, feed } from "../check.ts";

type Pair = [t.Shape, t.Shape];
const pairs: Pair[] = [
  [
    [3, 5],
    [3, 5],
  ],
  [[2, 3, 5], [5]],
  [[5], [2, 3, 5]],
  [
    [2, 1, 5],
    [3, 1],
  ],
  [
    [1, 3, 1],
    [2, 1, 4],
  ],
  [[], [2, 3]],
  [[1], [1]],
  [[], []],
];

type Binary = [string, (a: t.Tensor, b: t.Tensor) => t.Tensor, (a: number, b: number) => number];
const binaries: Binary[] = [
  ["add", t.add, (a, b) => a + b],
  ["sub", t.sub, (a, b) => a - b],
  ["mul", t.mul, (a, b) => a * b],
  ["div", t.div, (a, b) => a / b],
  ["maximum", t.maximum, Math.max],
  ["minimum", t.minimum, Math.min],
];

describe.each(binaries)("%s", (_, build, f) => {
  test.each(pairs)("%j with %j", async (a, b) => {
    const feeds = [feed(a, 1, { gap: 0.2 }), feed(b, 2, { gap: 0.2 })];
    await checkOp({ feeds, build, reference: (x, y) => r.broadcast([x, y], f) });
  });
});

test("a number stands for a scalar on either side", async () => {
  await checkOp({
    feeds: [feed([3, 2], 1, { gap: 0.3 })],
    build: (x) => t.sub(2, t.div(t.mul(x, 3), t.add(1.5, t.mul(x, x)))),
    reference: (x) => r.map(x, (v) => 2 - (3 * v) / (1.5 + v * v)),
  });
});

describe("comparisons", () => {
  const cases: [string, (a: t.Tensor, b: t.Tensor) => t.Tensor, (a: number, b: number) => boolean][] = [
    ["greater", t.greater, (a, b) => a > b],
    ["less", t.less, (a, b) => a < b],
    ["equal", t.equal, (a, b) => a === b],
  ];
  const data = Float32Array.of(1, 2, 3, 3, 2, 1);
  test.each(cases)("%s", async (_, op, f) => {
    await checkOp({
      feeds: [
        { shape: [2, 3], data },
        { shape: [3], data: data.slice(0, 3) },
      ],
      build: (a, b) => t.toFloat(op(a, b)),
      reference: (a, b) => r.broadcast([a, b], (x, y) => Number(f(x, y))),
      differentiable: false,
    });
  });
});

describe("where", () => {
  const shapes: [t.Shape, t.Shape, t.Shape][] = [
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    [[3], [2, 1], []],
    [[2, 1, 2], [1], [3, 2]],
  ];
  test.each(shapes)("%j ? %j : %j", async (c, a, b) => {
    await checkOp({
      feeds: [feed(c, 1, { gap: 0.1 }), feed(a, 2), feed(b, 3)],
      build: (x, y, z) => t.where(t.greater(x, 0), y, z),
      reference: (x, y, z) => r.broadcast([x, y, z], (u, v, w) => (u > 0 ? v : w)),
    });
  });
});

interface Unary {
  name: string;
  build: (x: t.Tensor) => t.Tensor;
  f: (x: number) => number;
  low?: number;
}
const unaries: Unary[] = [
  { name: "neg", build: t.neg, f: (x) => -x },
  { name: "exp", build: t.exp, f: Math.exp },
  { name: "log", build: t.log, f: Math.log, low: 0.2 },
  { name: "sqrt", build: t.sqrt, f: Math.sqrt, low: 0.2 },
  { name: "abs", build: t.abs, f: Math.abs },
  { name: "sign", build: t.sign, f: Math.sign },
  { name: "square", build: t.square, f: (x) => x * x },
  { name: "relu", build: t.relu, f: (x) => Math.max(x, 0) },
  { name: "sigmoid", build: t.sigmoid, f: (x) => 1 / (1 + Math.exp(-x)) },
  { name: "tanh", build: t.tanh, f: Math.tanh },
  { name: "erf", build: t.erf, f: r.erf },
  { name: "gelu", build: t.gelu, f: (x) => (x / 2) * (1 + r.erf(x / Math.SQRT2)) },
  { name: "pow 3", build: (x) => t.pow(x, 3), f: (x) => x ** 3 },
  { name: "pow 0", build: (x) => t.pow(x, 0), f: () => 1 },
  { name: "pow -1.5", build: (x) => t.pow(x, -1.5), f: (x) => x ** -1.5, low: 0.2 },
];
describe.each(unaries)("$name", ({ build, f, low = -3 }) => {
  test.each([[[2, 3, 1]], [[7]], [[]]])("%j", async (shape) => {
    await checkOp({ feeds: [feed(shape, 4, { low, high: 3, gap: 0.1 })], build, reference: (x) => r.map(x, f) });
  });
});

test("at the kink: relu and abs have gradient 0, a maximum of equal numbers passes it to the first", async () => {
  const x = t.input("x", [1]);
  const y = t.input("y", [1]);
  const [relu] = t.gradients(t.sum(t.relu(x)), [x]);
  const [abs] = t.gradients(t.sum(t.abs(x)), [x]);
  const [first, second] = t.gradients(t.sum(t.maximum(x, y)), [x, y]);
  await using program = await t.compile({ relu, abs, first, second });
  const zero = Float32Array.of(0);
  const got = await program.run({ x: zero, y: zero });
  const numbers = Object.fromEntries(Object.entries(got).map(([name, [value]]) => [name, value]));
  expect(numbers).toEqual({ relu: 0, abs: 0, first: 1, second: 0 });
});

test("stopGradient keeps the value and cuts the gradient", async () => {
  const x = t.input("x", [3]);
  const loss = t.sum(t.mul(t.stopGradient(x), x));
  const [dx] = t.gradients(loss, [x]);
  await using program = await t.compile({ loss, dx });
  const got = await program.run({ x: Float32Array.of(1, 2, 3) });
  expect([...got.loss]).toEqual([14]);
  expect([...got.dx]).toEqual([1, 2, 3]);
});
