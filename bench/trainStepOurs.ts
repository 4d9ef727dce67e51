/**
 * @file Our side of the training step, in a process of its own: `node trainStepOurs.js VARIANT STEPS` prints a line of
 * JSON.
 */
import { Random } from "../src/core/random.ts";
import { compile } from "../src/tensor/index.ts";
import type { State } from "../src/training/checkpoint.ts";
import { trainingConfig } from "../src/training/config.ts";
import { buildStep, startValues, STATE_NAMES } from "../src/training/step.ts";
import { median, peakRssMb } from "./row.ts";

const [pairs, size, warmUps] = [4, 256, 2];
const config = trainingConfig({ variant: process.argv[2], pairs, size, steps: 1 });
const step = buildStep(config);
await using program = await compile(step.outputs, { threads: 2 });
const start = startValues(config);
const parameters = step.parameterLayout.pack(start);
let state: State = {
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
  const outputs = await program.run({
    frames,
    hidden,
    ...rest,
    "adam.m": m,
    "adam.v": v,
    learningRate: Float32Array.of(1e-3),
    averageShare: Float32Array.of(1e-3),
    step: Float32Array.of(i),
  });
  state = Object.fromEntries(STATE_NAMES.map((name) => [name, outputs[name]])) as State;
  seconds.push((performance.now() - begin) / 1000);
}
process.stdout.write(`${JSON.stringify({ seconds: median(seconds.slice(warmUps)), rssMb: peakRssMb() })}\n`);
