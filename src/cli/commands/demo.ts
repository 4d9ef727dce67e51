/** @file `tsumugi demo`: the main job on a clip that is rendered here, with the exact truth. */
import Table from "cli-table3";
import { Command } from "commander";
import type { SequenceScore } from "../../metrics/davis.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { DEFAULT_WEIGHTS } from "../../method/node/weightsFile.ts";
import { PART_NAMES } from "../../synthetic/scene.ts";
import { type DemoResult, runDemo } from "../demo.ts";
import { untilInterrupted, wholeNumber } from "../options.ts";
import { print, terminalLogger } from "../terminal.ts";

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly weights?: string;
  readonly threads?: number;
}

const EXAMPLES = `
DIR gets clip/ (the frames), first.png (the mask that is given), truth/, all results of tsumugi track (docs/results.md) and
contact.png. The clip is a conveyor with four textured parts that pass under a gantry; the camera shakes, its exposure
drifts. Every seed gives another one.

Examples:
  $ tsumugi demo
  $ tsumugi demo --out /tmp/demo --seed 7
  $ tsumugi demo --weights runs/mine/weights.safetensors
`;

/** `tsumugi demo`. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("render a production line, track its parts from the first mask, score against the exact truth")
    .option("--out <dir>", "where everything goes", "tsumugi-demo")
    .option("--seed <n>", "which clip to render", wholeNumber(0), 1)
    .option("--weights <file>", "weights of the encoder (default: those that come with tsumugi)")
    .option("--threads <n>", "processor threads (default: all cores)", wholeNumber(1))
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => untilInterrupted((signal) => demo(options, signal)));
}

async function demo({ out, seed, weights = DEFAULT_WEIGHTS, threads }: Options, signal: AbortSignal): Promise<void> {
  const processors = threads === undefined ? {} : { threads };
  await using encoder = await openEncoder({ weights, ...processors });
  const logger = terminalLogger();
  print(report(await runDemo({ out, clip: { seed }, encoder, weights, ...processors, logger, signal })));
}

function report(result: DemoResult): string {
  const { score, floor, frames, seconds, paths } = result;
  const parts = Object.keys(score.objects).length;
  return `
${parts} parts tracked through ${frames} frames from the first mask alone, ${(frames / seconds.track).toFixed(1)} frames/s.
J&F against the exact truth: ${decimals(score.JF_mean)} (copying the first mask: ${decimals(floor.JF_mean)})

${table(score, floor)}

Look at
  ${paths.overlay}   the clip with the tracked parts in colour
  ${paths.sheet}   six frames; colour: tracked, white line: truth

Next, with your own clip: paint the objects of its first frame in a PNG of the same size, each in a colour of its own
from the DAVIS palette (as in ${paths.first}), then
  npx tsumugi track your.mp4 --labels first.png --out result`;
}

function table(score: SequenceScore, floor: SequenceScore): string {
  const head = ["part", "J&F", "J", "F", "J&F copied"];
  const rows = Object.entries(score.objects).map(([id, { J_mean, F_mean }]) => {
    const copied = floor.objects[id];
    const values = [(J_mean + F_mean) / 2, J_mean, F_mean, (copied.J_mean + copied.F_mean) / 2];
    return [`${id} ${PART_NAMES[Number(id) - 1]}`, ...values.map(decimals)];
  });
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}

function decimals(value: number): string {
  return value.toFixed(3);
}
