/**
 * @file Propagation of masks against PyTorch: `../shared/peers/propagate.py` and ours with the same weights on the same
 * frames in the same run; and, as a benchmark of its own, the pruned search against the exact one.
 *
 * Our figure is the time from mask to mask (reading, encoder, matching, upsampling) once the memory is full (frame 22
 * on); before that CRW's padded memory costs us less, while the peer computes the padding and so takes the same time at
 * every frame.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openEncoder } from "../src/method/node/openEncoder.ts";
import { untrainedWeights, type EncoderWeights } from "../src/method/encoderWeights.ts";
import type { FeatureMap } from "../src/method/features.ts";
import { type ModeName, modes } from "../src/tracking/modes.ts";
import { propagateMasks, type TrackedFrame } from "../src/tracking/propagation.ts";
import { resolveProtocol, type Protocol } from "../src/tracking/protocols.ts";
import type { Frame } from "../src/video/frame.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../src/weights/safetensors.ts";
import { clip, exists, firstMask, shared } from "./clip.ts";
import { pingPong, replay } from "./replay.ts";
import { machine, median, peakRssMb, processorSeconds, type BenchRow } from "./row.ts";

/** The first frame whose memory of 20 + 1 frames has no padding. */
const FULL_MEMORY = 21;
const PEER_FRAMES = 4;

/** The row of the peer comparison; none where the data are absent. */
export async function propagationBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const weights = untrainedWeights("crw");
  const work = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    return [await againstPeer(weights, work)];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Timed {
  readonly frames: readonly TrackedFrame[];
  /** Seconds from the frame before to this one. */
  readonly seconds: readonly number[];
}

/**
 * Processor time of matching in both modes, in turns frame by frame, once the memory is full, with features that were
 * made before; the note has how often exact's time fast is.
 */
export async function fastAgainstExactBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const count = FULL_MEMORY + 7;
  const { frames, features, stride } = await encoded(untrainedWeights("crw"), count);
  const first = await readMaskPng(firstMask);
  const start = (mode: ModeName): AsyncGenerator<TrackedFrame> => {
    const encoder = replay(features, stride);
    const source = pingPong(frames, count);
    return propagateMasks({ encoder, source, first, protocol: resolveProtocol("crw"), mode: modes[mode] });
  };
  const seconds = { exact: [] as number[], fast: [] as number[] };
  const runs = { exact: start("exact"), fast: start("fast") };
  for (let t = 0; t < count; t++)
    for (const mode of ["exact", "fast"] as const) seconds[mode].push(await processorSeconds(() => runs[mode].next()));
  for (const mode of ["exact", "fast"] as const) await runs[mode].return(undefined);
  const exact = median(seconds.exact.slice(FULL_MEMORY));
  const fast = median(seconds.fast.slice(FULL_MEMORY));
  const row = {
    name: "processor time of matching, mode fast, crw protocol, 480p, 20+1 memory frames: a frame",
    ours_s: fast,
    peer_s: null,
    ratio: null,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
    note: `exact takes ${exact.toFixed(3)} s, ${(exact / fast).toFixed(1)} times as long, in turns with it`,
  };
  return [row];
}

/** The first `count` frames of the clip with their features. */
async function encoded(weights: EncoderWeights, count: number) {
  await using source = await openFrameSource(clip);
  await using encoder = await openEncoder({ weights });
  const frames: Frame[] = [];
  const features: FeatureMap[] = [];
  for await (const frame of source.frames({ end: count })) {
    frames.push(frame);
    features.push(await encoder.encode(frame));
  }
  return { frames, features, stride: encoder.stride };
}

/** The first `count` frames of the clip. */
async function track(weights: EncoderWeights, protocol: Protocol, count: number): Promise<Timed> {
  await using source = await openFrameSource(clip);
  await using encoder = await openEncoder({ weights });
  const frames: TrackedFrame[] = [];
  const seconds: number[] = [];
  let before = performance.now();
  for await (const frame of propagateMasks({ encoder, source, first: await readMaskPng(firstMask), protocol })) {
    frames.push(frame);
    seconds.push((performance.now() - before) / 1000);
    before = performance.now();
    if (frames.length === count) break;
  }
  return { frames, seconds };
}

async function againstPeer(weights: EncoderWeights, work: string): Promise<BenchRow> {
  const file = join(work, "crw.safetensors");
  await writeSafetensors(file, new Map(weights.values));
  const { frames, seconds } = await track(weights, resolveProtocol("crw"), FULL_MEMORY + 7);
  const ours = median(seconds.slice(FULL_MEMORY));
  const match = median(frames.slice(FULL_MEMORY).map((frame) => frame.seconds.match));
  const rss = peakRssMb();
  const peer = await runPeer(file, join(work, "masks"));
  const same = peer === undefined ? undefined : await worstIou(frames, join(work, "masks"));
  return {
    name: "propagation, crw protocol, 480p, 20+1 memory frames: a frame",
    ours_s: ours,
    peer_s: peer?.frame_s ?? null,
    ratio: peer === undefined ? null : ours / peer.frame_s,
    ours_rss_mb: rss,
    peer_rss_mb: peer?.peak_rss_mb ?? null,
    machine: machine(),
    note:
      `${same === undefined ? "no python3 with torch" : `masks equal to the peer's at IoU >= ${same.toFixed(4)}`}; ` +
      `matching ${match.toFixed(3)} s, as much as ${(bruteForceGflop(frames[0].frame) / match).toFixed(0)} GFLOP/s without pruning`,
  };
}

/**
 * Work of the full correlation for crw: the first frame everywhere, 20 frames in a disc of 437 cells (less at borders).
 */
function bruteForceGflop({ width, height }: { readonly width: number; readonly height: number }): number {
  const cells = Math.ceil(width / 8) * Math.ceil(height / 8);
  return (2 * 256 * cells * (cells + 20 * 437)) / 1e9;
}

interface PeerResult {
  readonly frame_s: number;
  readonly peak_rss_mb: number;
}

/** Undefined when there is no Python with PyTorch ($TSUMUGI_PYTHON, or Debian's). */
async function runPeer(weights: string, out: string): Promise<PeerResult | undefined> {
  const python = process.env.TSUMUGI_PYTHON ?? "/usr/bin/python3";
  const run = promisify(execFile);
  const works = await run(python, ["-c", "import torch, numpy, PIL"]).then(
    () => true,
    () => false,
  );
  if (!works) return undefined;
  const script = join(shared, "peers/propagate.py");
  const options = ["--weights", weights, "--frames", String(PEER_FRAMES), "--out", out];
  const { stdout } = await run(python, [script, clip, firstMask, ...options]);
  return JSON.parse(stdout) as PeerResult;
}

/** The lowest IoU of all objects over the peer's masks. */
async function worstIou(frames: readonly TrackedFrame[], folder: string): Promise<number> {
  const ious: number[] = [];
  for (const name of await readdir(folder)) {
    const ours = frames.find(({ frame }) => `${frame.name}.png` === name);
    if (ours !== undefined) ious.push(objectIou(ours.labels, await readMaskPng(join(folder, name))));
  }
  return Math.min(...ious);
}

function objectIou(a: LabelMap, b: LabelMap): number {
  let both = 0;
  let either = 0;
  for (let p = 0; p < a.data.length; p++) {
    both += Number(a.data[p] > 0 && b.data[p] > 0);
    either += Number(a.data[p] > 0 || b.data[p] > 0);
  }
  return both / either;
}
