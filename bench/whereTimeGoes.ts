/**
 * @file Where a live frame's time goes: every step of `tsumugi track --mode live` on a 480p video with three objects, on its own,
 * then the whole as it runs, steps side by side. Seconds of processor time, since steps that wait do not cost.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEncoderThread } from "../src/method/encoderThread.ts";
import { openEncoder } from "../src/method/encoderSession.ts";
import { untrainedWeights } from "../src/method/encoderWeights.ts";
import type { FeatureExtractor } from "../src/method/features.ts";
import { measureObjects } from "../src/tracking/objects.ts";
import { type Mode, modes } from "../src/tracking/modes.ts";
import { propagateMasks } from "../src/tracking/propagation.ts";
import { resolveProtocol } from "../src/tracking/protocols.ts";
import { trackClip } from "../src/tracking/trackClip.ts";
import type { Frame } from "../src/video/frame.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import { rgbToLab } from "../src/video/lab.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { writeMaskPng } from "../src/video/maskPng.ts";
import { drawOverlay } from "../src/video/overlay.ts";
import { resizeRgb } from "../src/video/resize.ts";
import { openVideoWriter } from "../src/video/writer.ts";
import { clip, clipVideo, exists, firstMask, packageWeights, threeObjects } from "./clip.ts";
import { machine, median, peakRssMb, type BenchRow } from "./row.ts";

const REPEATS = 9;

/** Rows of every step and of the whole, for the default weights and for the untrained `nano` (whose speed is its trained one's). */
export async function whereTimeGoesBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const work = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    const video = await clipVideo(join(work, "clip.mp4"));
    const first = await threeObjects(firstMask);
    const labels = join(work, "first.png");
    await writeMaskPng(labels, first);
    const rows = await steps(video, first, work);
    for (const name of ["default", "nano"] as const) rows.push(...(await whole(name, video, labels, work)));
    return rows;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Processor seconds of `work`, all threads of this process together; the middle of several. */
async function cost(repeats: number, work: () => unknown): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    all.push((user + system) / 1e6);
  }
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
    ...(note === undefined ? {} : { note }),
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
    const small = { width, height, data: resizeRgb(picture, width, height) };
    await add(`shrinking to ${height} rows`, () => resizeRgb(picture, width, height));
    await add(`Lab at ${height} rows`, () => rgbToLab(small));
    await add(`encoder ${encoder.name} at ${height} rows`, () => encoder.encode(small));
  }
  rows.push(...(await matchingSteps(video, first)));
  await add("measuring objects", () => measureObjects(first, [0, 1, 2, 3], [1, 1, 1, 1]));
  await add("a mask file", () => writeMaskPng(join(work, "mask.png"), first));
  await add("drawing the overlay", () => drawOverlay(picture, first));
  const writer = await openVideoWriter(join(work, "steps.mp4"), {
    width: picture.width,
    height: picture.height,
    fps: 24,
  });
  await add("encoding the overlay's video (with decoding)", async () => {
    const next = await frames.next();
    await writer.write(drawOverlay(next.done === true ? picture : next.value, first));
  });
  await writer.finish();
  return rows;
}

/** Matching and upsampling as the tracker times them (wall clock, one thread, nothing beside it but the encoder's thread). */
async function matchingSteps(video: string, first: LabelMap): Promise<BenchRow[]> {
  await using source = await openFrameSource(video);
  await using encoder: FeatureExtractor = await encoders.nano();
  const options = {
    encoder,
    source,
    first,
    protocol: resolveProtocol("default"),
    mode: modes.live as Mode,
    threads: 1,
  };
  const match: number[] = [];
  const decode: number[] = [];
  for await (const { seconds } of propagateMasks(options)) {
    match.push(seconds.match);
    decode.push(seconds.decode);
    if (match.length === 20) break;
  }
  return [
    row("live, 480p, matching (one thread, wall clock)", median(match.slice(8))),
    row("live, 480p, upsampling of labels and measuring (wall clock)", median(decode.slice(8))),
  ];
}

/** The command as a user runs it: video in, masks and overlay out. */
async function whole(name: "default" | "nano", video: string, labels: string, work: string): Promise<BenchRow[]> {
  await using source = await openFrameSource(video);
  await using encoder = await openEncoderThread({
    weights: name === "nano" ? untrainedWeights("nano") : packageWeights,
  });
  const before = process.cpuUsage();
  const begin = performance.now();
  const { summary } = await trackClip({
    source,
    encoder,
    labels,
    out: join(work, name),
    protocolName: "default",
    protocol: resolveProtocol("default"),
    modeName: "live",
    mode: modes.live,
    weights: name,
    device: "cpu",
  });
  const wall = (performance.now() - begin) / 1000 / summary.frames.length;
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1e6 / summary.frames.length;
  const note =
    `${(1 / wall).toFixed(1)} frames/s on this machine as it is; ${(cpu * 1000).toFixed(0)} ms of processor time a frame, ` +
    `so at most ${(2 / cpu).toFixed(1)} frames/s on 2 free cores`;
  return [row(`live, 480p video to masks of 3 objects and overlay, encoder ${encoder.name}: a frame`, wall, note)];
}
