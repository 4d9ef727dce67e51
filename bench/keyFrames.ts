/**
 * @file What more labels and the backward pass are worth: J&F of the frames between the first, the middle and the last
 * frame of DAVIS sequences, when only the first is labelled, the first and the middle, the first and the last, or all
 * three: `node dist/benchmarks/bench/keyFrames.js` (after `npm run bench -- --only encoderForward`, or any run that
 * builds it).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { objectsIn, sequenceScorer } from "../src/metrics/davis.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import type { FeatureExtractor } from "../src/method/features.ts";
import { type ModeName, modes } from "../src/tracking/modes.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import type { Direction } from "../src/tracking/session/plan.ts";
import { Tracker } from "../src/tracking/session/tracker.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";
import { davis, packageWeights } from "./clip.ts";

interface Options {
  readonly sequences: readonly string[];
  readonly mode: ModeName;
  readonly shortSide: string;
}

const options = new Command("keyFrames")
  .description("J&F with one, two and three labelled frames, forward and in both directions.")
  .option("--sequences <names...>", "of DAVIS", ["dog", "car-shadow", "horsejump-high", "kite-surf"])
  .option("--mode <name>", "of tsumugi track", "fast")
  .option("--short-side <px>", "of the encoder's input", "240")
  .parse()
  .opts<Options>();

/** Which frames are labelled, and how labels are carried. */
const ways: readonly {
  readonly name: string;
  readonly direction: Direction;
  readonly keys: readonly ("first" | "middle" | "last")[];
}[] = [
  { name: "first, forward", direction: "forward", keys: ["first"] },
  { name: "first and middle, forward", direction: "forward", keys: ["first", "middle"] },
  { name: "first and last, both", direction: "both", keys: ["first", "last"] },
  { name: "all three, both", direction: "both", keys: ["first", "middle", "last"] },
];

await using encoder = await openEncoderThread({ weights: packageWeights });
const table = new Table({ head: ["labelled", ...options.sequences, "mean"], style: { head: [], border: [] } });
for (const way of ways) {
  const scores: number[] = [];
  for (const sequence of options.sequences) scores.push(await score(sequence, way, encoder));
  const mean = scores.reduce((sum, value) => sum + value, 0) / scores.length;
  table.push([way.name, ...[...scores, mean].map((value) => value.toFixed(3))]);
}
process.stdout.write(`${table.toString()}\n`);

async function score(name: string, { direction, keys }: (typeof ways)[number], by: FeatureExtractor): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-keys-"));
  await using source = await openFrameSource(join(davis, "JPEGImages/480p", name));
  const last = source.frameCount - 1;
  const labelled = { first: 0, middle: Math.round(last / 2), last };
  const truth = (index: number): Promise<LabelMap> =>
    readMaskPng(join(davis, "Annotations/480p", name, `${source.names[index]}.png`));
  try {
    const protocol = resolveProtocol("default", { shortSide: Number(options.shortSide) });
    await using tracker = await Tracker.open({
      folder,
      source,
      encoder: by,
      protocol,
      mode: modes[options.mode],
      direction,
    });
    for (const key of keys) await tracker.addLabel({ frame: labelled[key], mask: await truth(labelled[key]) });
    const scorer = sequenceScorer(objectsIn(binary(await truth(0))), "background");
    for await (const { frame, labels } of tracker.track())
      if (!Object.values(labelled).includes(frame.index)) scorer.add(labels, binary(await truth(frame.index)));
    process.stderr.write(`${name}, ${keys.join(" ")}\n`);
    return scorer.score().JF_mean;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** DAVIS-2016 has 255 for its object. */
function binary(mask: LabelMap): LabelMap {
  return { ...mask, data: mask.data.map((value) => (value === 255 ? 1 : value)) };
}
