/**
 * @file Tracks annotated sequences and stores the tracker's verdict on its masks next to the truth, so that an
 * interrupted run resumes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { objectsIn } from "../../metrics/davis.ts";
import type { DavisBenchmark } from "../benchmarks/davisBenchmark.ts";
import { truthNames } from "../benchmarks/davisFolders.ts";
import { openMaskLedger } from "../benchmarks/maskLedger.ts";
import { type ObjectObservation, observeObjects, type TrackingSetup } from "./objectObservations.ts";

/** Options of `observeBenchmark`. */
export interface ConfidenceBenchmarkOptions {
  /** Gets `SEQUENCE.json` and `settings.json`. */
  readonly out: string;
  /** All that the observations depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What the log says of each clip; default "tracking". */
  readonly doing?: string | undefined;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Observations of all sequences; existing ones with the same identity are kept.
 * @throws UserError those of reading, tracking and writing
 */
export function observeBenchmark(
  benchmark: DavisBenchmark,
  setup: TrackingSetup,
  options: ConfidenceBenchmarkOptions,
): Promise<ObjectObservation[]> {
  return observeAll(benchmark.sequences, (name) => observeSequence(benchmark, name, setup, options.signal), options);
}

/**
 * What is observed of every clip, by its name; what was observed before with the same identity is kept.
 * @throws UserError those of observing and writing
 */
export async function observeAll<Observation>(
  names: readonly string[],
  observe: (name: string) => Promise<readonly Observation[]>,
  { out, identity, doing = "tracking", logger = silent, signal }: ConfidenceBenchmarkOptions,
): Promise<Observation[]> {
  const ledger = await openMaskLedger(out, identity, logger);
  const all: Observation[] = [];
  for (const [index, name] of names.entries()) {
    signal?.throwIfAborted();
    const path = join(out, `${name}.json`);
    if (!(await ledger.holds(name, []))) {
      logger.info(`${doing} ${name} (${index + 1} of ${names.length})`);
      await writeFileAtomic(path, `${JSON.stringify(await observe(name))}\n`);
      await ledger.complete(name);
    }
    all.push(...(JSON.parse(await readFile(path, "utf8")) as Observation[]));
  }
  return all;
}

async function observeSequence(
  { root, resolution = "480p", annotations = "Annotations" }: DavisBenchmark,
  name: string,
  setup: TrackingSetup,
  signal: AbortSignal | undefined,
): Promise<ObjectObservation[]> {
  const folder = join(root, annotations, resolution, name);
  const truths = new Set(await truthNames(folder));
  await using source = await openFrameSource(join(root, "JPEGImages", resolution, name));
  const maskOf = (frame: number): Promise<LabelMap> => readMaskPng(join(folder, `${source.names[frame]}.png`));
  const first = await maskOf(0);
  const { binary } = objectsIn(first);
  const read = (mask: LabelMap, unknown: number): LabelMap => ({
    ...mask,
    data: mask.data.map((label) => (label === VOID ? (binary ? 1 : unknown) : label)),
  });
  return observeObjects(
    setup,
    {
      name,
      source,
      first: read(first, 0),
      truthOf: async (frame) =>
        truths.has(`${source.names[frame]}.png`) ? read(await maskOf(frame), VOID) : undefined,
    },
    signal,
  );
}
