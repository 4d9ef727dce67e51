/**
 * @file What each of mode `live`'s ways to be fast costs in J&F and saves in processor time: the mode as it is, then
 * with one thing done otherwise. `node dist/benchmarks/bench/liveSteps.js --data DAVIS --split dev.txt [--only NAME …]
 * [--max-frames N]` (after any `npm run bench`, which builds it). Processor time is the whole tracker's, images read as
 * well, without the scoring.
 */
import Table from "cli-table3";
import { Command, Option } from "commander";
import { scoreDavis, type MaskMethod } from "../src/evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../src/formats/splitFile.ts";
import { trackedMasks } from "../src/evaluation/benchmarks/trackedMasks.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import { type Mode, modes } from "../src/tracking/modes.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import { packageWeights } from "./clip.ts";

const { live } = modes;
const { settle: _, ...searched } = live.pruning;
const variants: Readonly<Record<string, Mode>> = {
  live,
  "float32 encoder": { ...live, precision: "float32" },
  "every tile searched": { ...live, pruning: searched },
  "slow masks": { ...live, quickMasks: false },
  "44 rows": { ...live, cellRows: 44 },
  "60 rows": { ...live, cellRows: 60 },
  "4 frames": { ...live, recentFrames: 4 },
  "3 frames": { ...live, recentFrames: 3 },
};

interface Options {
  readonly data: string;
  readonly split: string;
  readonly weights: string;
  readonly only: readonly string[];
  readonly maxFrames?: string;
}

const options = new Command("liveSteps")
  .description("J&F and processor time of mode live, and of the mode with one thing changed.")
  .requiredOption("--data <root>", "a data set laid out as DAVIS")
  .requiredOption("--split <file>", "the sequences, a name a line")
  .option("--weights <file>", "the encoder", packageWeights)
  .addOption(
    new Option("--only <names...>", "variants").choices(Object.keys(variants)).default(Object.keys(variants), "all"),
  )
  .option("--max-frames <n>", "only so many frames of each sequence")
  .parse()
  .opts<Options>();

const sequences = await readSplit(options.split);
await using encoder = await openEncoderThread({ weights: options.weights });
const table = new Table({ head: ["variant", ...sequences, "mean", "ms a frame"], style: { head: [], border: [] } });
for (const name of options.only) table.push([name, ...(await measure(variants[name]))]);
process.stdout.write(`${table.toString()}\n`);

async function measure(mode: Mode): Promise<string[]> {
  const { method, milliseconds } = timed(trackedMasks({ encoder, protocol: resolveProtocol("default"), mode }));
  const maxFrames = options.maxFrames === undefined ? undefined : Number(options.maxFrames);
  const means: number[] = [];
  for (const sequence of sequences) {
    const { JF_mean } = await scoreDavis({ root: options.data, sequences: [sequence] }, method, { maxFrames });
    means.push(JF_mean);
  }
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  return [...means, mean].map((value) => value.toFixed(3)).concat(milliseconds().toFixed(0));
}

/** The method with the processor time until each mask, the first of a sequence and its start left out. */
function timed(method: MaskMethod): { readonly method: MaskMethod; readonly milliseconds: () => number } {
  let [frames, spent] = [0, 0];
  const carry: MaskMethod["carry"] = async function* (source, first) {
    let before: NodeJS.CpuUsage | undefined;
    for await (const mask of method.carry(source, first)) {
      if (before !== undefined) {
        const { user, system } = process.cpuUsage(before);
        spent += (user + system) / 1000;
        frames++;
      }
      yield mask;
      before = process.cpuUsage();
    }
  };
  return { method: { carry }, milliseconds: () => spent / frames };
}
