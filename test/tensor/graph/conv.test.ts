/** @file Convolution, pooling, bilinear resize and matrix products: values and gradients over odd sizes and strides. */
import { describe, expect, test } from "vitest";
import * as t from "../../../src/tensor/index.ts";
import * as r from "../../reference/tensor.ts";
import { channelBlock } from "../../../src/tensor/node/channelBlocks.ts";
import { checkOp, distinct, evaluate, expectClose, feed, values } from "../check.ts";

const base = { stride: 1, padding: 0, dilation: 1, groups: 1 };

describe("conv2d", () => {
  const cases: { x: t.Shape; w: t.Shape; stride?: number; padding?: number; dilation?: number; groups?: number }[] = [
    { x: [1, 1, 5, 4], w: [1, 1, 3, 3], padding: 1 },
    { x: [2, 2, 3, 5], w: [3, 2, 3, 3], padding: 1 },
    { x: [2, 2, 7, 6], w: [3, 2, 3, 3], stride: 2, padding: 1 },
    { x: [1, 2, 7, 8], w: [2, 2, 5, 5], stride: 2, padding: 2 },
    { x: [1, 1, 9, 7], w: [1, 1, 7, 7], stride: 2, padding: 3 },
    { x: [1, 4, 5, 5], w: [6, 2, 3, 3], padding: 2, dilation: 2, groups: 2 },
    { x: [1, 2, 7, 5], w: [2, 2, 1, 1], stride: 2 },
    { x: [2, 3, 2, 3], w: [2, 3, 1, 1] },
    { x: [1, 2, 4, 3], w: [2, 2, 3, 3] },
    { x: [1, 3, 6, 5], w: [3, 1, 3, 3], stride: 2, padding: 1, groups: 3 },
    { x: [1, 2, 6, 5], w: [2, 1, 3, 3], padding: 1, groups: 2 },
    { x: [1, 1, 4, 6], w: [2, 1, 2, 3], padding: 1 },
    { x: [1, 1, 5, 6], w: [2, 1, 1, 3], stride: 3 },
    { x: [1, 17, 2, 2], w: [1, 17, 3, 3], padding: 1 },
    { x: [1, 17, 3, 2], w: [1, 17, 3, 3], stride: 2, padding: 1 },
    { x: [1, 1, 1, 1], w: [2, 1, 3, 3], padding: 1 },
    { x: [1, 1, 3, 1], w: [1, 1, 3, 3], padding: 3, dilation: 2 },
    { x: [1, 1, 2, 2], w: [1, 1, 1, 1], padding: 1 },
    { x: [1, 1, 8, 7], w: [1, 1, 3, 3], stride: 3, padding: 1, dilation: 2 },
  ];
  // Whole blocks of 16 channels (and of 8): these run on onnxruntime's blocked kernels where the CPU has them.
  const blocked: typeof cases = [
    { x: [1, 16, 3, 2], w: [16, 16, 3, 3], padding: 1 },
    { x: [2, 3, 5, 4], w: [16, 3, 3, 3], stride: 2, padding: 1 },
    { x: [1, 32, 2, 3], w: [16, 32, 1, 1], stride: 2 },
    { x: [1, 16, 4, 3], w: [32, 16, 1, 3], padding: 1, dilation: 2 },
  ];
  test.each(blocked)("blocked value $x * $w, $stride $padding $dilation", async ({ x, w, ...options }) => {
    const feeds = [feed(x, 1), feed(w, 2)];
    const [a, b] = feeds.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
    const got = await evaluate((p, q) => t.conv2d(p, q, options), feeds);
    const wanted = r.conv2d(a, b, { ...base, ...options });
    expect(got.shape).toEqual([...wanted.shape]);
    expectClose(got.data, wanted.data, 1e-5, "value");
  });

  test("blocks of channels are 0 (none) or a power of two, and are used for weights that change", async () => {
    const block = await channelBlock();
    expect([0, 4, 8, 16, 32]).toContain(block);
    const x = t.input("x", [1, 32, 4, 4]);
    const w = t.input("w", [32, 32, 3, 3]);
    await using program = await t.compile({ y: t.conv2d(x, w) }, { profile: true });
    await program.run({ x: values(x.shape, 1), w: values(w.shape, 2) });
    const types = (await program.profile()).map(({ type }) => type);
    expect(types.includes("ReorderInput")).toBe(block > 0);
  });

  test.each(cases)("$x * $w, $stride $padding $dilation $groups", async ({ x, w, ...options }) => {
    await checkOp({
      feeds: [feed(x, 1), feed(w, 2)],
      build: (a, b) => t.conv2d(a, b, options),
      reference: (a, b) => r.conv2d(a, b, { ...base, ...options }),
    });
  });

  // The gradient by the input, seen as a function of dy and w, has gradients too: the second derivative.
  const twice = [
    { x: [1, 2, 5, 6], w: [3, 2, 3, 3], stride: 2, padding: 1 },
    { x: [1, 4, 4, 3], w: [2, 2, 2, 2], stride: 2, padding: 0, groups: 2 },
    { x: [1, 2, 4, 3], w: [2, 2, 3, 3], stride: 1, padding: 1 },
  ];
  test.each(twice)("second derivative $x * $w, stride $stride", async ({ x, w, ...options }) => {
    const settings = { ...base, ...options };
    const kernel = w[2];
    const size = (n: number) => Math.floor((n + 2 * settings.padding - kernel) / settings.stride) + 1;
    const dy = [x[0], w[0], size(x[2]), size(x[3])];
    await checkOp({
      feeds: [feed(dy, 1), feed(w, 2)],
      build: (a, b) => t.convInputGradient(t.constant(new Float32Array(r.make(x, () => 0).data), x), b, a, settings),
      reference: (a, b) => inputGradient(x, a, b, settings),
    });
  });
});

