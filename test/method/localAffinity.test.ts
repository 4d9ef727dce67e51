/** @file The tiled local affinity against the one written cell by cell. */
import { describe, expect, test } from "vitest";
import { copyByAffinity, localAffinity } from "../../src/method/localAffinity.ts";
import { mean, resizeBilinear, slice } from "../../src/tensor/index.ts";
import { reconstruct } from "../../src/method/reconstruction.ts";
import * as slow from "../reference/affinity.ts";
import { huber } from "../reference/tensor.ts";
import { checkOp, evaluate, expectClose, feed, values } from "../tensor/check.ts";

interface Case {
  b: number;
  c: number;
  h: number;
  w: number;
  radius: number;
  references: number;
  channels: number;
}
const base: Case = { b: 1, c: 4, h: 8, w: 8, radius: 2, references: 1, channels: 1 };

const feedsOf = ({ b, c, h, w, references, channels }: Case) => [
  feed([b, c, h, w], 1, { low: -2, high: 2 }),
  ...Array.from({ length: references }, (_, i) => feed([b, c, h, w], 10 + i, { low: -2, high: 2 })),
  ...Array.from({ length: references }, (_, i) => feed([b, channels, h, w], 20 + i)),
];

const cases: Case[] = [
  base,
  { ...base, h: 16, w: 24, radius: 6 },
  { ...base, h: 13, w: 9, radius: 3 },
  { ...base, h: 3, w: 5, radius: 6 },
  { ...base, h: 1, w: 1, radius: 1 },
  { ...base, h: 1, w: 17, radius: 9 },
  { ...base, h: 9, w: 10, radius: 0 },
  { ...base, b: 2, h: 11, w: 7, references: 3 },
  { ...base, b: 2, c: 1, h: 10, w: 12, radius: 5, channels: 3, references: 2 },
];
test.each(cases)("$b x $c x $h x $w, radius $radius, $references reference(s) of $channels channels", async (one) => {
  const got = await evaluate(
    (q, ...rest) =>
      copyByAffinity(q, rest.slice(0, one.references), rest.slice(one.references), { radius: one.radius, scale: 0.7 }),
    feedsOf(one),
  );
  const [q, ...rest] = feedsOf(one).map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
  const wanted = slow.copyByAffinity(q, rest.slice(0, one.references), rest.slice(one.references), one.radius, 0.7);
  expect(got.shape).toEqual([...wanted.shape]);
  expectClose(got.data, wanted.data, 1e-5, "copy");
});

test("gradients by queries, references and sources", async () => {
  const one = { ...base, c: 2, h: 3, w: 9, radius: 1, references: 2 };
  await checkOp({
    feeds: feedsOf(one),
    build: (q, k1, k2, s1, s2) => copyByAffinity(q, [k1, k2], [s1, s2], { radius: 1, scale: 0.5 }),
    reference: (q, k1, k2, s1, s2) => slow.copyByAffinity(q, [k1, k2], [s1, s2], 1, 0.5),
    tolerance: 5e-5,
  });
});

describe("what a window may not see", () => {
  test("cells outside the frame get no probability: ones stay ones up to the border", async () => {
    const one = { ...base, h: 11, w: 13, radius: 6 };
    const [q, k] = feedsOf(one);
    const ones = { shape: [1, 1, 11, 13], data: new Float32Array(143).fill(1) };
    const got = await evaluate((a, b, s) => copyByAffinity(a, [b], [s], { radius: 6, scale: 1 }), [q, k, ones]);
    expectClose(got.data, new Float32Array(143).fill(1), 1e-6, "copy of ones");
  });
  test("a spot is copied to the cells that reach it and to no other", async () => {
    const shape = [1, 1, 12, 12];
    const zeros = { shape, data: new Float32Array(144) };
    const spot = new Float32Array(144);
    spot[5 * 12 + 7] = 1;
    const got = await evaluate(
      (q, s) => copyByAffinity(q, [q], [s], { radius: 2, scale: 1 }),
      [zeros, { shape, data: spot }],
    );
    got.data.forEach((value, i) => {
      const reaches = Math.abs(Math.floor(i / 12) - 5) <= 2 && Math.abs((i % 12) - 7) <= 2;
      expect(value > 0, `cell ${i}`).toBe(reaches);
    });
  });
});

test("a prior is added to the logits, and candidates are counted", async () => {
  const [h, w, radius] = [9, 11, 2];
  const feeds = [feed([1, 3, h, w], 1), feed([1, 3, h, w], 2), feed([1, 2, h, w], 3), feed([1, 2, h, w], 4)];
  const with_ = await evaluate(
    (q, k, pq, pk) => localAffinity(q, [k], { radius, scale: 2, prior: { queries: pq, keys: [pk] } }).copy([pk]),
    feeds,
  );
  const joined = (a: number, b: number, scale: number) => ({
    shape: [1, 5, h, w],
    data: Float64Array.from([...feeds[a].data.map((v) => v * scale), ...feeds[b].data]),
  });
  const double = (i: number) => ({ shape: feeds[i].shape, data: Float64Array.from(feeds[i].data) });
  const wanted = slow.copyByAffinity(joined(0, 2, 2), [joined(1, 3, 1)], [double(3)], radius, 1);
  expectClose(with_.data, wanted.data, 1e-5, "copy with a prior");
  const counts = await evaluate((q, k) => localAffinity(q, [k, k], { radius, scale: 1 }).candidates, feeds.slice(0, 2));
  expect(counts.data[0]).toBe(2 * 9);
  expect(counts.data[4 * w + 5]).toBe(2 * 25);
});

test("reconstruction: copies the first pixel of every cell, enlarges it, compares with the hidden channel", async () => {
  const [size, stride] = [16, 4];
  const feeds = [
    feed([1, 3, 4, 4], 1),
    feed([1, 3, 4, 4], 2),
    feed([1, 1, size, size], 3),
    feed([1, 1, size, size], 4),
  ];
  const options = { radius: 1, scale: 1 };
  const got = await evaluate((q, k, hidden, source) => {
    return reconstruct(localAffinity(q, [k], options), hidden, [source]).reconstruction;
  }, feeds);
  const wanted = await evaluate((q, k, _, source) => {
    const cells = slice(slice(source, 2, 0, 4, stride), 3, 0, 4, stride);
    return resizeBilinear(copyByAffinity(q, [k], [cells], options), size, size);
  }, feeds);
  expectClose(got.data, wanted.data, 1e-6, "reconstruction");
  const loss = await evaluate(
    (q, k, hidden, source) => mean(reconstruct(localAffinity(q, [k], options), hidden, [source]).error),
    feeds,
  );
  const hidden = values([1, 1, size, size], 3);
  const average = got.data.reduce((sum, v, i) => sum + huber(20 * (v - hidden[i])), 0) / hidden.length;
  expectClose(loss.data, [average], 1e-5, "loss");
});
