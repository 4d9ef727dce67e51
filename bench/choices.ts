/**
 * @file What each choice of the tracker is worth: the base, and the base with one thing changed, with J&F and frames
 * per second: `node dist/benchmarks/bench/choices.js --data DAVIS --split dev.txt` (built by
 * `npm run bench -- --only encoderForward`).
 */
import Table from "cli-table3";
import { Command } from "commander";
import { writeFileAtomic } from "../src/core/files.ts";
import { scoreDavis } from "../src/evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../src/formats/splitFile.ts";
import { trackedMasks } from "../src/evaluation/benchmarks/trackedMasks.ts";
import { type EnsembleView, openEnsemble } from "../src/method/encoderEnsemble.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import { type Mode, modes } from "../src/tracking/modes.ts";
import { type ProtocolOverrides, resolveProtocol } from "../src/tracking/protocols.ts";
import { timed } from "./timedMethod.ts";

/** One thing changed. */
interface Choice {
  readonly what: string;
  readonly name: string;
  readonly protocol?: ProtocolOverrides;
  readonly mode?: Mode;
  readonly ensemble?: readonly EnsembleView[];
  /** Weights of `--stride8`. */
  readonly stride8?: true;
}

const recent = (frames: number | number[]): ProtocolOverrides => ({ memory: { recent: frames } });

const choices: readonly Choice[] = [
  { what: "base", name: "mode fast" },
  { what: "search", name: "every candidate (mode exact)", mode: modes.exact },
  { what: "search", name: "every candidate, radius 8", mode: modes.exact, protocol: { radius: { cells: 8 } } },
  { what: "search", name: "every candidate, radius 16", mode: modes.exact, protocol: { radius: { cells: 16 } } },
  { what: "votes", name: "top 5", protocol: { topK: 5 } },
  { what: "votes", name: "top 20", protocol: { topK: 20 } },
  { what: "votes", name: "temperature 0.02", protocol: { temperature: 0.02 } },
  { what: "votes", name: "temperature 0.05", protocol: { temperature: 0.05 } },
  { what: "resolution", name: "360 rows", protocol: { shortSide: 360 } },
  { what: "resolution", name: "stride 8 (nano)", stride8: true },
  { what: "resolution", name: "stride 8 (nano), twice the rows", stride8: true, protocol: { shortSide: 480 } },
  { what: "several scales", name: "half size beside", ensemble: ["half"] },
  { what: "several scales", name: "double size beside", ensemble: ["double"] },
  { what: "ensemble", name: "mirrored beside", ensemble: ["mirror"] },
  { what: "labels", name: "a cell has its first pixel's label", protocol: { labelEncoding: "nearest" } },
  { what: "labels", name: "hard labels carried", protocol: { labels: "hard" } },
  { what: "upsampling", name: "bilinear", protocol: { upsampling: "bilinear" } },
  { what: "memory", name: "first frame alone", protocol: recent(0) },
  { what: "memory", name: "first and latest", protocol: recent(1) },
  { what: "memory", name: "first and last 3", protocol: recent(3) },
  { what: "memory", name: "first and last 7", protocol: recent(7) },
  { what: "memory", name: "first and last 20", protocol: recent(20) },
  { what: "memory", name: "without the first", protocol: { memory: { first: "none" } } },
  { what: "memory", name: "first searched everywhere", protocol: { memory: { first: "unrestricted" } } },
  { what: "distractors", name: "candidates from clusters", protocol: { candidates: "clusters" } },
  { what: "distractors", name: "what is not seen is kept", protocol: { visibility: "always" } },
];

interface Options {
  readonly data: string;
  readonly split: string;
  readonly weights: string;
  readonly stride8: string;
  readonly shortSide: string;
  readonly only?: readonly string[];
  readonly out: string;
}

const options = new Command("choices")
  .description("Prints J&F and frames per second of the tracker with one thing changed at a time.")
  .requiredOption("--data <root>", "a data set laid out as DAVIS")
  .requiredOption("--split <file>", "the sequences, a name a line")
  .option("--weights <file>", "an encoder of stride 4", "weights/default.safetensors")
  .option("--stride8 <file>", "an encoder of stride 8", "weights/nano.safetensors")
  .option("--short-side <px>", "rows of the encoder's input", "240")
  .option("--only <what...>", "only these groups, and the base")
  .requiredOption("--out <path>", "PATH.json is written")
  .parse()
  .opts<Options>();

const sequences = await readSplit(options.split);
const asked = choices.filter(
  ({ what }) => what === "base" || options.only === undefined || options.only.includes(what),
);
const measured: Measured[] = [];
for (const choice of asked) measured.push(await measure(choice));
await writeFileAtomic(`${options.out}.json`, `${JSON.stringify(measured, null, 2)}\n`);
process.stdout.write(`${table()}\n`);

interface Measured {
  readonly what: string;
  readonly name: string;
  readonly JF: number;
  readonly J: number;
  readonly F: number;
  readonly framesPerSecond: number;
}

async function measure({ what, name, protocol, mode = modes.fast, ensemble = [], stride8 }: Choice): Promise<Measured> {
  const weights = stride8 === true ? options.stride8 : options.weights;
  await using encoder = await openEnsemble(ensemble, () => openEncoderThread({ weights }));
  const resolved = resolveProtocol("default", { shortSide: Number(options.shortSide), ...protocol });
  const clock = timed(trackedMasks({ encoder, protocol: resolved, mode }));
  const score = await scoreDavis({ root: options.data, sequences }, clock.method);
  const framesPerSecond = clock.framesPerSecond();
  process.stderr.write(`${what}, ${name}: J&F ${score.JF_mean.toFixed(3)}, ${framesPerSecond.toFixed(2)} frames/s\n`);
  return { what, name, JF: score.JF_mean, J: score.J.mean, F: score.F.mean, framesPerSecond };
}

function table(): string {
  const head = ["what", "choice", "J&F", "change", "J", "F", "frames/s"];
  const made = new Table({ head, style: { head: [], border: [] } });
  for (const { what, name, JF, J, F, framesPerSecond } of measured) {
    const change = (JF - measured[0].JF).toFixed(3);
    made.push([what, name, JF.toFixed(3), change, J.toFixed(3), F.toFixed(3), framesPerSecond.toFixed(2)]);
  }
  return made.toString();
}
