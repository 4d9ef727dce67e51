/** @file Our side of the training step, in a process of its own: `node trainStepOurs.js VARIANT STEPS` prints a line of JSON. */
import { Random } from "../src/core/random.ts";
import { encoderVariant, initialValues } from "../src/method/encoder.ts";
import { compile } from "../src/tensor/index.ts";
import { buildStep } from "../src/training/step.ts";
import { median, peakRssMb } from "./row.ts";

const [pairs, size, warmUps] = [4, 256, 2];
const variant = encoderVariant(process.argv[2]);
const step = buildStep({
  variant,
  pairs,
  references: 1,
  size,
  radius: 6,
  similarity: { kind: "scaledDot" },
  adam: {},
});
await using program = await compile(step.outputs, { threads: 2 });
const start = initialValues(variant, { seed: 1 });
const parameters = step.parameterLayout.pack(start);
let state: Record<"parameters" | "statistics" | "average" | "m" | "v", Float32Array> = {
  parameters,
  statistics: step.statisticsLayout.pack(start),
  average: parameters.slice(),
  m: new Float32Array(parameters.length),
  v: new Float32Array(parameters.length),
};
const random = new Random(1);
const pixels = (channels: number) =>
  Float32Array.from({ length: 2 * pairs * channels * size * size }, () => random.uniform(-1, 1));
const [frames, hidden] = [pixels(3), pixels(1)];
const seconds: number[] = [];
for (let i = 1; i <= warmUps + Number(process.argv[3]); i++) {
  const begin = performance.now();
  const { m, v, ...rest } = state;
  state = await program.run({
    frames,
    hidden,
    ...rest,
    "adam.m": m,
    "adam.v": v,
    learningRate: Float32Array.of(1e-3),
    averageShare: Float32Array.of(1e-3),
    step: Float32Array.of(i),
  });
  seconds.push((performance.now() - begin) / 1000);
}
process.stdout.write(`${JSON.stringify({ seconds: median(seconds.slice(warmUps)), rssMb: peakRssMb() })}\n`);
