/**
 * @file What refining boxes is worth on annotated sequences: the overlap of the first frame's true masks with the
 * rectangles around them and with the outlines found in these, and region similarity J of either when it is tracked:
 * `node dist/benchmarks/bench/boxes.js` (built as for `keyFrames.ts`).
 */
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { sequenceFolders } from "../src/formats/maskFolder.ts";
import { objectsIn, sequenceScorer } from "../src/metrics/davis.ts";
import { labelOverlaps } from "../src/metrics/labelOverlap.ts";
import { meanOf } from "../src/metrics/statistics.ts";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import { boxMask, type NumberedBoxes, outlineMask } from "../src/tracking/masks/boxLabels.ts";
import { idsIn, objectMask } from "../src/tracking/masks/firstLabels.ts";
import { modes } from "../src/tracking/modes.ts";
import { propagateMasks } from "../src/tracking/propagation.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";
import { packageWeights, shared } from "./clip.ts";

interface Options {
  readonly set: string;
  readonly resolution: string;
  readonly sequences?: readonly string[];
  readonly grow: string;
  readonly track?: string;
}

const options = new Command("boxes")
  .description("Boxes as rectangles and refined, against the truth of the first frame and tracked.")
  .option("--set <name>", "of the annotated sets", "DAVIS")
  .option("--resolution <name>", "of the set", "480p")
  .option("--sequences <names...>", "default: all of the set")
  .option("--grow <px>", "draws the boxes this much wider to every side", "0")
  .option("--track <frames>", "also tracks this many frames, mode fast, shorter side 240")
  .parse()
  .opts<Options>();

const root = join(shared, "data/segmentation", options.set);
const sequences = options.sequences ?? (await sequenceFolders(join(root, "Annotations", options.resolution)));
const head = ["sequence", "objects", "rectangle", "refined", "ms a frame"];
const tracked = options.track === undefined ? [] : ["J rectangle", "J refined", "J true mask"];
const table = new Table({ head: [...head, ...tracked], style: { head: [], border: [] } });
const all: (readonly number[])[] = [];
for (const name of sequences.toSorted()) {
  const row = await measure(name);
  all.push(row);
  table.push([name, String(row[0]), ...row.slice(1).map(shown)]);
  process.stderr.write(`${name}\n`);
}
const weights = all.map(([objects]) => objects);
const column = (i: number): number =>
  all.reduce((sum, row, k) => sum + row[i] * weights[k], 0) / weights.reduce((a, b) => a + b, 0);
table.push(["mean of the objects", "", ...all[0].slice(1).map((_, i) => shown(column(i + 1)))]);
process.stdout.write(`${table.toString()}\n`);

function shown(value: number): string {
  return value > 2 ? value.toFixed(0) : value.toFixed(3);
}

/** Objects, overlap of rectangles and of outlines, time; then J of what was tracked. */
async function measure(name: string): Promise<number[]> {
  await using source = await openFrameSource(join(root, "JPEGImages", options.resolution, name));
  const truth = (index: number): Promise<LabelMap> =>
    readMaskPng(join(root, "Annotations", options.resolution, name, `${source.names[index]}.png`));
  const given = await truth(0);
  const first = objectMask(given, given);
  const boxes = boxesOf(first, Number(options.grow));
  const picture = await source.frame(0);
  const begin = performance.now();
  const refined = outlineMask(boxes, picture);
  const time = performance.now() - begin;
  const starts = [boxMask(boxes, picture), refined, first];
  const known = given.data.some((id) => id > 0 && id < 255) ? given : first;
  const overlaps = starts.slice(0, 2).map((mask) => {
    const overlap = labelOverlaps(mask, known);
    return meanOf(boxes.ids.map((id) => overlap(id).iou));
  });
  const scores = options.track === undefined ? [] : await trackAll(starts, Number(options.track));
  return [boxes.ids.length, ...overlaps, time, ...scores];

  async function trackAll(masks: readonly LabelMap[], frames: number): Promise<number[]> {
    await using encoder = await openEncoderThread({ weights: packageWeights });
    const protocol = resolveProtocol("default", { shortSide: 240 });
    const out: number[] = [];
    for (const mask of masks) {
      const scorer = sequenceScorer(objectsIn(first), "ignore");
      const clip = source.frames({ end: Math.min(frames, source.frameCount) });
      for await (const { frame, labels } of propagateMasks({
        source: clip,
        encoder,
        protocol,
        mode: modes.fast,
        first: mask,
      }))
        if (frame.index > 0)
          scorer.add(labels, known === first ? binary(await truth(frame.index)) : await truth(frame.index));
      out.push(meanOf(Object.values(scorer.score().objects).map(({ J_mean }) => J_mean)));
    }
    return out;
  }
}

/** DAVIS-2016 has 255 for its object. */
function binary(mask: LabelMap): LabelMap {
  return { ...mask, data: mask.data.map((value) => (value === 255 ? 1 : value)) };
}

/** The tight boxes of a mask's objects, within the frame. */
function boxesOf(mask: LabelMap, grow: number): NumberedBoxes {
  const ids = idsIn(mask);
  const boxes = ids.map((id) => {
    const places = [...mask.data.keys()].filter((p) => mask.data[p] === id);
    const [xs, ys] = [places.map((p) => p % mask.width), places.map((p) => Math.floor(p / mask.width))];
    const [x, y] = [xs, ys].map((values) => Math.max(0, values.reduce((a, b) => Math.min(a, b)) - grow));
    const right = Math.min(mask.width, xs.reduce((a, b) => Math.max(a, b)) + 1 + grow);
    const bottom = Math.min(mask.height, ys.reduce((a, b) => Math.max(a, b)) + 1 + grow);
    return { name: String(id), x, y, width: right - x, height: bottom - y };
  });
  return { boxes, ids, name: "the true boxes" };
}
