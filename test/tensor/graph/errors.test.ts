/** @file Wrong shapes and arguments: every message names the op, the argument, what came and what was wanted. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import * as t from "../../../src/tensor/index.ts";

const x = (...shape: number[]): t.Tensor => t.input("x", shape);
const i = (...shape: number[]): t.Tensor => t.input("i", shape, "int32");
const v = x(3);

type Case = [call: () => unknown, message: string];

const named = (cases: readonly Case[]) => cases.map(([call, message]) => ({ call, message }));

/** The message of the UserError that a call throws. */
function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return "nothing was thrown";
}

const shapeCases: Case[] = [
  [() => t.add(x(2, 3), x(4)), "add(): b has the wrong shape: got [4], expected a shape that broadcasts with a [2,3]"],
  [
    () => t.where(t.less(x(2), 0), x(3), 0),
    "where(): b has the wrong shape: got [3], expected a shape that broadcasts with a [2]",
  ],
  [() => t.sum(x(2, 3), [2]), "sum(): x has the wrong shape: got [2,3], expected a shape with axis 2"],
  [() => t.mean(x(2, 3), [-3]), "mean(): x has the wrong shape: got [2,3], expected a shape with axis -3"],
  [() => t.max(x(2, 3), [0.5]), "max(): x has the wrong shape: got [2,3], expected a shape with axis 0.5"],
  [() => t.sum(x(2, 3), []), "sum(): axes has the wrong shape: got [], expected one axis or more, or undefined"],
  [() => t.reshape(x(2, 3), [4]), "reshape(): shape has the wrong shape: got [4], expected 6 elements, as in [2,3]"],
  [
    () => t.reshape(x(2, 3), [4, -1]),
    "reshape(): shape has the wrong shape: got [4,-1], expected at most one -1 and 6 elements, as in [2,3]",
  ],
  [
    () => t.reshape(x(2, 3), [-1, -1]),
    "reshape(): shape has the wrong shape: got [-1,-1], expected at most one -1 and 6 elements, as in [2,3]",
  ],
  [
    () => t.expand(x(2, 3), [2, 4]),
    "expand(): b has the wrong shape: got [2,4], expected a shape that broadcasts with a [2,3]",
  ],
  [
    () => t.expand(x(2, 3), [1, 3]),
    "expand(): x has the wrong shape: got [2,3], expected a shape that broadcasts to [1,3]",
  ],
  [
    () => t.transpose(x(2, 3), [0, 0]),
    "transpose(): x has the wrong shape: got [2,3], expected one axis for each entry of the order [0,0]",
  ],
  [
    () => t.transpose(x(2, 3), [0]),
    "transpose(): x has the wrong shape: got [2,3], expected one axis for each entry of the order [0]",
  ],
  [
    () => t.slice(x(2, 3), 1, 1, 2, 2),
    "slice(): x has the wrong shape: got [2,3], expected axis 1 to hold indices 1..3 (step 2)",
  ],
  [
    () => t.slice(x(2, 3), 1, 0, 0),
    "slice(): x has the wrong shape: got [2,3], expected axis 1 to hold indices 0..-1 (step 1)",
  ],
  [() => t.slice(x(2, 3), 4, 0, 1), "slice(): x has the wrong shape: got [2,3], expected a shape with axis 4"],
  [
    () => t.pad(x(2, 3), 0, -1, -1),
    "pad(): before, after has the wrong shape: got [-1,0,-1,0], expected at least one entry left of every axis of x [2,3]",
  ],
  [
    () => t.concat([x(2, 3), x(2, 4)], 0),
    "concat(): an input has the wrong shape: got [2,4], expected the shape [2,3] except on axis 0",
  ],
  [() => t.concat([], 0), "concat(): inputs has the wrong shape: got nothing, expected one tensor or more"],
  [() => t.stack([x(2, 3)], 3), "stack(): x has the wrong shape: got [1,2,3], expected a shape with axis 3"],
  [() => t.gather(x(2, 3), 2, i(1)), "gather(): x has the wrong shape: got [2,3], expected a shape with axis 2"],
  [
    () => t.scatterAdd(x(2, 3), i(3), 4),
    "scatterAdd(): x has the wrong shape: got [2,3], expected [3,c], a row for each index",
  ],
  [() => t.reverse(x(2, 3), [2]), "reverse(): x has the wrong shape: got [2,3], expected a shape with axis 2"],
  [() => t.softmax(x(2, 3), 2), "softmax(): x has the wrong shape: got [2,3], expected a shape with axis 2"],
  [() => t.matmul(x(3), x(3, 2)), "matmul(): a has the wrong shape: got [3], expected two axes or more"],
  [() => t.matmul(x(2, 3), x(3)), "matmul(): b has the wrong shape: got [3], expected two axes or more"],
  [
    () => t.matmul(x(2, 3), x(4, 2)),
    "matmul(): b has the wrong shape: got [4,2], expected inner size 3 to match a [2,3]",
  ],
  [
    () => t.matmul(x(2, 1, 3), x(3, 3, 2)),
    "matmul(): b has the wrong shape: got [3], expected a shape that broadcasts with a [2]",
  ],
  [() => t.conv2d(x(3, 8, 8), x(4, 3, 3, 3)), "conv2d(): x has the wrong shape: got [3,8,8], expected [N,C,H,W]"],
  [
    () => t.conv2d(x(1, 3, 8, 8), x(4, 2, 3, 3)),
    "conv2d(): w has the wrong shape: got [4,2,3,3], expected [O,3,kh,kw] for x [1,3,8,8]",
  ],
  [
    () => t.conv2d(x(1, 3, 8, 8), x(4, 3)),
    "conv2d(): w has the wrong shape: got [4,3], expected [O,3,kh,kw] for x [1,3,8,8]",
  ],
  [
    () => t.conv2d(x(1, 3, 8, 8), x(4, 1, 3, 3), { groups: 2 }),
    "conv2d(): x has the wrong shape: got [1,3,8,8], expected channels in 2 equal groups",
  ],
  [
    () => t.conv2d(x(1, 4, 8, 8), x(3, 2, 3, 3), { groups: 2 }),
    "conv2d(): w has the wrong shape: got [3,2,3,3], expected [O,2,kh,kw] for x [1,4,8,8] and O in 2 equal groups",
  ],
  [
    () => t.conv2d(x(1, 3, 2, 8), x(4, 3, 3, 3)),
    "conv2d(): x has the wrong shape: got [1,3,2,8], expected a picture at least as large as the kernel 3x3",
  ],
  [() => t.maxPool2d(x(3, 4), { kernel: 2 }), "maxPool2d(): x has the wrong shape: got [3,4], expected [N,C,H,W]"],
  [
    () => t.maxPool2d(x(1, 1, 2, 2), { kernel: 3 }),
    "maxPool2d(): x has the wrong shape: got [1,1,2,2], expected a picture at least as large as the window 3x3",
  ],
  [
    () => t.averagePool2d(x(3, 4), { kernel: 2 }),
    "averagePool2d(): x has the wrong shape: got [3,4], expected [N,C,H,W]",
  ],
  [() => t.resizeBilinear(x(3, 4), 2, 2), "resizeBilinear(): x has the wrong shape: got [3,4], expected [N,C,H,W]"],
  [() => t.batchNormTraining(x(3), v, v), "batchNorm(): x has the wrong shape: got [3], expected [N,C,…]"],
  [
    () => t.batchNormTraining(x(2, 4), v, v),
    "batchNorm(): gamma has the wrong shape: got [3], expected [4] for x [2,4]",
  ],
  [
    () => t.scaleShift(x(2, 3), v, v, v, x(1, 3)),
    "batchNorm(): variance has the wrong shape: got [1,3], expected [3] for x [2,3]",
  ],
  [
    () => t.groupNorm(x(2, 3, 4), 2, v, v),
    "groupNorm(): x has the wrong shape: got [2,3,4], expected channels in 2 equal groups",
  ],
  [
    () => t.groupNorm(x(2, 4, 4), 2, v, v),
    "groupNorm(): gamma has the wrong shape: got [3], expected [4] for x [2,4,4]",
  ],
  [() => t.layerNorm(x(2, 3), v, x(2)), "layerNorm(): beta has the wrong shape: got [2], expected [3] for x [2,3]"],
  [() => t.smoothL1(x(2, 3), x(3)), "smoothL1(): target has the wrong shape: got [3], expected the prediction's [2,3]"],
  [
    () => t.crossEntropy(x(2, 3), x(2)),
    "crossEntropy(): target has the wrong shape: got [2], expected the prediction's [2,3]",
  ],
  [() => t.constant([1, 2, 3], [2]), "constant(): shape has the wrong shape: got [2], expected 3 elements"],
];
test.each(named(shapeCases))("$message", ({ call, message }) => {
  expect(thrownBy(call)).toBe(message);
});

