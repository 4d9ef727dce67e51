/**
 * @file Where a live frame's time goes: every step of `tsumugi track --mode live` on a 480p video with three objects,
 * on its own, then the whole as it runs, steps side by side. Seconds of processor time, since steps that wait do not
 * cost.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEncoderThread } from "../src/method/node/encoderThread.ts";
import { openEncoder } from "../src/method/node/openEncoder.ts";
import { untrainedWeights } from "../src/method/encoderWeights.ts";
import type { TrackRecord } from "../src/annotations/trackRecord.ts";
import { GIVEN } from "../src/tracking/confidence/objectJudge.ts";
import type { FeatureMap } from "../src/method/features.ts";
import { LabShrinker } from "../src/method/shrunkLab.ts";
import { measureObjects } from "../src/tracking/objects.ts";
import type { TrackedPoint } from "../src/tracking/points/trackedPoint.ts";
import { modes } from "../src/tracking/modes.ts";
import { propagateMasks } from "../src/tracking/propagation.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import { OverlayPainter } from "../src/results/overlayPainter.ts";
import { type FrameMoment, Recorder } from "../src/results/recorder.ts";
import { ResultWriter } from "../src/results/resultWriter.ts";
import type { Frame } from "../src/video/frame.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { writeMaskPng } from "../src/video/masks/maskPng.ts";
import { drawOverlay } from "../src/video/drawing/overlay.ts";
import { openVideoWriter } from "../src/video/writing/writer.ts";
import { clip, clipVideo, exists, firstMask, packageWeights, threeObjects } from "./clip.ts";
import { pingPong, replay } from "./replay.ts";
import { machine, median, peakRssMb, processorSeconds, type BenchRow } from "./row.ts";

const REPEATS = 7;
/** Frames before the clock starts: sessions are compiled, the memory fills, code gets hot. */
const WARM_UP = 12;

/**
 * Rows of every step and of the whole, for the default weights and for the untrained `nano` (whose speed is its trained
 * one's).
 */
export async function whereTimeGoesBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const work = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    const video = await clipVideo(join(work, "clip.mp4"));
    const first = await threeObjects(firstMask);
    const rows = await steps(video, first, work);
    for (const name of ["default", "nano"] as const) rows.push(...(await whole(name, video, first, work)));
    return rows;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Processor seconds of `work`; the middle of several. */
async function cost(repeats: number, work: () => unknown): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < repeats; i++) all.push(await processorSeconds(work));
  return median(all);
}

function row(name: string, seconds: number, note?: string): BenchRow {
  const none = { peer_s: null, ratio: null, peer_rss_mb: null };
  return {
    name,
    ours_s: seconds,
    ours_rss_mb: peakRssMb(),
    machine: machine(),
    ...none,
    note,
  };
}

const encoders = {
  default: () => openEncoder({ weights: packageWeights, threads: 1 }),
  nano: () => openEncoder({ weights: untrainedWeights("nano"), threads: 1 }),
} as const;

async function steps(video: string, first: LabelMap, work: string): Promise<BenchRow[]> {
  await using source = await openFrameSource(video, { threads: 1 });
  const frames = source.frames()[Symbol.asyncIterator]();
  let frame: Frame | undefined;
  const rows: BenchRow[] = [];
  const add = async (step: string, doStep: () => unknown): Promise<void> => {
    rows.push(row(`live, 480p, processor time of ${step}`, await cost(REPEATS, doStep)));
  };
  await add("decoding", async () => (frame = (await frames.next()).value as Frame));
  if (frame === undefined) return [];
  const picture = frame;
  for (const name of ["default", "nano"] as const) {
    await using encoder = await encoders[name]();
    const height = modes.live.cellRows * encoder.stride;
    const width = Math.round((picture.width * height) / picture.height);
    const size = { width, height };
    const shrinker = new LabShrinker(picture, size, size);
    await encoder.encodeResized(picture, size, modes.live.precision);
    await add(`shrinking to ${height} rows of Lab`, () => shrinker.shrink(picture));
    await add(`shrinking and encoder ${encoder.name} at ${height} rows`, () =>
      encoder.encodeResized(picture, size, modes.live.precision),
    );
  }
  rows.push(...(await matchingSteps(video, first)));
  await add("measuring objects", () => measureObjects(first, [0, 1, 2, 3], () => GIVEN));
  await add("a mask file", () => writeMaskPng(join(work, "mask.png"), first));
  await add("drawing the overlay's masks", () => drawOverlay(picture, first));
  rows.push(...(await trailRows(picture, first)));
  const writer = await openVideoWriter(join(work, "steps.mp4"), {
    width: picture.width,
    height: picture.height,
    fps: 24,
    effort: modes.live.overlayEffort,
  });
  await add("encoding the overlay's video (with decoding)", async () => {
    const next = await frames.next();
    await writer.write(drawOverlay(next.done === true ? picture : next.value, first));
  });
  await writer.finish();
  return rows;
}

