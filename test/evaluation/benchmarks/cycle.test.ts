import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { cycleScore, gridLabels } from "../../../src/evaluation/benchmarks/cycle.ts";
import { type CycleRow, cycleCorrelation } from "../../../src/evaluation/benchmarks/cycleBenchmark.ts";
import { labelOverlaps } from "../../../src/metrics/labelOverlap.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { Frame } from "../../../src/video/frame.ts";
import { frameList } from "../../../src/video/frameList.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const WIDTH = 64;
const HEIGHT = 32;

/** A red block moves over green by `step` px a frame. */
function clip(step: number): { frames: Frame[]; first: LabelMap } {
  const random = new Random(1);
  const frames = Array.from({ length: 6 }, (_, t): Frame => {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let p = 0; p < WIDTH * HEIGHT; p++) {
      const colour = isBlock(p, step * t) ? [210, 40, 40] : [50, 130, 60];
      for (let c = 0; c < 3; c++) data[3 * p + c] = colour[c] + random.integer(15);
    }
    return { index: t, timeSec: t / 25, name: String(t), width: WIDTH, height: HEIGHT, data };
  });
  const data = new Uint8Array(WIDTH * HEIGHT).map((_, p) => Number(isBlock(p, 0)));
  return { frames, first: { width: WIDTH, height: HEIGHT, data } };
}

function isBlock(pixel: number, left: number): boolean {
  const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
  return y >= 8 && y < 24 && x >= left && x < left + 16;
}

const setup = { encoder: pooledColours(4), protocol: resolveProtocol("default"), threads: 1 };

describe("cycle score", () => {
  it("is high where the labels find their way back, and tells every frame of the way there", async () => {
    const { frames, first } = clip(4);
    const seen: number[] = [];
    const source = frameList(frames, "clip");
    const { score, objects } = await cycleScore({
      ...setup,
      source,
      first,
      onFrame: (_, index) => void seen.push(index),
    });
    expect(score).toBeGreaterThan(0.8);
    expect(objects).toEqual({ 1: score });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("is 0 where the labels are lost on the way", async () => {
    const { frames, first } = clip(0);
    const gone = frames.map((frame, t) =>
      t < 2 ? frame : { ...frame, data: new Uint8Array(frame.data.length).fill(90) },
    );
    expect((await cycleScore({ ...setup, source: frameList(gone, "clip"), first })).score).toBeLessThan(0.1);
  });

  it("without labels it carries a grid", async () => {
    const { frames } = clip(0);
    const { score, objects } = await cycleScore({ ...setup, source: frameList(frames, "clip"), maxFrames: 3 });
    expect(Object.keys(objects)).toHaveLength(4 * 8);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThanOrEqual(1);
  });

  it("the grid fills the picture with equal squares", () => {
    const grid = gridLabels(80, 40);
    const counts = new Map<number, number>();
    for (const label of grid.data) counts.set(label, (counts.get(label) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i + 1));
    expect(new Set(counts.values())).toEqual(new Set([100]));
  });
});

const map = (...data: number[]): LabelMap => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe("overlap of labels", () => {
  it("counts each label, void of the truth left out", () => {
    const overlapOf = labelOverlaps(map(1, 1, 2, 1, 0), map(1, 2, 2, 255, 0));
    expect(overlapOf(1)).toEqual({ iou: 0.5, area: 2, trueArea: 1 });
    expect(overlapOf(2)).toEqual({ iou: 0.5, area: 1, trueArea: 2 });
    expect(overlapOf(9)).toEqual({ iou: 1, area: 0, trueArea: 0 });
    expect(() => labelOverlaps(map(1), map(1, 2))).toThrow("internal");
  });
});

const row = (setting: string, sequence: string, JF: number, cycle: number): CycleRow => ({
  setting,
  sequence,
  JF,
  cycle,
  grid: null,
  confidence: 1 - cycle,
});
describe("rank correlation of the cycle score", () => {
  const rows = [row("a", "x", 0.9, 0.8), row("b", "x", 0.5, 0.6), row("a", "y", 0.4, 0.3), row("b", "y", 0.2, 0.4)];

  it("over sequences, over settings, and over settings on one sequence", () => {
    // On x the settings rank alike, on y the other way round; means: a 0.65 / 0.55, b 0.35 / 0.5.
    expect(cycleCorrelation(rows, "cycle")).toEqual({ sequences: 1, settings: 1, settingsOnOne: 0 });
    expect(cycleCorrelation(rows, "confidence")).toEqual({ sequences: -1, settings: -1, settingsOnOne: 0 });
  });
});
