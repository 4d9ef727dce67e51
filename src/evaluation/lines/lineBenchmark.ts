/**
 * @file Rendered lines on which parts keep coming, tracked from one labelled part with what comes in; scored against the
 * exact truth.
 */
import Table from "cli-table3";
import { UserError } from "../../core/errors.ts";
import { motScore, type MotScore, motSums, type MotSums } from "../../metrics/mot/score.ts";
import { type BusyLine, busyLine, type BusyLineOptions } from "../../synthetic/busyLine.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { PART_KINDS, type PartKind } from "../../synthetic/scene.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import type { Frame } from "../../video/frame.ts";
import { type LabelMap, onlyObjects } from "../../video/labelMap.ts";
import { percent } from "../benchmarks/pointTables.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import type { TrackingSetup } from "../confidence/objectObservations.ts";
import { MaskSequence } from "./maskSequence.ts";

/** Which lines. */
export interface LinesOptions extends ConfidenceBenchmarkOptions {
  /** Lines with seeds 1, 2, … */
  readonly seeds: number;
  /** Of all of them: see `BusyLineOptions`. */
  readonly line?: Omit<BusyLineOptions, "seed" | "kinds">;
}

/** A line. */
export interface LineScore {
  readonly seed: number;
  /** All its parts are of this kind. */
  readonly kind: PartKind;
  readonly sums: MotSums;
  readonly frames: number;
  /** Of tracking, without rendering. */
  readonly seconds: number;
}

/** All lines. */
export interface LinesScore {
  readonly lines: readonly LineScore[];
  readonly all: MotScore;
}

/** The id of the part that is labelled. */
const LABELLED = 1;

/**
 * Tracks the lines; existing scores with the same identity are kept. Parts of a line are of one kind, and the kinds take
 * turns.
 * @throws UserError those of rendering, tracking and writing
 */
export async function evaluateLines(setup: TrackingSetup, options: LinesOptions): Promise<LinesScore> {
  const { seeds, line, signal } = options;
  const kinds = Object.keys(PART_KINDS) as PartKind[];
  const names = Array.from({ length: seeds }, (_, i) => `seed-${i + 1}`);
  const observe = async (name: string): Promise<LineScore[]> => {
    const seed = names.indexOf(name) + 1;
    const kind = kinds[(seed - 1) % kinds.length];
    const found = await trackLine(busyLine({ ...line, seed, kinds: [kind] }), setup, signal);
    return [{ seed, kind, ...found }];
  };
  const lines = await observeAll(names, observe, options);
  return { lines, all: motScore(lines.map(({ sums }) => sums)) };
}

/** Tracks a line from the first frame that shows the first part whole. @throws UserError `synthetic/options` */
export async function trackLine(
  line: BusyLine,
  setup: TrackingSetup,
  signal?: AbortSignal,
): Promise<Pick<LineScore, "sums" | "frames" | "seconds">> {
  const frames = fromWhole(line.render());
  const begun = frames.next();
  if (begun.done === true)
    throw new UserError("synthetic/options", {
      what: "no frame of the rendered line shows the first part whole",
      expected: "a part that fits into the picture",
    });
  const labelled = begun.value;
  const truths = [labelled.labels];
  let rendering = 0;
  async function* pictures(): AsyncGenerator<Frame, void, void> {
    yield labelled.frame;
    for (;;) {
      const begin = performance.now();
      const next = frames.next();
      rendering += performance.now() - begin;
      if (next.done === true) return;
      truths.push(next.value.labels);
      yield next.value.frame;
    }
  }
  const sequence = new MaskSequence();
  const first = onlyObjects(labelled.labels, [LABELLED]);
  let count = 0;
  const begin = performance.now();
  for await (const { labels } of propagateMasks({
    ...setup,
    source: pictures(),
    first,
    arrivals: { what: "like:any" },
  })) {
    signal?.throwIfAborted();
    // The labelled frame is given.
    if (count > 0) sequence.add(truths[count], labels);
    truths[count++] = EMPTY;
  }
  const seconds = (performance.now() - begin - rendering) / 1000;
  return { sums: motSums(sequence.sequence), frames: count, seconds };
}

/** In place of what is no longer needed. */
const EMPTY: LabelMap = { width: 0, height: 0, data: new Uint8Array(0) };

/** The frames from the first one on in which the labelled part no longer touches the edge. */
function* fromWhole(frames: Iterable<LabelledFrame>): Generator<LabelledFrame, void, void> {
  let isWhole = false;
  for (const frame of frames) {
    isWhole ||= frame.labels.data.includes(LABELLED) && !touchesEdge(frame.labels);
    if (isWhole) yield frame;
  }
}

function touchesEdge({ width, height, data }: LabelMap): boolean {
  for (let y = 0; y < height; y++)
    if (data[y * width] === LABELLED || data[(y + 1) * width - 1] === LABELLED) return true;
  return false;
}

/** A row of each line, then all. Lines without a last line break. */
export function linesTable({ lines, all }: LinesScore): string {
  const head = [
    "seed",
    "parts",
    "things",
    "tracks",
    "error",
    "HOTA",
    "DetA",
    "AssA",
    "MOTA",
    "IDF1",
    "switches",
    "frames/s",
  ];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column < 2 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const { seed, kind, sums, frames, seconds } of lines)
    table.push([String(seed), kind, ...cells(motScore([sums])), (frames / seconds).toFixed(1)]);
  const [frames, seconds] = [lines.map((line) => line.frames), lines.map((line) => line.seconds)].map((values) =>
    values.reduce((sum, value) => sum + value, 0),
  );
  table.push([], ["all", "", ...cells(all), (frames / seconds).toFixed(1)]);
  return table.toString();
}

function cells({ hota, clear, identity, count }: MotScore): string[] {
  return [
    ...[count.things, count.tracks, count.error].map(String),
    ...[hota.hota, hota.detA, hota.assA, clear.mota, identity.idf1].map(percent),
    String(clear.idSwitches),
  ];
}
