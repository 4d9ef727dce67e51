import { describe, test } from "vitest";
import {
  batchNormTraining,
  conv2d,
  maxPool2d,
  averagePool2d,
  softmax,
  logSoftmax,
  gather,
  constant,
  slice,
} from "../../src/tensor/index.ts";
import { checkGradient, values } from "./check.ts";

describe("conv2d", () => {
  const cases = [
    { n: 1, c: 1, h: 5, w: 4, o: 1, k: 3, stride: 1, padding: 1, dilation: 1, groups: 1 },
    { n: 2, c: 3, h: 7, w: 6, o: 4, k: 3, stride: 2, padding: 1, dilation: 1, groups: 1 },
    { n: 2, c: 3, h: 9, w: 8, o: 2, k: 7, stride: 2, padding: 3, dilation: 1, groups: 1 },
    { n: 1, c: 4, h: 7, w: 7, o: 6, k: 3, stride: 1, padding: 2, dilation: 2, groups: 2 },
    { n: 1, c: 2, h: 8, w: 5, o: 2, k: 1, stride: 2, padding: 0, dilation: 1, groups: 1 },
    { n: 2, c: 17, h: 4, w: 3, o: 3, k: 3, stride: 1, padding: 0, dilation: 1, groups: 1 },
    { n: 1, c: 3, h: 6, w: 6, o: 3, k: 3, stride: 2, padding: 1, dilation: 1, groups: 3 },
  ];
  test.each(cases)("gradients %o", async ({ n, c, h, w, o, k, groups, ...rest }) => {
    await checkGradient(
      (x, f) => conv2d(x, f, { ...rest, groups }),
      [
        { shape: [n, c, h, w], data: values([n, c, h, w], 1) },
        { shape: [o, c / groups, k, k], data: values([o, c / groups, k, k], 2) },
      ],
    );
  });
});
test("others", async () => {
  const x = { shape: [2, 3, 5, 6], data: values([2, 3, 5, 6], 1) };
  const g = { shape: [3], data: values([3], 3) };
  await checkGradient((a, b, c) => batchNormTraining(a, b, c).y, [x, g, { ...g, data: values([3], 4) }]);
  await checkGradient((a) => maxPool2d(a, { kernel: 3, stride: 2, padding: 1 }), [x], { step: 1e-3 });
  await checkGradient((a) => averagePool2d(a, { kernel: 3, stride: 2, padding: 1 }), [x]);
  await checkGradient((a) => softmax(a), [x]);
  await checkGradient((a) => logSoftmax(a), [x]);
  await checkGradient((a) => gather(a, 1, constant(Int32Array.of(0, 2, 2, 1), [2, 2])), [x]);
  await checkGradient((a) => slice(a, 3, 1, 3, 2), [{ shape: [2, 3, 5, 6], data: x.data }]);
});
