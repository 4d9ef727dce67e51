/** @file The gradient of everything at once: encoder in training, affinity, reconstruction loss, along random directions. */
import { expect, test } from "vitest";
import { encode, encoderParameters, type EncoderVariant, initialValues } from "../../src/method/encoder.ts";
import { localAffinity } from "../../src/method/localAffinity.ts";
import { reconstruct } from "../../src/method/reconstruction.ts";
import { compile, gradients, input, mean, ParameterLayout, slice, type Tensor } from "../../src/tensor/index.ts";
import { values } from "../tensor/check.ts";

const variants: { name: string; variant: EncoderVariant }[] = [
  { name: "pool, head, downsampling", variant: { stem: 4, pool: true, widths: [4, 6], strides: [1, 2], head: 5 } },
  { name: "no pool, no head", variant: { stem: 4, pool: false, widths: [4, 6, 6], strides: [1, 2, 1] } },
];

const half = (x: Tensor, i: number): Tensor => slice(x, 0, 2 * i, 2);

test.each(variants)("$name", async ({ variant }) => {
  const size = 32;
  const layout = new ParameterLayout(encoderParameters(variant));
  const flat = input("parameters", [layout.size]);
  const frames = input("frames", [4, 3, size, size]);
  const hidden = input("hidden", [4, 1, size, size]);
  const features = encode(variant, layout.views(flat), frames, {
    kind: "training",
    collected: new Map<string, Tensor>(),
  });
  const affinity = localAffinity(half(features, 0), [half(features, 1)], { radius: 2, scale: 0.5 });
  const loss = mean(reconstruct(affinity, half(hidden, 0), [half(hidden, 1)]).error);
  const [gradient] = gradients(loss, [flat]);
  await using program = await compile({ loss, gradient }, { threads: 1 });
  const start = layout.pack(initialValues(variant, { seed: 3, zeroLastGamma: false }));
  const feeds = { frames: values(frames.shape, 1), hidden: values(hidden.shape, 2) };
  const run = (parameters: Float32Array) => program.run({ ...feeds, parameters });
  const { gradient: analytic } = await run(start);

  // A random direction's derivative is about ‖g‖/√3; steps are short because of the kinks of relu and max-pooling, and then
  // rounding of the loss (near 10, in single precision) leaves about ±0.1 of it.
  const spread = Math.hypot(...analytic) / Math.sqrt(3);
  const step = 1e-5;
  for (let trial = 0; trial < 8; trial++) {
    const direction = values([layout.size], 50 + trial);
    const moved = (by: number): Float32Array => start.map((v, i) => v + by * direction[i]);
    const [up, down] = [(await run(moved(step))).loss[0], (await run(moved(-step))).loss[0]];
    const wanted = (up - down) / (2 * step);
    const got = analytic.reduce((sum, v, i) => sum + v * direction[i], 0);
    expect(Math.abs(got - wanted) / spread, `${got} and ${wanted}`).toBeLessThan(0.05);
  }
});
