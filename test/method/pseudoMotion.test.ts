/** @file The loss of pseudo-motion against the one written cell by cell. */
import { expect, test } from "vitest";
import { pseudoMotionLoss } from "../../src/method/pseudoMotion.ts";
import { constant, l2Normalise } from "../../src/tensor/index.ts";
import * as slow from "../reference/parts.ts";
import { checkOp, evaluate, feed, indices } from "../tensor/check.ts";

const rows = { shape: [2, 2, 3], data: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0, 0.5, 0.5, 0, 0, 1) };
const columns = { shape: [2, 2, 2], data: Float32Array.of(0.5, 0.5, 1, 0, 0, 1, 0.9, 0.1) };
const queries = [0, 5, 7, 11];
const valid = { shape: [4], data: Float32Array.of(1, 0, 1, 1) };

test("value and gradient", async () => {
  await checkOp({
    feeds: [feed([2, 3, 3, 2], 1), feed([2, 3, 3, 2], 2)],
    build: (a, b) => {
      const [r, c, v] = [rows, columns, valid].map(({ shape, data }) => constant(data, shape));
      return pseudoMotionLoss(
        a,
        b,
        { queries: constant(Int32Array.from(queries), [4]), rows: r, columns: c, valid: v },
        2,
      );
    },
    reference: (a, b) =>
      slow.pseudoMotion(a, b, {
        queries,
        rows: { shape: rows.shape, data: Float64Array.from(rows.data) },
        columns: { shape: columns.shape, data: Float64Array.from(columns.data) },
        valid: [...valid.data],
        scale: 2,
      }),
  });
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
      (a, q, r_, c_, v) => pseudoMotionLoss(a, a, { queries: q, rows: r_, columns: c_, valid: v }, 20),
      [view, indices([2], cells), r, c, ones],
    );
    return result.data[0];
  };
  expect(await lossOf([0, 3])).toBeLessThan(1e-6);
  expect(await lossOf([1, 2])).toBeGreaterThan(100);
  const zeros = { shape: [1, 4, 2, 2], data: new Float32Array(16) };
  const flat = await evaluate(
    (a, q, r_, c_, v) => pseudoMotionLoss(l2Normalise(a, 1), a, { queries: q, rows: r_, columns: c_, valid: v }, 20),
    [zeros, indices([2], [0, 3]), r, c, ones],
  );
  expect(flat.data[0]).toBeCloseTo(Math.log(4), 5);
});
