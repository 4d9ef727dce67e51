/** @file Our side of the encoder's forward pass: `node encoderForwardOurs.js REPEATS` prints a line of JSON. */
import { Random } from "../src/core/random.ts";
import { openEncoder } from "../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../src/method/encoderWeights.ts";
import { median, peakRssMb } from "./row.ts";

const [frames, size, warmUps] = [4, 256, 3];
const random = new Random(1);
const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
await using encoder = await openEncoder({ weights: untrainedWeights("crw"), threads: 2 });
const seconds: number[] = [];
for (let i = 0; i < warmUps + Number(process.argv[2]); i++) {
  const begin = performance.now();
  for (let frame = 0; frame < frames; frame++) await encoder.encode({ width: size, height: size, data });
  seconds.push((performance.now() - begin) / 1000);
}
process.stdout.write(`${JSON.stringify({ seconds: median(seconds.slice(warmUps)), rssMb: peakRssMb() })}\n`);
