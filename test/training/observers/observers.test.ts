/** @file What happens after a step: the order of observers, when each is due, and what the best score is. */
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { encoderVariants, initialValues } from "../../../src/method/encoder.ts";
import { readEncoderWeights } from "../../../src/method/node/weightsFile.ts";
import { type Checkpoint, readCheckpoint } from "../../../src/training/checkpoint.ts";
import { Checkpoints } from "../../../src/training/observers/checkpoints.ts";
import { metricsLog } from "../../../src/training/observers/metricsLog.ts";
import { Interval, samplingInterval } from "../../../src/training/observers/interval.ts";
import { type Observer, type StepReport, notifyAll } from "../../../src/training/observers/observer.ts";
import { progressLine } from "../../../src/training/observers/progressLine.ts";
import { bestScore, Scores, type ScoreTools } from "../../../src/training/observers/scores.ts";
import { readMetrics, RUN_FILES } from "../../../src/training/runFiles.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

const array = () => Float32Array.of(1, 2);
const state = () => ({ parameters: array(), statistics: array(), average: array(), m: array(), v: array() });

/** The report of a step; a step takes a minute. */
function report(step: number, steps = 10): StepReport {
  return {
    checkpoint: { step, minutes: step, smoothedLoss: 0.5, state: state() },
    progress: step / steps,
    row: { step, minutes: step, loss: 0.5, gradientNorm: 1, learningRate: 1e-3, pairsPerSec: 0.1 },
  };
}

const weightsOf = {
  of: async ({ step }: Checkpoint) => ({
    variant: "nano" as const,
    values: initialValues(encoderVariants.nano, { seed: 1 }),
    metadata: { variant: "nano", format: "tsumugi", step: String(step) },
  }),
};

describe("telling", () => {
  test("a failing observer ends the round: those behind it hear nothing", async () => {
    const heard: string[] = [];
    const failing: Observer = { after: async () => Promise.reject(new Error("disk full")) };
    const last: Observer = { after: async () => void heard.push("last") };
    await expect(notifyAll([failing, last], report(1))).rejects.toThrow("disk full");
    expect(heard).toEqual([]);
  });

  test("what an observer adds is in the row of those behind it", async () => {
    const rows: StepReport["row"][] = [];
    const collector: Observer = { after: async ({ row }) => void rows.push(row) };
    await notifyAll([collector, { after: async () => ({ score: 0.7 }) }, collector], report(1));
    expect(rows.map(({ score }) => score)).toEqual([undefined, 0.7]);
  });

  test("the log holds the row as it is by then", async () => {
    const log = metricsLog(folder);
    await notifyAll([{ after: async () => ({ score: 0.7 }) }, log], report(1));
    await notifyAll([log], report(2));
    expect((await readMetrics(folder)).map(({ step, score }) => [step, score])).toEqual([
      [1, 0.7],
      [2, undefined],
    ]);
  });
});

describe("intervals", () => {
  test("are due after so many minutes, counted from when they were last", () => {
    const interval = new Interval(3, 0);
    const due = [1, 2, 3, 4, 5, 6.5, 9].map((minutes) => interval.due({ minutes }));
    expect(due).toEqual([false, false, true, false, false, true, false]);
  });

  test("are due at once where asked, and start anew from there", () => {
    const interval = new Interval(3, 0);
    expect(interval.due({ minutes: 2 }, true)).toBe(true);
    expect(interval.due({ minutes: 4 })).toBe(false);
  });

  test("a new run is sampled at its first step, a resumed one by the clock", () => {
    expect(samplingInterval(10, { step: 0, minutes: 0 }).due({ minutes: 0.01 })).toBe(true);
    expect(samplingInterval(10, { step: 5, minutes: 3 }).due({ minutes: 4 })).toBe(false);
  });
});

test("the progress line tells how long the rest takes, and nothing where that is unknown", async () => {
  const lines: string[] = [];
  const line = progressLine({ ...silent, progress: (text) => void lines.push(text) });
  await line.after(report(1, 4));
  await line.after({ ...report(1), progress: 0 });
  expect(lines).toEqual([
    "step 1  loss 0.5000  0.1 pairs/s  25 %  3 min left",
    "step 1  loss 0.5000  0.1 pairs/s  0 %  ? left",
  ]);
});

const tools = (changes: Partial<ScoreTools>): ScoreTools => ({
  folder,
  score: async () => 0.5,
  weights: weightsOf,
  interval: new Interval(1, 0),
  logger: silent,
  best: Number.NEGATIVE_INFINITY,
  ...changes,
});
const failing = async (): Promise<number> => Promise.reject(new Error("no such split"));
const best = async () => (await readEncoderWeights(join(folder, RUN_FILES.best))).metadata["step"];

describe("scores", () => {
  test("a failing score ends the run, unless the run is being stopped", async () => {
    await expect(new Scores(tools({ score: failing })).after(report(1))).rejects.toThrow("no such split");
    const stopped = new Scores(tools({ score: failing, signal: AbortSignal.abort() }));
    expect(await stopped.after(report(1))).toBeUndefined();
  });

  test("weights that are no better than those of earlier parts of the run are not kept", async () => {
    expect(await new Scores(tools({ best: 0.5 })).after(report(1))).toEqual({ score: 0.5 });
    await expect(access(join(folder, RUN_FILES.best))).rejects.toThrow(/ENOENT/);
  });

  test("the best weights are kept", async () => {
    const values = [0.5, 0.9, 0.1];
    const scores = new Scores(tools({ score: async () => values.shift()! }));
    for (const step of [1, 2, 3]) await scores.after(report(step));
    expect(await best()).toBe("2");
  });

  test("are taken when due, and at the end of the run", async () => {
    const asked: number[] = [];
    const weights = { of: (at: Checkpoint) => (asked.push(at.step), weightsOf.of(at)) };
    const scores = new Scores(tools({ weights, interval: new Interval(3, 0) }));
    for (const step of [1, 2, 3, 4, 5]) await scores.after(report(step, 5));
    expect(asked).toEqual([3, 5]);
  });

  test("the best of earlier lines; none where none was scored", () => {
    expect(bestScore([{}, { score: 0.2 }, { score: 0.1 }])).toBe(0.2);
    expect(bestScore([{}])).toBe(Number.NEGATIVE_INFINITY);
    expect(bestScore([])).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("checkpoints", () => {
  test("where no weights can be made, the state is saved all the same", async () => {
    const failing = { of: async () => Promise.reject(new Error("no weights")) };
    const checkpoints = new Checkpoints(folder, failing, new Interval(1, 0));
    await expect(checkpoints.save(report(7).checkpoint)).rejects.toThrow("no weights");
    expect((await readCheckpoint(join(folder, RUN_FILES.checkpoint))).step).toBe(7);
  });

  test("are written when due only", async () => {
    const checkpoints = new Checkpoints(folder, weightsOf, new Interval(3, 0));
    for (const step of [1, 2, 3, 4]) await checkpoints.after(report(step));
    const { step, smoothedLoss, state: saved } = await readCheckpoint(join(folder, RUN_FILES.checkpoint));
    expect([step, smoothedLoss]).toEqual([3, 0.5]);
    expect(saved).toEqual(state());
    expect((await readEncoderWeights(join(folder, RUN_FILES.weights))).metadata["step"]).toBe("3");
  });
});
