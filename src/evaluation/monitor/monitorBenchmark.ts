/** @file How well faults of a camera are found: put into clips at known times; and how often there is an alarm without one. */
import { basename, extname } from "node:path";
import Table from "cli-table3";
import { median } from "../../core/median.ts";
import { streamViews } from "../../footage/prepare.ts";
import { OpticalFlow } from "../../kernels/opticalFlow.ts";
import type { FaultEvent } from "../../monitor/faultEvent.ts";
import { CAMERA_FAULTS, type CameraFault } from "../../monitor/faults.ts";
import { Monitor } from "../../monitor/monitor.ts";
import { renderProductionLine } from "../../synthetic/productionLine.ts";
import type { Frame } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { atShortSide } from "../../video/resize.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { faultTimes, FPS, normalFrames, type Trial, trialFrames, trialsOf } from "./trials.ts";

/** A fault must be told this soon, seconds. */
const SOON_SEC = 2;
/** Pictures of a clip that are played to and fro. */
const PICTURES = 40;
const RENDERED_PICTURES = 20;

/** Which footage, and how much. */
export interface MonitorBenchmarkOptions extends ConfidenceBenchmarkOptions {
  /** Real clips without faults. */
  readonly clips: readonly string[];
  /** Rendered lines beside them. */
  readonly rendered: number;
  /** Trials with these seeds. */
  readonly seeds: readonly number[];
  /** Of footage without a fault, of each clip. */
  readonly minutes: number;
  /** Shorter side of the pictures, pixels. */
  readonly rows: number;
}

/** What was told of a clip with one fault. */
export interface TrialResult extends Trial {
  readonly clip: string;
  /** Seconds from its begin until it was told; null: it was not. */
  readonly delaySec: number | null;
  /** Whether it was told that it had passed. */
  readonly ended: boolean;
  /** Other kinds that were told while it was there. */
  readonly others: readonly CameraFault[];
  /** Told before it began. */
  readonly early: readonly CameraFault[];
}

/** What was told of a clip without a fault. */
export interface NormalResult {
  readonly clip: string;
  readonly seconds: number;
  readonly alarms: readonly CameraFault[];
  /** Frames a second of one core: of the monitor alone. */
  readonly framesPerCpuSecond: number;
}

/** All. */
export interface MonitorScore {
  readonly trials: readonly TrialResult[];
  readonly normal: readonly NormalResult[];
}

/** Clips that are done with the same identity are kept. @throws UserError those of the clips and of writing */
export async function evaluateMonitor(options: MonitorBenchmarkOptions): Promise<MonitorScore> {
  const { clips, rendered, seeds } = options;
  const lines = Array.from({ length: rendered }, (_, i) => `rendered-${seeds[0] + i}`);
  const names = [...clips.map((path, i) => `${i + 1}-${basename(path, extname(path))}`), ...lines];
  const found = await observeAll(
    names,
    async (name) => {
      const path = clips[names.indexOf(name)];
      const base =
        path === undefined ? renderedPictures(Number(name.split("-")[1])) : await picturesOf(path, options.rows);
      return [await observeClip(name, base, options)];
    },
    options,
  );
  return { trials: found.flatMap(({ trials }) => trials), normal: found.map(({ normal }) => normal) };
}

async function observeClip(
  clip: string,
  base: readonly RgbPicture[],
  { seeds, minutes, signal }: MonitorBenchmarkOptions,
): Promise<{ trials: TrialResult[]; normal: NormalResult }> {
  await using kernel = await OpticalFlow.open({ threads: 1 });
  const trials: TrialResult[] = [];
  for (const trial of seeds.flatMap(trialsOf)) {
    signal?.throwIfAborted();
    const { events } = await watched(trialFrames(base, trial), kernel, signal);
    trials.push({ clip, ...trial, ...judged(events, trial) });
  }
  const seconds = 60 * minutes;
  const { events, framesPerCpuSecond } = await watched(normalFrames(base, seconds, seeds[0]), kernel, signal);
  return { trials, normal: { clip, seconds, alarms: begun(events).map(({ kind }) => kind), framesPerCpuSecond } };
}

const begun = (events: readonly FaultEvent[]): FaultEvent[] => events.filter(({ state }) => state === "begin");

/** What is told of a trial, against what was put in. */
export function judged(events: readonly FaultEvent[], trial: Trial): Omit<TrialResult, keyof Trial | "clip"> {
  const { from } = faultTimes(trial);
  const [early, later] = [true, false].map((isEarly) =>
    begun(events).filter(({ knownSec }) => knownSec < from === isEarly),
  );
  const own = later.find(({ kind }) => kind === trial.kind);
  return {
    delaySec: own === undefined ? null : own.knownSec - from,
    ended: own !== undefined && events.some(({ kind, state }) => kind === trial.kind && state === "end"),
    others: [...new Set(later.map(({ kind }) => kind).filter((kind) => kind !== trial.kind))],
    early: early.map(({ kind }) => kind),
  };
}

