/**
 * @file At which size frames are best encoded: masks or points of made clips with exact truth, tracked with several
 * input sizes, with their scores and processor time:
 * `node dist/benchmarks/bench/workingSize.js masks --size 1280x720 --rows 720 480 360` (built by
 * `npm run bench -- --only encoderForward`).
 */
import Table from "cli-table3";
import { Argument, Command, Option } from "commander";
import { silent } from "../src/core/log.ts";
import { readFootage } from "../src/evaluation/confidence/footage.ts";
import { madeClips } from "../src/evaluation/confidence/madeClips.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import type { FeatureExtractor } from "../src/method/features.ts";
import { objectsIn, sequenceScorer } from "../src/metrics/davis.ts";
import type { PastedFrame } from "../src/synthetic/pastedClip.ts";
import { type LabelledFrame, renderProductionLine } from "../src/synthetic/productionLine.ts";
import { type ModeName, modes } from "../src/tracking/modes.ts";
import { DirectMatching } from "../src/tracking/points/directMatching.ts";
import { trackPoints } from "../src/tracking/points/trackPoints.ts";
import { propagateMasks } from "../src/tracking/propagation.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import type { FrameSource } from "../src/video/frame.ts";
import { frameList } from "../src/video/frameList.ts";
import { packageWeights } from "./clip.ts";
import { processorSeconds } from "./row.ts";

/** Points are right within this part of the frame's shorter side. */
const RIGHT = 0.02;

interface Options {
  readonly size: string;
  readonly rows: readonly string[];
  readonly frames: string;
  readonly mode: ModeName;
  readonly direct: boolean;
  readonly footage?: readonly string[];
  readonly clips: string;
}

const program = new Command("workingSize")
  .description("Prints scores and processor seconds of made clips by the rows of the encoder's input.")
  .addArgument(new Argument("<what>", "what is tracked").choices(["masks", "points"]))
  .option("--size <WxH>", "of the clip's frames", "1280x720")
  .option("--rows <px...>", "of the encoder's input", ["720", "480", "360"])
  .option("--frames <n>", "of each clip", "24")
  .addOption(new Option("--mode <name>", "of tsumugi track").choices(Object.keys(modes)).default("fast"))
  .option("--direct", "points by direct matching", false)
  .option("--footage <path...>", "patches of this footage (points need it), not the rendered line")
  .option("--clips <n>", "made of the footage", "2")
  .parse();
const options = program.opts<Options>();
const [what] = program.processedArgs as ["masks" | "points"];
const [width, height] = options.size.split("x").map(Number);
const frames = Number(options.frames);

await using encoder = await openEncoderThread({ weights: packageWeights });
const measure = what === "masks" ? await masks() : await points();
const table = new Table({ head: ["rows", "score", "processor s/frame"], style: { head: [], border: [] } });
for (const rows of options.rows.map(Number)) {
  let score = 0;
  const seconds = await processorSeconds(async () => (score = await measure.score(rows, encoder)));
  table.push([rows, score.toFixed(3), (seconds / (measure.clips * (frames - 1))).toFixed(2)]);
  process.stderr.write(`${what}, ${options.size}, ${rows} rows: ${score.toFixed(3)}\n`);
}
process.stdout.write(`${table.toString()}\n`);

/** Clips that are ready, and how well they are tracked, 0..1. */
interface Measure {
  readonly clips: number;
  readonly score: (rows: number, by: FeatureExtractor) => Promise<number>;
}

/** J&F, the mean over the clips. */
async function masks(): Promise<Measure> {
  const clips: LabelledFrame[][] =
    options.footage === undefined ? [[...renderProductionLine({ width, height, frames })]] : await pasted();
  const scoreOf = async (clip: LabelledFrame[], rows: number, by: FeatureExtractor): Promise<number> => {
    const first = clip[0].labels;
    const scorer = sequenceScorer(objectsIn(first), "background");
    for await (const { frame, labels } of propagateMasks({ ...method(rows), encoder: by, source: listOf(clip), first }))
      if (frame.index > 0 && frame.index < frames - 1) scorer.add(labels, clip[frame.index].labels);
    return scorer.score().JF_mean;
  };
  const score: Measure["score"] = async (rows, by) => {
    let sum = 0;
    for (const clip of clips) sum += await scoreOf(clip, rows, by);
    return sum / clips.length;
  };
  return { clips: clips.length, score };
}

/** Share of the visible points that are right. */
async function points(): Promise<Measure> {
  const clips = await pasted();
  const score: Measure["score"] = async (rows, by) => {
    const right: boolean[] = [];
    for (const clip of clips) {
      const given = clip[0].points.map(({ x, y }, i) => ({ name: String(i), x, y }));
      const follower = options.direct ? new DirectMatching() : undefined;
      const run = { ...method(rows), encoder: by, source: listOf(clip), points: given, follower };
      for await (const { frame, points: found } of trackPoints(run))
        for (const [i, truth] of clip[frame.index].points.entries())
          if (frame.index > 0 && truth.visible)
            right.push(Math.hypot(found[i].x - truth.x, found[i].y - truth.y) <= RIGHT * height);
    }
    return right.filter(Boolean).length / right.length;
  };
  return { clips: clips.length, score };
}

function method(rows: number) {
  return { protocol: resolveProtocol("default", { shortSide: rows }), mode: modes[options.mode] };
}

function listOf(clip: readonly LabelledFrame[]): FrameSource {
  return frameList(
    clip.map(({ frame }) => frame),
    "a made clip",
  );
}

/** Patches of the footage. */
async function pasted(): Promise<PastedFrame[][]> {
  const made: PastedFrame[][] = [];
  const { footage = [], clips } = options;
  const count = Number(clips);
  const read = await readFootage({ footage, frames, shortSide: height, logger: silent });
  for (const clip of madeClips(read, count)) made.push([...clip.pasted]);
  return made;
}
