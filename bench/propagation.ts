/**
 * @file Propagation of masks against PyTorch: `../shared/peers/propagate.py` and ours with the same weights on the same frames
 * in the same run; then how our time grows with pixels and memory frames.
 *
 * Our figure is the time from mask to mask (reading, encoder, matching, upsampling) once the memory is full (frame 22 on); before
 * that CRW's padded memory costs us less, while the peer computes the padding and so takes the same time at every frame.
 */
import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openEncoder } from "../src/method/encoderSession.ts";
import { untrainedWeights, type EncoderWeights } from "../src/method/encoderWeights.ts";
import { propagateMasks, type TrackedFrame } from "../src/tracking/propagation.ts";
import { resolveProtocol, type Protocol } from "../src/tracking/protocols.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import type { LabelMap } from "../src/video/labelMap.ts";
import { readMaskPng } from "../src/video/maskPng.ts";
import { writeSafetensors } from "../src/weights/safetensors.ts";
import { machine, median, peakRssMb, type BenchRow } from "./row.ts";

const SEQUENCE = "dog";
/** The first frame whose memory of 20 + 1 frames has no padding. */
const FULL_MEMORY = 21;
const PEER_FRAMES = 4;

/** The checkout, whether this file runs from bench/ or from dist/. */
const root = fileURLToPath(new URL(import.meta.url.includes("/dist/") ? "../../../" : "../", import.meta.url));
const shared = join(root, "../shared");
const davis = join(shared, "data/segmentation/DAVIS");
const clip = join(davis, "JPEGImages/480p", SEQUENCE);
const firstMask = join(davis, "Annotations/480p", SEQUENCE, "00000.png");

/** Rows of the peer comparison and of growth; none where the data are absent. */
export async function propagationBench(): Promise<BenchRow[]> {
  if (!(await exists(clip))) return [];
  const weights = untrainedWeights("crw");
  const work = await mkdtemp(join(tmpdir(), "tsumugi-bench-"));
  try {
    return [await againstPeer(weights, work), ...(await growth(weights))];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

interface Timed {
  readonly frames: readonly TrackedFrame[];
  /** Seconds from the frame before to this one. */
  readonly seconds: readonly number[];
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

/** Work of the full correlation for crw: the first frame everywhere, 20 frames in a disc of 437 cells (less at borders). */
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

/** Windowed matching at three sizes and with four memories, first frame windowed: both should grow linearly. */
async function growth(weights: EncoderWeights): Promise<BenchRow[]> {
  const cases = [
    { shortSide: 240, recent: 7 },
    { shortSide: 480, recent: 7 },
    { shortSide: 1080, recent: 7 },
    { shortSide: 480, recent: 1 },
    { shortSide: 480, recent: 3 },
    { shortSide: 480, recent: 15 },
  ];
  const rows: BenchRow[] = [];
  for (const { shortSide, recent } of cases) {
    const protocol = resolveProtocol("crw", { shortSide, memory: { first: "windowed", recent, start: "once" } });
    const { frames } = await track(weights, protocol, recent + 5);
    rows.push({
      name: `propagation, matching alone, ${shortSide}p, ${recent + 1} windowed memory frames: a frame`,
      ours_s: median(frames.slice(recent + 1).map(({ seconds }) => seconds.match)),
      peer_s: null,
      ratio: null,
      ours_rss_mb: peakRssMb(),
      peer_rss_mb: null,
      machine: machine(),
    });
  }
  return rows;
}