/** Trails and names, of masks and of points; trails are full when the clock starts. */
async function trailRows(picture: Frame, first: LabelMap): Promise<BenchRow[]> {
  const objects = measureObjects(first, [0, 1, 2, 3], () => GIVEN);
  const moved = (by: number) => objects.map((object) => ({ ...object, centroid: shifted(object.centroid, by) }));
  const masks = new Recorder();
  const ofMasks = (at: FrameMoment): TrackRecord[] => masks.objects(at, moved(3 * (at.index % 60)));
  const points = new Recorder();
  const ofPoints = (at: FrameMoment): TrackRecord[] => points.points(at, joints(at.index));
  return [
    await trailRow("3 masks", (at) => [first, ofMasks(at)], picture),
    await trailRow("15 points", (at) => [undefined, ofPoints(at)], picture),
  ];
}

async function trailRow(
  what: string,
  frameOf: (at: FrameMoment) => [LabelMap | undefined, TrackRecord[]],
  picture: Frame,
): Promise<BenchRow> {
  const painter = new OverlayPainter();
  let index = 0;
  const paint = (): Uint8Array => painter.paint(picture, ...frameOf({ index, timeSec: index++ / 24 }));
  for (let t = 0; t < 48; t++) paint();
  return row(`480p, processor time of drawing an overlay of ${what} with trails and names`, await cost(25, paint));
}

function shifted(place: readonly [number, number] | null, by: number): [number, number] | null {
  return place === null ? null : [place[0] + by, place[1]];
}

/** Fifteen points that circle around places of their own. */
function joints(index: number): TrackedPoint[] {
  return Array.from({ length: 15 }, (_, i) => ({
    name: `left_shoulder${i}`,
    x: 300 + 50 * (i % 4) + 40 * Math.sin(index / 7 + i),
    y: 120 + 60 * Math.floor(i / 4) + 30 * Math.cos(index / 5 + i),
    visible: i % 4 > 0,
    confidence: 0.9,
  }));
}

/** Everything between features and masks: the tracker fed with features that were made before. */
async function matchingSteps(video: string, first: LabelMap): Promise<BenchRow[]> {
  await using source = await openFrameSource(video, { threads: 1 });
  await using encoder = await encoders.default();
  const frames: Frame[] = [];
  const features: FeatureMap[] = [];
  const height = modes.live.cellRows * encoder.stride;
  for await (const frame of source.frames({ end: 4 })) {
    const width = Math.round((frame.width * height) / frame.height);
    frames.push(frame);
    features.push(await encoder.encodeResized(frame, { width, height }, modes.live.precision));
  }
  const options = { first, protocol: resolveProtocol("default", { shortSide: height }), mode: modes.live, threads: 1 };
  const count = WARM_UP + 20;
  const replayed = replay(features, encoder.stride);
  const run = propagateMasks({ ...options, encoder: replayed, source: pingPong(frames, count) });
  for (let t = 0; t < WARM_UP; t++) await run.next();
  const seconds = await cost(count - WARM_UP, () => run.next());
  await run.return(undefined);
  return [row("live, 480p, processor time of matching, upsampling and measuring", seconds)];
}

/** As `tsumugi track --mode live` runs it: video in, masks and overlay out. */
async function whole(name: "default" | "nano", video: string, first: LabelMap, work: string): Promise<BenchRow[]> {
  await using source = await openFrameSource(video);
  await using encoder = await openEncoderThread({
    weights: name === "nano" ? untrainedWeights("nano") : packageWeights,
  });
  const { width, height, timesSec } = source;
  const writer = new ResultWriter({
    out: join(work, name),
    masks: true,
    video: { width, height, fps: 24, timesSec, effort: modes.live.overlayEffort },
    tables: { labels: [], mmPerPx: null },
  });
  let before = process.cpuUsage();
  let begin = performance.now();
  let count = 0;
  const options = { encoder, source, first, protocol: resolveProtocol("default"), mode: modes.live };
  const recorder = new Recorder();
  for await (const { frame, labels, objects } of propagateMasks(options)) {
    await writer.write({ name: frame.name, picture: frame, labels, records: recorder.objects(frame, objects) });
    if (++count !== WARM_UP) continue;
    before = process.cpuUsage();
    begin = performance.now();
  }
  await writer.finish();
  const wall = (performance.now() - begin) / 1000 / (count - WARM_UP);
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1e6 / (count - WARM_UP);
  const note =
    `${(1 / wall).toFixed(1)} frames/s on this machine as it is; ${(cpu * 1000).toFixed(0)} ms of processor time a frame, ` +
    `so at most ${(2 / cpu).toFixed(1)} frames/s on 2 free cores`;
  return [row(`live, 480p video to masks of 3 objects and overlay, encoder ${encoder.name}: a frame`, wall, note)];
}