/** dx = Σ dy·w over all products that x took part in: conv2d written backwards. */
function inputGradient(shape: readonly number[], dy: r.Nd, w: r.Nd, options: r.WindowOptions): r.Nd {
  const { stride, padding, dilation, groups } = options;
  const dx = r.make(shape, () => 0);
  const [, c, h, width] = shape;
  for (const [b, o, i, j] of r.tuples(dy.shape)) {
    for (const [ci, ky, kx] of r.tuples(w.shape.slice(1))) {
      const channel = Math.floor(o / (w.shape[0] / groups)) * (c / groups) + ci;
      const y = i * stride - padding + ky * dilation;
      const z = j * stride - padding + kx * dilation;
      if (y < 0 || y >= h || z < 0 || z >= width) continue;
      dx.data[((b * c + channel) * h + y) * width + z] += r.at(dy, [b, o, i, j]) * r.at(w, [o, ci, ky, kx]);
    }
  }
  return dx;
}

const windows = [
  { shape: [1, 2, 4, 6], kernel: 2, stride: 2, padding: 0 },
  { shape: [2, 1, 5, 7], kernel: 3, stride: 2, padding: 1 },
  { shape: [1, 1, 5, 4], kernel: 3, stride: 1, padding: 1 },
  { shape: [1, 2, 7, 3], kernel: 3, stride: 3, padding: 0 },
  { shape: [1, 1, 1, 1], kernel: 1, stride: 1, padding: 0 },
  { shape: [1, 1, 8, 6], kernel: 2, stride: 3, padding: 1 },
];
test.each(windows)("maxPool2d $shape, window $kernel, stride $stride, padding $padding", async (one) => {
  const { shape, kernel, stride, padding } = one;
  await checkOp({
    feeds: [distinct(shape, 1)],
    build: (x) => t.maxPool2d(x, { kernel, stride, padding }),
    reference: (x) =>
      r.pool2d(x, kernel, stride, padding, (cells) => Math.max(...cells.map((v) => v ?? Number.NEGATIVE_INFINITY))),
  });
});
test.each(windows)("averagePool2d $shape, window $kernel, stride $stride, padding $padding", async (one) => {
  const { shape, kernel, stride, padding } = one;
  await checkOp({
    feeds: [feed(shape, 1)],
    build: (x) => t.averagePool2d(x, { kernel, stride, padding }),
    reference: (x) => r.pool2d(x, kernel, stride, padding, (cells) => r.average(cells.map((v) => v ?? 0))),
  });
});

test.each([
  [
    [2, 1, 3, 5],
    [6, 10],
  ],
  [
    [1, 2, 3, 4],
    [5, 9],
  ],
  [
    [1, 1, 7, 6],
    [3, 2],
  ],
  [
    [1, 1, 1, 1],
    [3, 2],
  ],
  [
    [1, 1, 4, 5],
    [4, 5],
  ],
])("resizeBilinear %j to %j", async (shape, [height, width]) => {
  await checkOp({
    feeds: [feed(shape, 1)],
    build: (x) => t.resizeBilinear(x, height, width),
    reference: (x) => r.resizeBilinear(x, height, width),
  });
});

describe("matmul", () => {
  // Sizes m, k, n and the leading axes of both factors.
  const sizes: { m: number; k: number; n: number; a: number[]; b: number[] }[] = [
    { m: 2, k: 3, n: 4, a: [], b: [] },
    { m: 1, k: 5, n: 1, a: [], b: [] },
    { m: 3, k: 1, n: 2, a: [2], b: [2] },
    { m: 2, k: 3, n: 2, a: [], b: [3] },
    { m: 2, k: 3, n: 2, a: [3], b: [] },
    { m: 2, k: 2, n: 3, a: [2, 1], b: [1, 3] },
  ];
  const flags = [
    { transposeA: false, transposeB: false },
    { transposeA: true, transposeB: false },
    { transposeA: false, transposeB: true },
    { transposeA: true, transposeB: true },
  ];
  test.each(sizes.flatMap((size) => flags.map((flag) => ({ ...size, ...flag }))))(
    "$a[$m,$k] $b[$k,$n] $transposeA $transposeB",
    async ({ m, k, n, a, b, transposeA, transposeB }) => {
      await checkOp({
        feeds: [feed([...a, ...(transposeA ? [k, m] : [m, k])], 1), feed([...b, ...(transposeB ? [n, k] : [k, n])], 2)],
        build: (x, y) => t.matmul(x, y, { transposeA, transposeB }),
        reference: (x, y) => r.matmul(x, y, transposeA, transposeB),
      });
    },
  );
});

test("a constant picture stays constant when it is resized", async () => {
  const y = t.resizeBilinear(t.constant(new Float32Array(12).fill(3), [1, 1, 3, 4]), 7, 5);
  await using program = await t.compile({ y });
  const result = await program.run({});
  for (const value of result.y) expect(value).toBeCloseTo(3, 6);
});
