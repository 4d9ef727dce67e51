/** @file The task `evaluate`: tracks the sequences of a benchmark and scores them. */
import { type CutScore, countCuts } from "../evaluation/benchmarks/cutBenchmark.ts";
import { findClips } from "../training/clipCache.ts";
import { type AbsenceOutcome, evaluateAbsence } from "./evaluate/absence.ts";
import { type AdaptationOutcome, evaluateAdaptation } from "./evaluate/adaptation.ts";
import { type ClicksOutcome, evaluateClicks } from "./evaluate/clicks.ts";
import { type ConfidenceOutcome, evaluateConfidence } from "./evaluate/confidence.ts";
import { type CycleOutcome, evaluateCycle } from "./evaluate/cycle.ts";
import { type DiscoverBenchmarkOutcome, evaluateDiscover } from "./evaluate/discover.ts";
import { type CutsSettings, evaluateSchema } from "./evaluate/evaluateSchema.ts";
import { type DegradedOutcome, evaluateDegraded, evaluateMeasures, type MeasuresOutcome } from "./evaluate/footage.ts";
import { evaluateLinesTask, type LinesOutcome } from "./evaluate/lines.ts";
import { evaluateMade, type MadeOutcome } from "./evaluate/made.ts";
import { type BenchmarkOutcome, runBenchmark } from "./evaluate/runBenchmark.ts";
import { evaluateMonitorTask, type MonitorBenchmarkOutcome } from "./evaluate/monitor.ts";
import { evaluateSoundTask, type SoundOutcome } from "./evaluate/sound.ts";
import { defineTask, type RunContext } from "./task.ts";

/** The counts of the cut detector over so many clips. */
export interface CutsOutcome extends CutScore {
  readonly benchmark: "cuts";
  readonly clips: number;
}

/** The scores, by benchmark. */
export type EvaluateOutcome =
  | BenchmarkOutcome
  | ConfidenceOutcome
  | AbsenceOutcome
  | CycleOutcome
  | MadeOutcome
  | CutsOutcome
  | DegradedOutcome
  | MeasuresOutcome
  | DiscoverBenchmarkOutcome
  | LinesOutcome
  | MonitorBenchmarkOutcome
  | SoundOutcome
  | AdaptationOutcome
  | ClicksOutcome;

/** Runs a benchmark. */
export const evaluateTask = defineTask("evaluate", evaluateSchema, async (task, context): Promise<EvaluateOutcome> => {
  switch (task.benchmark) {
    case "confidence":
      return evaluateConfidence(task, context);
    case "absence":
      return evaluateAbsence(task, context);
    case "cycle":
      return evaluateCycle(task, context);
    case "made":
      return evaluateMade(task, context);
    case "cuts":
      return evaluateCuts(task, context);
    case "degraded":
      return evaluateDegraded(task, context);
    case "measures":
      return evaluateMeasures(task, context);
    case "adaptation":
      return evaluateAdaptation(task, context);
    case "clicks":
      return evaluateClicks(task, context);
    case "discover":
      return evaluateDiscover(task, context);
    case "lines":
      return evaluateLinesTask(task, context);
    case "monitor":
      return evaluateMonitorTask(task, context);
    case "sound":
      return evaluateSoundTask(task, context);
    default:
      return runBenchmark(task, context);
  }
});

async function evaluateCuts(task: CutsSettings, { logger, signal }: RunContext): Promise<CutsOutcome> {
  const clips = await findClips(task.footage);
  return {
    benchmark: "cuts",
    clips: clips.length,
    ...(await countCuts(clips, { frames: task.frames, logger, signal })),
  };
}
