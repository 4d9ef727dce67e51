/** @file The cycle's walk against the one written node by node. */
import { expect, test } from "vitest";
import { cycleLoss } from "../../src/method/cycleConsistency.ts";
import { stopGradient } from "../../src/tensor/index.ts";
import { Random } from "../../src/core/random.ts";
import * as slow from "../reference/parts.ts";
import { checkOp, evaluate, feed } from "../tensor/check.ts";

function edges(shape: number[], p: number) {
  const random = new Random(5);
  const size = shape.reduce((a, b) => a * b);
  return { shape, data: Float32Array.from({ length: size }, () => (random.chance(p) ? 1 : 0)) };
}

test.each([
  { name: "one reference", references: 1, patch: 1, h: 2, w: 3 },
  { name: "two references, patches, cells left over", references: 2, patch: 2, h: 4, w: 5 },
])("$name: value and gradient", async ({ references, patch, h, w }) => {
  const n = Math.floor(h / patch) * Math.floor(w / patch);
  const frames = Array.from({ length: references + 1 }, (_, i) => feed([2, 3, h, w], i + 1, { gap: 0.2 }));
  await checkOp({
    feeds: [...frames, edges([2 * references, 2, n, n], 0.2)],
    build: (...inputs) =>
      cycleLoss(inputs.slice(0, -1), stopGradient(inputs[inputs.length - 1]), { patch, temperature: 0.5 }),
    reference: (...inputs) => slow.cycle(inputs.slice(0, -1), inputs[inputs.length - 1], patch, 0.5),
    tolerance: 5e-5,
  });
});

test("a frame and its copy: every walk comes home when cells are all different", async () => {
  const own = { shape: [1, 4, 2, 2], data: Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)) };
  const none = { shape: [2, 1, 4, 4], data: new Float32Array(32) };
  const loss = await evaluate((a, d) => cycleLoss([a, a], d, { patch: 1, temperature: 0.05 }), [own, none]);
  expect(loss.data[0]).toBeLessThan(1e-4);
  const flat = { shape: [1, 4, 2, 2], data: new Float32Array(16).fill(1) };
  const lost = await evaluate((a, d) => cycleLoss([a, a], d, { patch: 1, temperature: 0.05 }), [flat, none]);
  expect(lost.data[0]).toBeCloseTo(Math.log(4), 4);
});

test("all edges dropped is no NaN", async () => {
  const all = { shape: [2, 1, 4, 4], data: new Float32Array(32).fill(1) };
  const loss = await evaluate(
    (a, d) => cycleLoss([a, a], d, { patch: 1, temperature: 0.05 }),
    [feed([1, 3, 2, 2], 1), all],
  );
  expect(Number.isFinite(loss.data[0])).toBe(true);
});
