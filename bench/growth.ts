/**
 * @file How the processor time of matching grows with pixels, objects and memory frames, exact and fast in turns on the
 * same features: rows for the table and, as charts, `docs/images/growth-*.svg` when asked for.
 */
import { join } from "node:path";
import { lineChart, writeChart } from "../src/charts/lineChart.ts";
import { openEncoder } from "../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../src/method/encoderWeights.ts";
import type { FeatureMap } from "../src/method/features.ts";
import { modes } from "../src/tracking/modes.ts";
import { propagateMasks, type TrackedFrame } from "../src/tracking/propagation.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import type { Frame } from "../src/video/frame.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";
import { resizeLabels, resizeRgb } from "../src/video/resize.ts";
import { clip, exists, firstMask, objectsByColumns } from "./clip.ts";
import { pingPong, replay } from "./replay.ts";
import { machine, median, peakRssMb, processorSeconds, type BenchRow } from "./row.ts";

/** Different frames; the clip plays them forwards and backwards. */
const FRAMES = 4;
/** Frames timed once the memory is full. */
const TIMED = 4;

interface Case {
  readonly rows: number;
  readonly objects: number;
  /** Memory frames, the first one included. */
  readonly memory: number;
}

const usual: Case = { rows: 480, objects: 1, memory: 8 };
const sweeps = {
  pixels: [240, 480, 1080].map((rows) => ({ ...usual, rows })),
  objects: [1, 3, 10].map((objects) => ({ ...usual, objects })),
  memory: [2, 4, 8, 14, 20].map((memory) => ({ ...usual, memory })),
} as const satisfies Record<string, readonly Case[]>;
type Sweep = keyof typeof sweeps;

/** Where each case lies on the chart's axis. */
const axis: Readonly<Record<Sweep, { readonly label: string; readonly of: (one: Case) => number }>> = {
  pixels: { label: "megapixels", of: ({ rows }) => (rows * rows * 854) / 480 / 1e6 },
  objects: { label: "objects", of: ({ objects }) => objects },
  memory: { label: "memory frames", of: ({ memory }) => memory },
};

/** Rows of all sweeps; none where the data are absent. @param charts folder for the plots */
export async function growthBench(charts?: string): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const rows: BenchRow[] = [];
  for (const sweep of Object.keys(sweeps) as Sweep[]) rows.push(...(await measureSweep(sweep, charts)));
  return rows;
}

async function measureSweep(sweep: Sweep, charts: string | undefined): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const points = { exact: [] as { x: number; y: number }[], fast: [] as { x: number; y: number }[] };
  for (const one of sweeps[sweep]) {
    const seconds = await measure(one);
    for (const mode of ["exact", "fast"] as const) {
      points[mode].push({ x: axis[sweep].of(one), y: seconds[mode] });
      rows.push(rowOf(sweep, one, mode, seconds));
    }
  }
  if (charts === undefined) return rows;
  const series = (["exact", "fast"] as const).map((name) => ({ name, points: points[name] }));
  const labels = { xLabel: axis[sweep].label, yLabel: "processor seconds a frame", dots: true };
  await writeChart(join(charts, `growth-${sweep}`), lineChart(series, labels));
  return rows;
}

type ModeSeconds = Readonly<Record<"exact" | "fast", number>>;

function rowOf(sweep: Sweep, { rows, objects, memory }: Case, mode: "exact" | "fast", seconds: ModeSeconds): BenchRow {
  return {
    name: `matching and upsampling, ${mode}, by ${sweep}: ${rows}p, ${objects} object(s), ${memory} memory frames: a frame`,
    ours_s: seconds[mode],
    peer_s: null,
    ratio: null,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
    ...(mode === "fast" ? { note: `exact takes ${(seconds.exact / seconds.fast).toFixed(1)} times as long` } : {}),
  };
}

/** Both modes take turns frame by frame, so that both run under the same load; medians. */
async function measure(one: Case): Promise<ModeSeconds> {
  const { frames, features, first, stride } = await prepared(one);
  const recent = one.memory - 1;
  const memory = { first: "windowed", recent, start: "once" } as const;
  const protocol = resolveProtocol("crw", { memory, shortSide: one.rows });
  const start = (mode: "exact" | "fast"): AsyncGenerator<TrackedFrame> => {
    const encoder = replay(features, stride);
    return propagateMasks({
      encoder,
      source: pingPong(frames, recent + 1 + TIMED),
      first,
      protocol,
      mode: modes[mode],
    });
  };
  const runs = { exact: start("exact"), fast: start("fast") };
  const seconds = { exact: [] as number[], fast: [] as number[] };
  for (let t = 0; t < recent + 1 + TIMED; t++)
    for (const mode of ["exact", "fast"] as const) {
      seconds[mode].push(await processorSeconds(() => runs[mode].next()));
    }
  for (const mode of ["exact", "fast"] as const) await runs[mode].return(undefined);
  return { exact: median(seconds.exact.slice(-TIMED)), fast: median(seconds.fast.slice(-TIMED)) };
}

interface Prepared {
  readonly frames: readonly Frame[];
  readonly features: readonly FeatureMap[];
  readonly first: LabelMap;
  readonly stride: number;
}

/** Frames of the clip at the case's size with their features, and as many objects as it wants. */
async function prepared({ rows, objects }: Case): Promise<Prepared> {
  await using source = await openFrameSource(clip);
  await using encoder = await openEncoder({ weights: untrainedWeights("crw") });
  const height = rows;
  const width = Math.round((source.width * rows) / source.height);
  const frames: Frame[] = [];
  const features: FeatureMap[] = [];
  for await (const frame of source.frames({ end: FRAMES })) {
    const sized = { ...frame, width, height, data: resizeRgb(frame, width, height) };
    frames.push(sized);
    features.push(await encoder.encode(sized));
  }
  const mask = objectsByColumns(await readMaskPng(firstMask), objects);
  return { frames, features, first: resizeLabels(mask, width, height), stride: encoder.stride };
}
