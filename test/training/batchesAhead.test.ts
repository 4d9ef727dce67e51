/** @file Batches are asked for one step early, and a failure is reported where its batch is awaited. */
import { expect, test } from "vitest";
import type { Batch, BatchSource } from "../../src/training/batches.ts";
import { BatchesAhead } from "../../src/training/batchesAhead.ts";

/** Batches that know their step; the steps of `broken` fail. */
function source(broken: readonly number[] = []) {
  const asked: number[] = [];
  const batches: BatchSource = {
    async batch(step) {
      asked.push(step);
      if (broken.includes(step)) throw new Error(`step ${step} is broken`);
      return { hiddenChannel: 1, frames: Float32Array.of(step), hidden: new Float32Array(), parts: {} } satisfies Batch;
    },
    async [Symbol.asyncDispose]() {},
  };
  return { asked, batches };
}

test("a failure ends the step that it belongs to, not the one before", async () => {
  const ahead = new BatchesAhead(source([4]).batches, 3);
  expect((await ahead.next()).frames[0]).toBe(3);
  await new Promise((done) => setImmediate(done));
  await expect(ahead.next()).rejects.toThrow("step 4 is broken");
});

test("a batch that is not needed any more may fail", async () => {
  const ahead = new BatchesAhead(source([1]).batches, 1);
  await expect(ahead.settled()).resolves.toBeUndefined();
});

test("the next batch is asked for when the one before it is handed out", async () => {
  const { asked, batches } = source();
  const ahead = new BatchesAhead(batches, 1);
  expect(asked).toEqual([1]);
  await ahead.next();
  expect(asked).toEqual([1, 2]);
  await ahead.next();
  expect(asked).toEqual([1, 2, 3]);
});
