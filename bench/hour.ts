/**
 * @file An hour of footage through `tsumugi track`: memory and disk over time, with a kill -9 halfway. After
 * `npm run build`: `npx tsc -p tsconfig.bench.json && node dist/benchmarks/bench/hour.js --minutes 60 --out hour`.
 *
 * The video is 480p, cut together from real clips that are played forwards and backwards; every cut is a key frame with
 * three boxes. Its frame rate is low (5 a second by default), so that an hour of footage has 18 000 frames and not
 * 90 000.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { lineChart, writeChart } from "../src/charts/lineChart.ts";
import { writeFileAtomic } from "../src/core/files.ts";
import { openFrameSource } from "../src/video/frameSource.ts";
import { openVideoWriter, type VideoWriter } from "../src/video/writing/writer.ts";
import { packageWeights, shared } from "./clip.ts";
import { machine } from "./row.ts";

const SIZE = { width: 854, height: 480 };
/** A cut after so many seconds of footage. */
const SCENE_SEC = 20;
/** How often memory and disk are sampled, s. */
const LOOK_SEC = 5;

/** Three boxes around the middle of the picture. */
const BOXES = [
  { name: "1", x: 260, y: 140, width: 120, height: 200 },
  { name: "2", x: 400, y: 160, width: 100, height: 180 },
  { name: "3", x: 520, y: 140, width: 120, height: 200 },
];

const MAIN = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

interface Options {
  readonly minutes: string;
  readonly fps: string;
  readonly footage: string;
  readonly out: string;
  readonly mode: string;
  readonly killAt: string;
  readonly overlay: boolean;
}

const options = new Command("hour")
  .description("Tracks long footage and logs the process's memory and the folder's size.")
  .option("--minutes <n>", "length of the footage", "60")
  .option("--fps <n>", "frames a second of the footage", "5")
  .option("--footage <dir>", "a folder of clips of 854x480", join(shared, "data/train/davis-train"))
  .option("--out <dir>", "footage.mp4, result/, hour.json, hour.svg and hour.png go here", "hour")
  .option("--mode <name>", "of tsumugi track", "live")
  .option("--kill-at <share>", "share of the frames after which the process is killed once; 0 = never", "0.5")
  .option("--no-overlay", "no overlay video")
  .parse()
  .opts<Options>();

/** One sample. */
interface Sample {
  /** Since the first start. */
  readonly sec: number;
  readonly frames: number;
  readonly rssMb: number;
  /** Of the result folder. */
  readonly diskMb: number;
  /** 1 before the kill, 2 after it. */
  readonly process: number;
}

const count = Math.round(Number(options.minutes) * 60 * Number(options.fps));
const sceneFrames = Math.round(SCENE_SEC * Number(options.fps));
const video = join(options.out, "footage.mp4");
const labels = join(options.out, "boxes.json");
const result = join(options.out, "result");
const samples: Sample[] = [];
const begin = performance.now();
let said = "";
/** Ctrl-C: the samples so far are reported. */
let stopped = false;
let running: ChildProcess | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    stopped = true;
    running?.kill("SIGKILL");
  });

await rm(result, { recursive: true, force: true });
await makeFootage();
const started = performance.now();
const killAt = Math.round(count * Number(options.killAt));
if (killAt > 0) await track(1, killAt);
const seconds = stopped ? 0 : await track(2, Number.POSITIVE_INFINITY);
await report();

/** The clips one after another, in a loop. */
async function makeFootage(): Promise<void> {
  const names = (await readdir(options.footage)).sort();
  await using writer = await openVideoWriter(video, { ...SIZE, fps: Number(options.fps) });
  let frames = 0;
  for (let i = 0; frames < count; i = (i + 1) % names.length)
    frames += await scene(join(options.footage, names[i]), Math.min(sceneFrames, count - frames), writer);
  await writer.finish();
  const cuts = Array.from({ length: Math.ceil(count / sceneFrames) }, (_, i) => i * sceneFrames);
  const boxes = cuts.flatMap((frame) => BOXES.map((box) => ({ frame, ...box })));
  await writeFileAtomic(labels, JSON.stringify({ boxes }));
  process.stderr.write(`${video}: ${count} frames\n`);
}