/** The time that the frames themselves take is left out. */
async function watched(
  frames: AsyncGenerator<Frame>,
  kernel: OpticalFlow,
  signal: AbortSignal | undefined,
): Promise<{ events: FaultEvent[]; framesPerCpuSecond: number }> {
  const monitor = new Monitor();
  const events: FaultEvent[] = [];
  const all: Frame[] = [];
  let [count, micros] = [0, 0];
  // In pieces, so that what makes the frames is not counted, and not all are held.
  const watch = async (piece: readonly Frame[], skip: number): Promise<void> => {
    const begin = process.cpuUsage();
    let at = 0;
    for await (const view of streamViews(listed(piece), { kernel, signal }))
      if (at++ >= skip) events.push(...monitor.next(view));
    const { user, system } = process.cpuUsage(begin);
    [count, micros] = [count + piece.length, micros + user + system];
  };
  let skip = 0;
  for await (const frame of frames) {
    all.push(frame);
    if (all.length < PIECE) continue;
    await watch(all, skip);
    all.splice(0, all.length - 1);
    skip = 1;
  }
  if (all.length > skip) await watch(all, skip);
  return { events, framesPerCpuSecond: count / (micros / 1e6) };
}

/** Frames that are made before they are watched. */
const PIECE = 50;

async function* listed(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
}

/** Consecutive pictures of the middle of a clip, about `FPS` a second. */
async function picturesOf(path: string, rows: number): Promise<RgbPicture[]> {
  await using source = await openFrameSource(path);
  const { frameCount, timesSec } = source;
  const rate = (frameCount - 1) / Math.max(1e-3, timesSec[frameCount - 1] - timesSec[0]);
  const step = Math.max(1, Math.round(rate / FPS));
  const start = Math.max(0, Math.floor((frameCount - step * PICTURES) / 2));
  const pictures: RgbPicture[] = [];
  for await (const frame of source.frames({ start, end: Math.min(frameCount, start + step * PICTURES) }))
    if ((frame.index - start) % step === 0) pictures.push(atShortSide(frame, rows));
  return pictures;
}

function renderedPictures(seed: number): RgbPicture[] {
  const options = { width: 320, height: 240, frames: RENDERED_PICTURES, fps: FPS, seed };
  return [...renderProductionLine(options)].map(({ frame }) => frame);
}

/** A row of each kind, then what there was without a fault. Lines without a last line break. */
export function monitorTable({ trials, normal }: MonitorScore): string {
  const table = new Table({
    head: ["fault", "trials", "found within 2 s", "found", "delay, s (median)", "end told", "told as well"],
    style: { head: [], border: [], compact: true },
  });
  const rowOf = (name: string, own: readonly TrialResult[]): void => {
    const delays = own.flatMap(({ delaySec }) => delaySec ?? []);
    const others = own.flatMap((trial) => trial.others);
    const counts = [...new Set(others)].map((kind) => `${kind} ${others.filter((one) => one === kind).length}`);
    table.push([
      name,
      own.length,
      delays.filter((delay) => delay <= SOON_SEC).length,
      delays.length,
      delays.length === 0 ? "" : median(delays).toFixed(1),
      own.filter(({ ended }) => ended).length,
      counts.join(", "),
    ]);
  };
  for (const kind of CAMERA_FAULTS)
    rowOf(
      kind,
      trials.filter((trial) => trial.kind === kind),
    );
  rowOf("all", trials);
  return `${table.toString()}\n${normalLines({ trials, normal }).join("\n")}`;
}

function normalLines({ trials, normal }: MonitorScore): string[] {
  const hours = normal.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const alarms = normal.flatMap(({ clip, alarms }) => alarms.map((kind) => `${kind} (${clip})`));
  const early = trials.flatMap(({ clip, early }) => early.map((kind) => `${kind} (${clip})`));
  const rate = median(normal.map(({ framesPerCpuSecond }) => framesPerCpuSecond));
  return [
    `without a fault: ${alarms.length} alarms in ${(60 * hours).toFixed(0)} minutes${listOf(alarms)}`,
    `before faults: ${early.length} alarms in ${((trials.length * 5) / 60).toFixed(0)} minutes or more${listOf(early)}`,
    `${rate.toFixed(0)} frames a second of one core`,
  ];
}

const listOf = (items: readonly string[]): string => (items.length === 0 ? "" : `: ${items.join(", ")}`);
