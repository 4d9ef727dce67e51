import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import type { StepReport } from "../../src/training/observers/observer.ts";
import { progressLine } from "../../src/training/observers/progressLine.ts";
import { appendMetrics, type MetricsRow, RUN_FILES } from "../../src/training/runFiles.ts";
import { writeCurves } from "../../src/training/runFolder.ts";
import { RunningMean } from "../../src/training/runningMean.ts";

const means = (losses: readonly number[]): number[] => {
  const mean = new RunningMean();
  return losses.map((loss) => mean.add(loss));
};

describe("the running mean", () => {
  test("is the loss itself while a tenth of the steps is one step", () => {
    expect(means([4, 2, 8])).toEqual([4, 2, 8]);
  });

  test("is the mean of the latest tenth, rounded", () => {
    const losses = Array.from({ length: 40 }, (_, i) => i);
    const all = means(losses);
    expect(all[13]).toBe(13);
    // A tenth of 15 steps is rounded to two: those of index 13 and 14.
    expect(all[14]).toBe(13.5);
    expect(all[39]).toBe((36 + 37 + 38 + 39) / 4);
  });

  test("forgets a high loss of the first steps", () => {
    expect(means([100, ...Array.from({ length: 99 }, () => 1)])[99]).toBe(1);
  });
});

const row = (step: number, loss: number): MetricsRow => {
  return { step, minutes: step, loss, gradientNorm: 1, learningRate: 1e-3, pairsPerSec: 1 };
};

const report = (step: number, loss: number): StepReport => ({
  checkpoint: { step, minutes: step, smoothedLoss: 9, state: {} as StepReport["checkpoint"]["state"] },
  progress: 0.5,
  row: row(step, loss),
});

/** Losses that fall from 1 to 0.02. */
const falling = Array.from({ length: 50 }, (_, i) => 1 / (i + 1));

/** The mean that the terminal shows after the last of these steps, of a run that was resumed after some of them. */
async function shown(losses: readonly number[], resumedAfter: number): Promise<string | undefined> {
  const lines: string[] = [];
  const earlier = losses.slice(0, resumedAfter).map((loss, i) => row(i + 1, loss));
  const line = progressLine({ ...silent, progress: (text) => void lines.push(text) }, earlier);
  for (let i = resumedAfter; i < losses.length; i++) await line.after(report(i + 1, losses[i]));
  return /loss (\S+)/u.exec(lines.at(-1) ?? "")?.[1];
}

test("the terminal shows the mean of the curves, in resumed runs too", async () => {
  const last = means(falling).at(-1)?.toFixed(4);
  expect(await shown(falling, 0)).toBe(last);
  expect(await shown(falling, 30)).toBe(last);
});

test("the curves end where the terminal's mean does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-test-"));
  try {
    for (const [i, loss] of falling.entries()) await appendMetrics(folder, row(i + 1, loss));
    await writeCurves(folder);
    const svg = await readFile(join(folder, `${RUN_FILES.curves}.svg`), "utf8");
    const [loss, mean] = [...svg.matchAll(/<path[^>]*? d="(M[^"]+)"/gu)]
      .map(([, d]) => [...d.matchAll(/([\d.]+),([\d.]+)/gu)].map(([, , y]) => Number(y)))
      .filter((ys) => ys.length >= 40);
    // Heights of both lines lie on one scale, which their losses give.
    const perLoss = (loss[49] - loss[0]) / (falling[49] - falling[0]);
    expect((mean[49] - loss[0]) / perLoss + falling[0]).toBeCloseTo(Number(await shown(falling, 0)), 3);
  } finally {
    await rm(folder, { recursive: true });
  }
});