/** A clip forwards and backwards until the scene is full; 0 frames of a clip of another size. */
async function scene(path: string, length: number, writer: VideoWriter): Promise<number> {
  await using source = await openFrameSource(path);
  if (source.width !== SIZE.width || source.height !== SIZE.height) return 0;
  const pictures: Uint8Array[] = [];
  for await (const { data } of source.frames({ end: length })) pictures.push(data);
  const period = Math.max(1, 2 * pictures.length - 2);
  for (let t = 0; t < length; t++) await writer.write(pictures[Math.min(t % period, period - (t % period))]);
  return length;
}

/** @returns seconds that it took */
async function track(process_: number, until: number): Promise<number> {
  const from = performance.now();
  const args = [
    "track",
    video,
    "--labels",
    labels,
    "--out",
    result,
    "--mode",
    options.mode,
    "--weights",
    packageWeights,
  ];
  const child = spawn(process.execPath, [MAIN, ...args, ...(options.overlay ? [] : ["--no-overlay"])]);
  running = child;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.pipe(process.stderr);
  const ended = once(child, "close");
  while (child.exitCode === null && child.signalCode === null) {
    const sample = await look(child, process_);
    if (sample !== undefined) samples.push(sample);
    if ((sample?.frames ?? 0) >= until) child.kill("SIGKILL");
    await Promise.race([ended, setTimeout(LOOK_SEC * 1000)]);
  }
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`tsumugi track ended with ${child.exitCode}`);
  return (performance.now() - from) / 1000;
}

async function look({ pid }: ChildProcess, process_: number): Promise<Sample | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const rss = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  if (rss === undefined) return undefined;
  const sec = (performance.now() - started) / 1000;
  return { sec, ...(await folderSize()), rssMb: Number(rss) / 1024, process: process_ };
}

/** Masks so far, and the disk blocks of everything in the result folder. */
async function folderSize(): Promise<Pick<Sample, "frames" | "diskMb">> {
  const names = await readdir(result, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const name of names) bytes += (await stat(join(result, name)).catch(() => undefined))?.blocks ?? 0;
  const frames = names.filter((name) => /^masks.*\.png$/.test(name)).length;
  return { frames, diskMb: (bytes * 512) / 1e6 };
}

async function report(): Promise<void> {
  const points = (value: (sample: Sample) => number) => samples.map((one) => ({ x: one.sec / 60, y: value(one) }));
  const series = [
    { name: "memory (RSS), MB", points: points(({ rssMb }) => rssMb) },
    { name: "results on the disk, MB", points: points(({ diskMb }) => diskMb) },
  ];
  const path = join(options.out, "hour");
  await writeChart(path, lineChart(series, { xLabel: "minutes of work", yLabel: "MB" }));
  const peak = samples.reduce((most, { rssMb }) => Math.max(most, rssMb), 0);
  const about = {
    machine: machine(),
    footage: {
      minutes: Number(options.minutes),
      fps: Number(options.fps),
      frames: count,
      ...SIZE,
      sceneSec: SCENE_SEC,
    },
    mode: options.mode,
    stopped,
    killedAtFrame: killAt > 0 ? killAt : null,
    secondsAfterKill: seconds,
    secondsInAll: (performance.now() - begin) / 1000,
    peakRssMb: peak,
    meanRssMbByTenth: tenths(),
    diskMb: samples.at(-1)?.diskMb ?? 0,
    said: said.trim().split("\n"),
    samples,
  };
  await writeFileAtomic(`${path}.json`, `${JSON.stringify(about, undefined, 1)}\n`);
  process.stdout.write(`${said}peak ${peak.toFixed(0)} MB; ${path}.json, ${path}.png\n`);
}

/** Mean memory of each tenth of the work, MB: flat when it does not grow with the length. */
function tenths(): number[] {
  const last = samples.at(-1)?.sec ?? 0;
  return Array.from({ length: 10 }, (_, i) => {
    const own = samples.filter(({ sec }) => Math.min(9, Math.floor((10 * sec) / last)) === i);
    return Math.round(own.reduce((sum, { rssMb }) => sum + rssMb, 0) / Math.max(1, own.length));
  });
}
