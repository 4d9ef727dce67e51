/** @file Ops that move numbers, and reductions: values and gradients, also with axes counted from the end. */
import { describe, expect, test } from "vitest";
import * as t from "../../../src/tensor/index.ts";
import * as r from "../../reference/tensor.ts";
import { checkOp, distinct, feed, indices, type OpCase } from "../check.ts";

type Case = [string, OpCase];

const x234 = feed([2, 3, 4], 1);

const moves: Case[] = [
  ["reshape", { feeds: [x234], build: (x) => t.reshape(x, [4, 6]), reference: (x) => r.reshape(x, [4, 6]) }],
  ["reshape -1", { feeds: [x234], build: (x) => t.reshape(x, [3, -1]), reference: (x) => r.reshape(x, [3, 8]) }],
  [
    "reshape to a scalar",
    { feeds: [feed([1, 1], 1)], build: (x) => t.reshape(x, []), reference: (x) => r.reshape(x, []) },
  ],
  ["transpose, default", { feeds: [x234], build: (x) => t.transpose(x), reference: (x) => r.transpose(x, [0, 2, 1]) }],
  [
    "transpose",
    { feeds: [x234], build: (x) => t.transpose(x, [2, 0, 1]), reference: (x) => r.transpose(x, [2, 0, 1]) },
  ],
  [
    "transpose -1",
    { feeds: [x234], build: (x) => t.transpose(x, [-1, 0, -2]), reference: (x) => r.transpose(x, [2, 0, 1]) },
  ],
  ["slice", { feeds: [x234], build: (x) => t.slice(x, 1, 1, 2), reference: (x) => r.slice(x, 1, 1, 2, 1) }],
  [
    "slice -1, step 2",
    { feeds: [x234], build: (x) => t.slice(x, -1, 1, 2, 2), reference: (x) => r.slice(x, 2, 1, 2, 2) },
  ],
  [
    "slice of an odd axis, step 3",
    { feeds: [feed([7, 2], 1)], build: (x) => t.slice(x, 0, 0, 3, 3), reference: (x) => r.slice(x, 0, 0, 3, 3) },
  ],
  ["unslice", { feeds: [x234], build: (x) => t.unslice(x, 1, 2, 6), reference: (x) => r.unslice(x, 1, 2, 6, 1) }],
  [
    "unslice, step 2",
    { feeds: [x234], build: (x) => t.unslice(x, 2, 1, 9, 2), reference: (x) => r.unslice(x, 2, 1, 9, 2) },
  ],
  [
    "pad -1",
    { feeds: [x234], build: (x) => t.pad(x, -1, 1, 2, 5), reference: (x) => r.pad(x, [0, 0, 1], [0, 0, 2], 5) },
  ],
  [
    "pad by less than nothing",
    { feeds: [x234], build: (x) => t.pad(x, 2, -1, 2), reference: (x) => r.pad(x, [0, 0, -1], [0, 0, 2], 0) },
  ],
  [
    "padPicture",
    {
      feeds: [feed([1, 2, 3, 1], 1)],
      build: (x) => t.padPicture(x, { top: 1, bottom: 0, left: 2, right: 3 }, -1),
      reference: (x) => r.pad(x, [0, 0, 1, 2], [0, 0, 0, 3], -1),
    },
  ],
  [
    "concat",
    {
      feeds: [feed([2, 3], 1), feed([2, 1], 2), feed([2, 4], 3)],
      build: (...all) => t.concat(all, -1),
      reference: (...all) => r.concat(all, 1),
    },
  ],
  [
    "stack",
    {
      feeds: [feed([2, 3], 1), feed([2, 3], 2)],
      build: (...all) => t.stack(all, 1),
      reference: (a, b) => r.concat([r.reshape(a, [2, 1, 3]), r.reshape(b, [2, 1, 3])], 1),
    },
  ],
  [
    "stack -1",
    {
      feeds: [feed([2, 3], 1), feed([2, 3], 2)],
      build: (...all) => t.stack(all, -1),
      reference: (a, b) => r.concat([r.reshape(a, [2, 3, 1]), r.reshape(b, [2, 3, 1])], 2),
    },
  ],
  [
    "expand",
    {
      feeds: [feed([3, 1], 1)],
      build: (x) => t.expand(x, [2, 3, 4]),
      reference: (x) => r.make([2, 3, 4], ([, i]) => x.data[i]),
    },
  ],
  ["reverse", { feeds: [x234], build: (x) => t.reverse(x, [0, -1]), reference: (x) => r.reverse(x, [0, 2]) }],
  [
    "gather with repeats",
    {
      feeds: [x234, indices([2, 2], [0, 2, 2, 1])],
      build: (x, i) => t.gather(x, 1, i),
      reference: (x, i) => r.gather(x, 1, i),
    },
  ],
  [
    "gather -1",
    {
      feeds: [x234, indices([3], [3, 0, 3])],
      build: (x, i) => t.gather(x, -1, i),
      reference: (x, i) => r.gather(x, 2, i),
    },
  ],
  [
    "gather by a scalar",
    { feeds: [x234, indices([], [1])], build: (x, i) => t.gather(x, 0, i), reference: (x, i) => r.gather(x, 0, i) },
  ],
  [
    "scatterAdd",
    {
      feeds: [feed([5, 3], 1), indices([5], [3, 0, 3, 3, 1])],
      build: (x, i) => t.scatterAdd(x, i, 4),
      reference: (x, i) => r.scatterAdd(x, i, 4),
    },
  ],
];
test.each(moves)("%s", (_, one) => checkOp(one));

test("scatterAdd of many rows to one place loses none of them", async () => {
  const n = 200_000;
  const x = t.input("x", [n, 8]);
  const y = t.scatterAdd(x, t.constant(new Int32Array(n).map((_, i) => i % 2)), 2);
  await using program = await t.compile({ y }, { threads: 2 });
  const result = await program.run({ x: new Float32Array(n * 8).fill(1) });
  expect([...result.y]).toEqual(Array.from({ length: 16 }, () => n / 2));
});

const square = (v: number): number => v * v;
type Reduction = [string, typeof t.sum, (values: number[]) => number];
const reductions: Reduction[] = [
  ["sum", t.sum, r.total],
  ["mean", t.mean, r.average],
  ["sumSquare", t.sumSquare, (values) => r.total(values.map(square))],
  ["max", t.max, (values) => Math.max(...values)],
];
const ways: [t.Shape, number[] | undefined, boolean][] = [
  [[3, 5], undefined, false],
  [[3, 5], undefined, true],
  [[2, 3, 4], [1], false],
  [[2, 3, 4], [0, -1], true],
  [[1, 3, 1], [0, 2], false],
  [[1, 3, 1], [1], true],
  [[5], [-1], false],
  [[], undefined, false],
];
describe.each(reductions)("%s", (_, op, f) => {
  test.each(ways)("%j over %j, keep %s", async (shape, axes, keep) => {
    await checkOp({
      feeds: [distinct(shape, 1)],
      build: (x) => op(x, axes, keep),
      reference: (x) => r.reduce(x, axes ?? [...shape.keys()], keep, f),
    });
  });
});

test("equal maxima share the gradient", async () => {
  const x = t.input("x", [2, 3]);
  const [dx] = t.gradients(t.sum(t.max(x, [1])), [x]);
  await using program = await t.compile({ dx });
  const got = await program.run({ x: Float32Array.of(1, 4, 4, 2, 0, 1) });
  expect([...got.dx]).toEqual([0, 0.5, 0.5, 1, 0, 0]);
});
