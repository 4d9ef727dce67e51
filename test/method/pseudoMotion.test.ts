/** @file The loss of pseudo-motion against the one written cell by cell. */
import { expect, test } from "vitest";
import { projected, projectorParameters, pseudoMotionLoss } from "../../src/method/pseudoMotion.ts";
import { constant, l2Normalise, type Tensor } from "../../src/tensor/index.ts";
import * as slow from "../reference/parts.ts";
import { checkOp, evaluate, feed, indices } from "../tensor/check.ts";

const rows = { shape: [2, 2, 3], data: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0, 0.5, 0.5, 0, 0, 1) };
const columns = { shape: [2, 2, 2], data: Float32Array.of(0.5, 0.5, 1, 0, 0, 1, 0.9, 0.1) };
const queries = [0, 5, 7, 11];
const valid = { shape: [4], data: Float32Array.of(1, 0, 1, 1) };

// A grid of 3 rows and 2 columns; of 2 rows the anchors are the first and the second, since steps are whole.
test.each([
  ["all cells of the view", {}, {}],
  ["but those near the right place", { ignored: 1.2 }, { ignored: 1.2 }],
  ["and one cell of the other view", { anchors: 1 }, { anchors: [[1, 1]] }],
  [
    "and four of them, nearby ones left out",
    { ignored: 0.9, anchors: 2 },
    {
      ignored: 0.9,
      anchors: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    },
  ],
  [
    "more anchors than cells",
    { anchors: 9 },
    {
      anchors: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    },
  ],
] as const)("value and gradient: %s", async (_, options, slowOptions) => {
  await checkOp({
    feeds: [feed([2, 3, 3, 2], 1), feed([2, 3, 3, 2], 2)],
    build: (a, b) => {
      const [r, c, v] = [rows, columns, valid].map(({ shape, data }) => constant(data, shape));
      const at = { queries: constant(Int32Array.from(queries), [4]), rows: r, columns: c, valid: v };
      return pseudoMotionLoss(a, b, at, { scale: 2, ...options });
    },
    reference: (a, b) =>
      slow.pseudoMotion(a, b, {
        queries,
        rows: { shape: rows.shape, data: Float64Array.from(rows.data) },
        columns: { shape: columns.shape, data: Float64Array.from(columns.data) },
        valid: [...valid.data],
        scale: 2,
        ...slowOptions,
      }),
  });
});

test("one clip alone has no others; a query whose cells are all left out costs nothing", async () => {
  const view = feed([1, 3, 2, 2], 3);
  const at = [indices([1], [0]), ...[2, 2].map((size) => ({ shape: [1, 1, size], data: Float32Array.of(1, 0) }))];
  const ones = { shape: [1], data: Float32Array.of(1) };
  const lossOf = async (options: object): Promise<number> => {
    const build = (a: Tensor, q: Tensor, r: Tensor, c: Tensor, v: Tensor): Tensor =>
      pseudoMotionLoss(a, a, { queries: q, rows: r, columns: c, valid: v }, { scale: 1, ...options });
    return (await evaluate(build, [view, ...at, ones])).data[0];
  };
  expect(await lossOf({ anchors: 2 })).toBe(await lossOf({}));
  expect(await lossOf({ ignored: 5 })).toBeCloseTo(0, 6);
  expect(await lossOf({ ignored: 0.5 })).toBeCloseTo(await lossOf({}), 5);
});

test("the head: two layers by hand, of unit length", async () => {
  const specs = projectorParameters(2, 3);
  expect(specs.map(({ name, shape }) => [name, shape])).toEqual([
    ["projector.conv1.weight", [3, 2, 1, 1]],
    ["projector.conv1.bias", [3]],
    ["projector.conv2.weight", [3, 3, 1, 1]],
    ["projector.conv2.bias", [3]],
  ]);
  const values = [
    [1, 0, 0, 1, -1, -1],
    [0, 0, 1],
    [1, 0, 0, 0, 1, 0, 0, 0, 2],
    [0, 1, 0],
  ];
  const parameters = new Map(specs.map(({ name, shape }, i) => [name, constant(Float32Array.from(values[i]), shape)]));
  const { data } = await evaluate(
    (x) => projected(parameters, x),
    [{ shape: [1, 2, 1, 2], data: Float32Array.of(3, -1, 4, 0) }],
  );
  // (3, 4) → (3, 4, 0) → (3, 5, 0); (−1, 0) → (0, 0, 2) → (0, 1, 4).
  const wanted = [
    [3, 5, 0],
    [0, 1, 4],
  ].map((v) => v.map((one) => one / Math.hypot(...v)));
  wanted.forEach((cell, i) => cell.forEach((value, c) => expect(data[c * 2 + i]).toBeCloseTo(value, 5)));
});

test("the right places of unlike cells cost nothing, wrong ones a lot; large logits do not overflow", async () => {
  const view = { shape: [1, 4, 2, 2], data: Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 7 : 0)) };
  const [r, c] = [
    { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0, 1) },
    { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0, 1) },
  ];
  const ones = { shape: [2], data: Float32Array.of(1, 1) };
  const lossOf = async (cells: number[]) => {
    const result = await evaluate(
      (a, q, r_, c_, v) => pseudoMotionLoss(a, a, { queries: q, rows: r_, columns: c_, valid: v }, { scale: 20 }),
      [view, indices([2], cells), r, c, ones],
    );
    return result.data[0];
  };
  expect(await lossOf([0, 3])).toBeLessThan(1e-6);
  expect(await lossOf([1, 2])).toBeGreaterThan(100);
  const zeros = { shape: [1, 4, 2, 2], data: new Float32Array(16) };
  const flat = await evaluate(
    (a, q, r_, c_, v) =>
      pseudoMotionLoss(l2Normalise(a, 1), a, { queries: q, rows: r_, columns: c_, valid: v }, { scale: 20 }),
    [zeros, indices([2], [0, 3]), r, c, ones],
  );
  expect(flat.data[0]).toBeCloseTo(Math.log(4), 5);
});
