/** @file Equal to TrackEval on random clips, some with ties; trackEval.json is made by makeExpected.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { motScore, type MotScore, motSums } from "../../../src/metrics/mot/score.ts";
import type { MotSequence } from "../../../src/metrics/mot/sequence.ts";

interface Expected {
  readonly hota: Record<string, number[]>;
  readonly clear: Record<string, number>;
  readonly identity: Record<string, number>;
}
const stored = JSON.parse(readFileSync(join(import.meta.dirname, "trackEval.json"), "utf8")) as {
  clips: { sequence: Omit<MotSequence, "frames"> & { frames: Stored[] }; expected: Expected }[];
  together: Expected;
};
interface Stored {
  readonly truth: number[];
  readonly tracks: number[];
  readonly similarity: number[];
}

const sums = stored.clips.map(({ sequence }) =>
  motSums({
    ...sequence,
    frames: sequence.frames.map((frame) => ({ ...frame, similarity: Float64Array.from(frame.similarity) })),
  }),
);

function expectEqual({ hota, clear, identity }: MotScore, expected: Expected): void {
  for (const [name, values] of Object.entries(expected.hota)) {
    const perAlpha = hota.perAlpha[name as keyof typeof hota.perAlpha];
    values.forEach((value, i) => expect(perAlpha[i], `${name} at α ${i}`).toBeCloseTo(value, 9));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(hota[name as keyof typeof hota.perAlpha]).toBeCloseTo(mean, 9);
  }
  for (const [name, value] of Object.entries(expected.clear))
    expect(clear[name as keyof typeof clear], name).toBeCloseTo(value, 9);
  for (const [name, value] of Object.entries(expected.identity))
    expect(identity[name as keyof typeof identity], name).toBeCloseTo(value, 9);
}

describe("equal to TrackEval", () => {
  it.each(sums.map((one, i) => [i, one] as const))("clip %i", (i, one) => {
    expectEqual(motScore([one]), stored.clips[i].expected);
  });

  it("all clips together", () => expectEqual(motScore(sums), stored.together));
});
