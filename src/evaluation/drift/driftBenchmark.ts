/**
 * @file How much of a tracker's error comes from its own masks being fed back: sequences laid out as DAVIS are tracked as
 * `evaluateDavis` does, and once more with the truth put in place of every mask.
 */
import { join } from "node:path";
import { writeChart } from "../../charts/lineChart.ts";
import { silent } from "../../core/log.ts";
import { type SequenceScore, sequenceScorer, type VoidHandling } from "../../metrics/davis.ts";
import { deepErrorScorer } from "../../metrics/deepErrors.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import {
  type CorrectableMethod,
  type DavisBenchmark,
  type DavisEvaluation,
  type DavisEvaluationOptions,
  evaluateDavis,
  fileOf,
  openSequence,
} from "../benchmarks/davisBenchmark.ts";
import { observeAll } from "../confidence/confidenceBenchmark.ts";
import {
  driftChart,
  type DriftRuns,
  type DriftScore,
  driftScore,
  objectDrift,
  type SequenceDrift,
  sequenceDrift,
} from "./driftScore.ts";

/** The outcome of `evaluateDrift`: frames and seconds of both runs, and the sequences of which neither had to run. */
export type DriftEvaluation = Omit<DavisEvaluation, "score"> & { readonly score: DriftScore };

/**
 * Tracks, tracks with corrections, and scores; what is complete of either run and made alike is kept.
 * @param options `out` gets what `evaluateDavis` writes, `forced/SEQUENCE.json`, and `drift.svg|png`.
 * @throws UserError those of `evaluateDavis`
 */
export async function evaluateDrift(
  benchmark: DavisBenchmark,
  method: CorrectableMethod,
  options: DavisEvaluationOptions,
): Promise<DriftEvaluation> {
  const { out, identity, settings = {}, voidHandling = "background", logger, signal } = options;
  const free = await evaluateDavis(benchmark, method, options);
  const run = new ForcedRun(benchmark, method, { ...options, voidHandling });
  const forced = await observeAll(benchmark.sequences, (name) => run.observe(name), {
    out: join(out, "forced"),
    identity: { ...identity, void: voidHandling },
    logger,
    signal,
  });
  const sequences: Record<string, SequenceDrift> = {};
  for (const { sequence, J } of forced)
    sequences[sequence] = await score(
      benchmark,
      { sequence, J, free: free.score.sequences[sequence] },
      out,
      voidHandling,
    );
  const drift = driftScore(sequences, settings);
  await writeChart(join(out, "drift"), driftChart(drift));
  return {
    score: drift,
    frames: free.frames + run.frames,
    seconds: free.seconds + run.seconds,
    kept: free.kept.filter((name) => !run.sequences.includes(name)),
  };
}

/** J of every object of a sequence, by id. */
interface ForcedScores {
  readonly sequence: string;
  readonly J: Readonly<Record<string, Omit<DriftRuns, "free">>>;
}

/** Tracks with corrections, and notes what that took. */
class ForcedRun {
  readonly sequences: string[] = [];
  frames = 0;
  seconds = 0;
  private readonly benchmark: DavisBenchmark;
  private readonly method: CorrectableMethod;
  private readonly options: DavisEvaluationOptions & { readonly voidHandling: VoidHandling };

  constructor(benchmark: DavisBenchmark, method: CorrectableMethod, options: ForcedRun["options"]) {
    this.benchmark = benchmark;
    this.method = method;
    this.options = options;
  }

  /** One sequence. */
  async observe(name: string): Promise<ForcedScores[]> {
    const { voidHandling, logger = silent, signal } = this.options;
    const begin = performance.now();
    await using sequence = await openSequence(this.benchmark, name);
    const { folder, names, objects, source } = sequence;
    const scored = new Set(names.slice(1, -1));
    const [ceiling, forced] = [0, 1].map(() => sequenceScorer(objects, voidHandling));
    let done = 0;
    for await (const { name: frame, labels, shown } of sequence.corrected(this.method)) {
      signal?.throwIfAborted();
      logger.progress(`${name}, corrected: frame ${++done} of ${source.frameCount}`);
      if (shown === undefined || !scored.has(fileOf(frame))) continue;
      const truth = await readMaskPng(join(folder, fileOf(frame)));
      ceiling.add(shown, truth);
      forced.add(labels, truth);
    }
    this.sequences.push(name);
    this.frames += done;
    this.seconds += (performance.now() - begin) / 1000;
    return [{ sequence: name, J: sideBySide(ceiling.score(), forced.score()) }];
  }
}

function sideBySide(ceiling: SequenceScore, forced: SequenceScore): ForcedScores["J"] {
  return Object.fromEntries(
    Object.entries(ceiling.objects).map(([id, { J }]) => [id, { ceiling: J, forced: forced.objects[id].J }]),
  );
}

/** The numbers of a sequence. @param out holds the masks of the free run. */
async function score(
  benchmark: DavisBenchmark,
  { sequence: name, J, free }: ForcedScores & { readonly free: SequenceScore },
  out: string,
  voidHandling: VoidHandling,
): Promise<SequenceDrift> {
  await using sequence = await openSequence(benchmark, name);
  const { folder, names, objects } = sequence;
  const scorer = deepErrorScorer(objects, voidHandling);
  for (const file of names.slice(1, -1))
    scorer.add(await readMaskPng(join(out, name, file)), await readMaskPng(join(folder, file)));
  const errors = scorer.score();
  return sequenceDrift(
    Object.fromEntries(
      Object.entries(J).map(([id, runs]) => [id, objectDrift({ ...runs, free: free.objects[id].J }, errors[id])]),
    ),
  );
}
