/**
 * @file Does the cycle score rank as the truth does? Annotated sequences are tracked forward and back with several
 * settings; next to each cycle score stands the true J&F of the forward pass. An interrupted run resumes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { Mode } from "../../tracking/modes.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { VOID } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { cycleScore } from "./cycle.ts";
import { objectsIn, sequenceScorer } from "../../metrics/davis.ts";
import type { DavisBenchmark } from "./davisBenchmark.ts";
import { openMaskLedger } from "./maskLedger.ts";
import { rankCorrelation } from "../../metrics/reliability.ts";

/** One way to track. */
export interface CycleSetting {
  readonly name: string;
  readonly protocol: Protocol;
  /** Opened when it is needed; stays open. */
  readonly encoder: () => Promise<FeatureExtractor>;
}

/** One sequence tracked with one setting; all 0..1. */
export interface CycleRow {
  readonly setting: string;
  readonly sequence: string;
  /** The true J&F of the forward pass. */
  readonly JF: number;
  /** Of the given labels. */
  readonly cycle: number;
  /** Of a grid of squares; null if it was not asked for. */
  readonly grid: number | null;
  /** Mean confidence of the objects in the forward pass. */
  readonly confidence: number;
}

/** Options of `runCycleBenchmark`. */
export interface CycleBenchmarkOptions extends Threads {
  readonly settings: readonly CycleSetting[];
  readonly mode: Mode;
  /** Frames of each sequence, at least 4. */
  readonly frames: number;
  /** Also with a grid instead of the labels. */
  readonly grid: boolean;
  /** Gets `SETTING--SEQUENCE.json` and `settings.json`. */
  readonly out: string;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A row for each setting and sequence. */
export async function runCycleBenchmark(
  benchmark: DavisBenchmark,
  options: CycleBenchmarkOptions,
): Promise<CycleRow[]> {
  const { settings, out, identity, logger = silent, signal } = options;
  const ledger = await openMaskLedger(out, identity, logger);
  const rows: CycleRow[] = [];
  for (const setting of settings)
    for (const sequence of benchmark.sequences) {
      signal?.throwIfAborted();
      const name = `${setting.name}--${sequence}`;
      const path = join(out, `${name}.json`);
      if (!(await ledger.holds(name, []))) {
        logger.info(`tracking ${sequence} forward and back: ${setting.name}`);
        await writeFileAtomic(path, `${JSON.stringify(await scoreSequence(benchmark, sequence, setting, options))}\n`);
        await ledger.complete(name);
      }
      rows.push(JSON.parse(await readFile(path, "utf8")) as CycleRow);
    }
  return rows;
}

async function scoreSequence(
  { root, resolution = "480p", annotations = "Annotations" }: DavisBenchmark,
  sequence: string,
  setting: CycleSetting,
  { mode, frames, grid, threads, signal }: CycleBenchmarkOptions,
): Promise<CycleRow> {
  await using source = await openFrameSource(join(root, "JPEGImages", resolution, sequence));
  const maskOf = (index: number) =>
    readMaskPng(join(root, annotations, resolution, sequence, `${source.names[index]}.png`));
  const given = await maskOf(0);
  const objects = objectsIn(given);
  const scorer = sequenceScorer(objects, "background");
  const last = Math.min(frames, source.frameCount) - 1;
  const confidences: number[] = [];
  const setup = {
    encoder: await setting.encoder(),
    source,
    protocol: setting.protocol,
    mode,
    maxFrames: frames,
    threads,
    signal,
  };
  const first = { ...given, data: given.data.map((label) => (label === VOID ? Number(objects.binary) : label)) };
  const cycle = await cycleScore({
    ...setup,
    first,
    onFrame: async ({ labels, objects: found }, index) => {
      if (index === 0 || index === last) return;
      scorer.add(labels, await maskOf(index));
      confidences.push(...found.map(({ confidence }) => confidence));
    },
  });
  const squares = grid ? (await cycleScore(setup)).score : null;
  const confidence = mean(confidences);
  return { setting: setting.name, sequence, JF: scorer.score().JF_mean, cycle: cycle.score, grid: squares, confidence };
}

/** How a label-free number ranks, −1..1. */
export interface CycleCorrelation {
  /** Sequences, means over the settings. */
  readonly sequences: number;
  /** Settings, means over the sequences. */
  readonly settings: number;
  /** Settings on one and the same sequence, mean over the sequences. */
  readonly settingsOnOne: number;
}

/** Rank correlation (Spearman) of a label-free number with the true J&F. */
export function cycleCorrelation(rows: readonly CycleRow[], number: "cycle" | "grid" | "confidence"): CycleCorrelation {
  const known = rows.flatMap((row) => {
    const value = row[number];
    return value === null ? [] : [{ ...row, value }];
  });
  const by = (key: "sequence" | "setting") => {
    const names = [...new Set(known.map((row) => row[key]))];
    return names.map((name) => known.filter((row) => row[key] === name));
  };
  const ranked = (groups: readonly (typeof known)[]): number =>
    rankCorrelation(
      groups.map((group) => mean(group.map(({ value }) => value))),
      groups.map((group) => mean(group.map(({ JF }) => JF))),
    );
  const onOne = by("sequence").map((group) => ranked(group.map((row) => [row])));
  return { sequences: ranked(by("sequence")), settings: ranked(by("setting")), settingsOnOne: mean(onOne) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
