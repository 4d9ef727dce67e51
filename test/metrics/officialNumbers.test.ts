/**
 * @file Every frame of the stored results of the official tool: STM's predictions on DAVIS 2016 and 2017, and the
 * floor (the first mask copied) on 24 sequences.
 */
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { objectsIn, type SequenceScore, sequenceScorer } from "../../src/metrics/davis.ts";
import { statisticsOf } from "../../src/metrics/statistics.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";

const DATA = join(import.meta.dirname, "../../../shared/data");
const EXPECTED = join(DATA, "reference-eval");
const absent = !existsSync(EXPECTED);
const word = absent ? " (skipped: ../shared/data is absent)" : "";

/** Numbers of one measure; of a list of objects in the 2017 file. */
interface Measure<Number, Values> {
  readonly mean: Number;
  readonly decay: Number;
  readonly raw: Values;
}
type Values = (number | null)[];
type OneObject = Measure<number, Values>;
type Measured = OneObject | Measure<number[], Values[]>;
interface Expected {
  readonly sequences: Record<string, { readonly J: Measured; readonly F: Measured }>;
}
interface Floor {
  readonly sequences: Record<string, { readonly object: number; readonly J: number; readonly F: number }[]>;
}

function load(file: string): unknown {
  return absent ? { sequences: {} } : JSON.parse(readFileSync(join(EXPECTED, file), "utf8"));
}

const isSingle = (measured: Measured): measured is OneObject => !Array.isArray(measured.mean);

function perObject(measured: Measured): OneObject[] {
  if (isSingle(measured)) return [measured];
  return measured.mean.map((mean, i) => ({ mean, decay: measured.decay[i], raw: measured.raw[i] }));
}

function readLabels(path: string): LabelMap {
  const { width, height, data } = decode(readFileSync(path));
  expect(data).toHaveLength(width * height);
  return { width, height, data: Uint8Array.from(data) };
}

async function scoreFolder(truth: string, predictionOf: (name: string) => string): Promise<SequenceScore> {
  const names = (await readdir(truth)).sort();
  const scorer = sequenceScorer(objectsIn(readLabels(join(truth, names[0]))), "background");
  for (const name of names.slice(1, -1)) scorer.add(readLabels(predictionOf(name)), readLabels(join(truth, name)));
  return scorer.score();
}

function expectEqual(got: readonly number[], expected: readonly (number | null)[]): void {
  expect(got).toHaveLength(expected.length - 2);
  expect([expected[0], expected.at(-1)]).toEqual([null, null]);
  for (const [i, value] of got.entries()) expect(Math.abs(value - expected[i + 1]!)).toBeLessThanOrEqual(1e-9);
}

describe.skipIf(absent)(`equal to the official tool on every frame${word}`, () => {
  for (const [set, annotations] of [
    ["davis2016-stm", "Annotations"],
    ["davis2017-stm", "Annotations_2017"],
  ]) {
    const { sequences } = load(`${set}/expected.json`) as Expected;
    it.each(Object.entries(sequences))(`${set} %s`, async (sequence, expected) => {
      const truth = join(DATA, "segmentation/DAVIS", annotations, "480p", sequence);
      const score = await scoreFolder(truth, (name) => join(EXPECTED, set, "predictions", sequence, name));
      for (const measure of ["J", "F"] as const) {
        const objects = perObject(expected[measure]);
        expect(Object.keys(score.objects)).toHaveLength(objects.length);
        for (const [i, { mean, decay, raw }] of objects.entries()) {
          const got = score.objects[i + 1];
          expectEqual(got[measure], raw);
          expect(got[`${measure}_mean`]).toBeCloseTo(mean, 9);
          // The stored recall is left out: it is 1 even where most of the stored values are below 0.5.
          expect(statisticsOf(got[measure]).decay).toBeCloseTo(decay, 9);
        }
      }
    });
  }

  const { sequences } = load("copy-first-frame-floor.json") as Floor;
  it.each(Object.entries(sequences))("floor %s", async (path, expected) => {
    const [set, resolution, sequence] = path.split("/");
    const truth = join(DATA, "segmentation", set, "Annotations", resolution, sequence);
    const first = (await readdir(truth)).sort()[0];
    const score = await scoreFolder(truth, () => join(truth, first));
    expect(Object.keys(score.objects)).toEqual(expected.map(({ object }) => String(object)));
    for (const { object, J, F } of expected) {
      expect(score.objects[object].J_mean).toBeCloseTo(J, 9);
      expect(score.objects[object].F_mean).toBeCloseTo(F, 9);
    }
  });
});