describe("other arguments", () => {
  const cases: Case[] = [
    [() => t.add(x(2), i(2)), "add(): argument 2 has the wrong element type: got int32, expected float32"],
    [() => t.relu(t.less(x(2), 0)), "relu(): argument 1 has the wrong element type: got bool, expected float32"],
    [() => t.where(x(2), 1, 0), "where(): argument 1 has the wrong element type: got float32, expected bool"],
    [() => t.gather(x(2, 3), 0, x(1)), "gather(): argument 2 has the wrong element type: got float32, expected int32"],
    [() => t.gradients(x(2), []), "gradients(): the loss is not a scalar: got [2], expected one element"],
    [
      () => t.maxPool2d(x(1, 1, 4, 4), { kernel: 2, padding: 2 }),
      "maxPool2d(): padding: got 2, expected a whole number from 0 to half the kernel 2",
    ],
    [() => t.maxPool2d(x(1, 1, 4, 4), { kernel: 0 }), "maxPool2d(): kernel: got 0, expected a whole number ≥ 1"],
    [
      () => t.conv2d(x(1, 1, 4, 4), x(1, 1, 1, 1), { stride: 0 }),
      "conv2d(): stride: got 0, expected a whole number ≥ 1",
    ],
    [
      () => t.conv2d(x(1, 1, 4, 4), x(1, 1, 1, 1), { dilation: 1.5 }),
      "conv2d(): dilation: got 1.5, expected a whole number ≥ 1",
    ],
    [
      () => t.conv2d(x(1, 1, 4, 4), x(1, 1, 1, 1), { padding: -1 }),
      "conv2d(): padding: got -1, expected a whole number ≥ 0",
    ],
  ];
  test.each(named(cases))("$message", ({ call, message }) => {
    expect(thrownBy(call)).toBe(message);
  });
});

test("gradients are zeros where the loss does not depend on the input", async () => {
  const a = x(2);
  const [gradient] = t.gradients(t.sum(t.stopGradient(a)), [a]);
  await using program = await t.compile({ gradient });
  expect([...(await program.run({})).gradient]).toEqual([0, 0]);
});
