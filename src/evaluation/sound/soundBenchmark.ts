/** @file Rendered clips of a machine with sound, written as videos and listened to; scored against the exact truth. */
import { join } from "node:path";
import Table from "cli-table3";
import { median } from "../../core/median.ts";
import { type Logger, silent } from "../../core/log.ts";
import { matchMoments, momentRates, type MomentScore, momentSums } from "../../metrics/moments.ts";
import type { SoundKind } from "../../sound/listen.ts";
import { soundingPress, type SoundingPress } from "../../synthetic/soundingPress.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { openVideoWriter } from "../../video/writing/writer.ts";
import { frameAt, hearFile } from "../../watch/hearing.ts";
import { percent } from "../benchmarks/pointTables.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";

/** Which clips. */
export interface SoundBenchmarkOptions extends ConfidenceBenchmarkOptions {
  /** Clips with seeds 1, 2, … at each loudness. */
  readonly seeds: number;
  /** How much louder a blow is than the machine and the noise, dB. */
  readonly loudness: readonly number[];
  /** Length of each clip, whole seconds, at least 12; default 20. */
  readonly seconds?: number;
}

/** A clip. */
export interface SoundClipScore {
  readonly seed: number;
  readonly blowDb: number;
  /** Of impacts at ± 1 frame; of the beginnings of alarms and silences at ± 0.5 s. */
  readonly scores: Readonly<Record<SoundKind, MomentScore>>;
  /** From each true blow to the impact that is nearest, where one is within 0.1 s: ms, positive where it is told late. */
  readonly offsetsMs: readonly number[];
}

/** All clips. */
export interface SoundScore {
  readonly clips: readonly SoundClipScore[];
  readonly all: Readonly<Record<SoundKind, MomentScore>>;
}

const SIZE = { width: 96, height: 64 };

/**
 * Writes the clips to `out`, opens them as any video is opened, and listens; existing scores with the same identity are kept.
 * @throws UserError those of writing and reading videos
 */
export async function evaluateSound(options: SoundBenchmarkOptions): Promise<SoundScore> {
  const { out, seeds, loudness, seconds, logger = silent } = options;
  const planned = loudness.flatMap((blowDb) => Array.from({ length: seeds }, (_, i) => ({ blowDb, seed: i + 1 })));
  const byName = new Map(planned.map((clip) => [`loud${clip.blowDb}-seed${clip.seed}`, clip]));
  const observe = async (name: string): Promise<SoundClipScore[]> => {
    const clip = byName.get(name)!;
    const press = soundingPress({ ...SIZE, ...clip, ...(seconds === undefined ? {} : { seconds }) });
    const path = join(out, `${name}.mp4`);
    await writeSounding(press, path);
    return [{ ...clip, ...(await hearPress(press, path, logger)) }];
  };
  const clips = await observeAll([...byName.keys()], observe, { ...options, doing: "listening to" });
  return { clips, all: sums(clips) };
}

/** Writes a clip with its sound. @throws UserError those of `openVideoWriter` */
export async function writeSounding(press: SoundingPress, path: string): Promise<void> {
  const { width, height, fps, sound } = press;
  await using writer = await openVideoWriter(path, { width, height, fps, sound });
  for (const { data } of press.render()) await writer.write(data);
  await writer.finish();
}

/** Listens to a written clip. */
async function hearPress(
  { times }: SoundingPress,
  path: string,
  logger: Logger,
): Promise<Pick<SoundClipScore, "scores" | "offsetsMs">> {
  await using source = await openFrameSource(path);
  const { timesSec } = source;
  const { heard } = await hearFile(path, { timesSec }, logger);
  const startsOf = (kind: SoundKind): number[] =>
    heard.filter((one) => one.kind === kind).map(({ startSec }) => startSec);
  const impacts = startsOf("impact");
  const frameOf = (timeSec: number): number => frameAt(timeSec, timesSec);
  const scores = {
    impact: matchMoments(impacts.map(frameOf), times.blows.map(frameOf), 1),
    alarm: matchMoments(startsOf("alarm"), [times.alarm.startSec], 0.5),
    silence: matchMoments(startsOf("silence"), [times.stop.startSec], 0.5),
  };
  const offsetsMs = times.blows.flatMap((blow) => {
    const nearest = impacts.reduce((best, at) => (Math.abs(at - blow) < Math.abs(best - blow) ? at : best), Infinity);
    return Math.abs(nearest - blow) < 0.1 ? [1000 * (nearest - blow)] : [];
  });
  return { scores, offsetsMs };
}

function sums(clips: readonly SoundClipScore[]): Record<SoundKind, MomentScore> {
  const sum = (kind: SoundKind): MomentScore => momentSums(clips.map(({ scores }) => scores[kind]));
  return { impact: sum("impact"), alarm: sum("alarm"), silence: sum("silence") };
}

/** A row for each loudness, then all. Lines without a last line break. */
export function soundTable({ clips }: SoundScore): string {
  const head = ["blows, dB", "blows", "precision", "recall", "F1", "late, ms", "alarms F1", "silences F1"];
  const table = new Table({
    head,
    colAligns: head.map(() => "right"),
    style: { head: [], border: [], compact: true },
  });
  for (const blowDb of new Set(clips.map((clip) => clip.blowDb)))
    table.push([String(blowDb), ...cells(clips.filter((clip) => clip.blowDb === blowDb))]);
  table.push([], ["all", ...cells(clips)]);
  return table.toString();
}

function cells(clips: readonly SoundClipScore[]): string[] {
  const { impact, alarm, silence } = sums(clips);
  const { precision, recall, f1 } = momentRates(impact);
  const offsets = clips.flatMap(({ offsetsMs }) => offsetsMs);
  return [
    String(impact.truths),
    ...[precision, recall, f1].map(percent),
    offsets.length === 0 ? "" : median(offsets).toFixed(0),
    ...[alarm, silence].map((score) => percent(momentRates(score).f1)),
  ];
}
