/**
 * @file J&F against frames per second for encoders × modes × input sizes:
 * `node dist/benchmarks/bench/pareto.js --weights …` (after `npm run bench -- --only encoderForward`, or any run that
 * builds it). Draws PATH.svg and PATH.png and prints the table.
 *
 * Frames per second are those of the whole tracker (decoding, encoder, matching, upsampling), one sequence after the
 * other, without the scoring; everything is measured in one run, so the points can be compared with each other but not
 * with other machines.
 */
import { basename } from "node:path";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { writeFileAtomic } from "../src/core/files.ts";
import { writeChart } from "../src/charts/lineChart.ts";
import { paretoChart, paretoFront, type ParetoPoint } from "../src/charts/paretoChart.ts";
import { scoreDavis } from "../src/evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../src/formats/splitFile.ts";
import { trackedMasks } from "../src/evaluation/benchmarks/trackedMasks.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import type { FeatureExtractor } from "../src/method/features.ts";
import { type ModeName, modes } from "../src/tracking/modes.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import { timed } from "./timedMethod.ts";

interface Options {
  readonly data: string;
  readonly split: string;
  readonly weights: readonly string[];
  readonly modes: readonly ModeName[];
  readonly shortSides: readonly string[];
  readonly protocol: string;
  readonly maxFrames?: string;
  readonly out: string;
}

const options = new Command("pareto")
  .description("Draws J&F against frames per second for encoders, modes and input sizes.")
  .requiredOption("--data <root>", "a data set laid out as DAVIS")
  .requiredOption("--split <file>", "the sequences, a name a line")
  .requiredOption("--weights <files...>", "encoders")
  .addOption(new Option("--modes <names...>", "modes").choices(Object.keys(modes)).default(Object.keys(modes)))
  .option("--short-sides <px...>", "input sizes for exact and fast; live has its own", ["240", "480"])
  .option("--protocol <name>", "how labels are carried", "default")
  .option("--max-frames <n>", "only so many frames of each sequence")
  .requiredOption("--out <path>", "PATH.svg, PATH.png and PATH.json are written")
  .parse()
  .opts<Options>();

const sequences = await readSplit(options.split);
const points: ParetoPoint[] = [];
for (const weights of options.weights) {
  await using encoder = await openEncoderThread({ weights });
  for (const mode of options.modes)
    for (const shortSide of mode === "live" ? [undefined] : options.shortSides.map(Number))
      points.push(await measure(encoder, basename(weights).replace(/\.[^.]+$/, ""), mode, shortSide));
}
await writeChart(options.out, paretoChart(points, { x: "frames per second", y: "J&F" }));
await writeFileAtomic(`${options.out}.json`, `${JSON.stringify(points, null, 2)}\n`);
process.stdout.write(`${table()}\n`);

async function measure(
  encoder: FeatureExtractor,
  file: string,
  mode: ModeName,
  shortSide: number | undefined,
): Promise<ParetoPoint> {
  const protocol = resolveProtocol(options.protocol, { shortSide });
  const clock = timed(trackedMasks({ encoder, protocol, mode: modes[mode] }));
  const benchmark = { root: options.data, sequences };
  const maxFrames = options.maxFrames === undefined ? undefined : Number(options.maxFrames);
  const score = await scoreDavis(benchmark, clock.method, { maxFrames });
  const name = `${file}${shortSide === undefined ? "" : ` ${shortSide}`}`;
  const point = { name, group: mode, x: clock.framesPerSecond(), y: score.JF_mean };
  process.stderr.write(`${mode} ${name}: J&F ${point.y.toFixed(3)}, ${point.x.toFixed(2)} frames/s\n`);
  return point;
}

function table(): string {
  const front = new Set(paretoFront(points));
  const made = new Table({ head: ["mode", "encoder", "frames/s", "J&F", "front"], style: { head: [], border: [] } });
  for (const point of points)
    made.push([point.group, point.name, point.x.toFixed(2), point.y.toFixed(3), front.has(point) ? "yes" : ""]);
  return made.toString();
}
