/** @file The footage benchmarks' arithmetic on made numbers, and one small run of each. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyFirstMask } from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import { confusionOf, separation } from "../../../src/evaluation/footage/confusion.ts";
import { type MeasuredStep, measureSteps } from "../../../src/evaluation/footage/measureSteps.ts";
import { FAULTS, OWN, STEPS } from "../../../src/evaluation/footage/ownMeasures.ts";
import { confusionTable, ladderTable, monotonyTable } from "../../../src/evaluation/footage/tables.ts";
import { ladderOf, type TrackedStep, trackSteps, valueAtLoss } from "../../../src/evaluation/footage/trackingSteps.ts";
import { thresholds } from "../../../src/footage/thresholds.ts";
import { degradations } from "../../../src/synthetic/degraded/degradations.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { encodePng } from "../../../src/video/writing/png.ts";
import { clouds, drawn } from "../../footage/clips.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-footage-"));
});
afterAll(() => rm(root, { recursive: true }));

const measuredStep = (
  fault: MeasuredStep["fault"],
  strength: number,
  values: MeasuredStep["values"],
): MeasuredStep => ({
  clip: "one",
  fault,
  strength,
  values,
});

describe("confusion", () => {
  const { usable, poor } = thresholds.blur;
  const unit = poor - usable;
  const base = { blur: 2, noise: 1 };
  const blurs = degradations.blur.steps.map((strength, i) =>
    measuredStep("blur", strength, { ...base, blur: 2 + (i + 1) * unit }),
  );
  const noises = degradations.noise.steps.map((strength, i) =>
    measuredStep("noise", strength, { noise: [3, 2, 9, 20][i], blur: 2 + 0.1 * unit }),
  );
  const confusion = confusionOf([measuredStep(null, 0, base), ...blurs, ...noises]);
  const monotonyOf = (fault: string) => confusion.monotony.find((one) => one.fault === fault);

  it("ranks every fault's number over its strengths, the clip itself among them", () => {
    expect(monotonyOf("blur")).toMatchObject({ key: "blur", clips: 1, median: 1, least: 1 });
    // 1, 3, 2, 9, 20: one pair of neighbours is exchanged.
    expect(monotonyOf("noise")?.median).toBeCloseTo(0.9, 9);
    expect(monotonyOf("shake")).toMatchObject({ clips: 0 });
  });

  it("moves numbers in their limits at the third strength", () => {
    expect(confusion.moved.blur.blur).toBeCloseTo(3, 9);
    expect(confusion.moved.noise.blur).toBeCloseTo(0.1, 9);
    expect(confusion.moved.blur.noise).toBeCloseTo(0, 9);
    expect(confusion.moved.shake.blur).toBeNull();
    expect(separation(confusion, "blur")).toBeCloseTo(30, 6);
    expect(separation(confusion, "noise")).toBe(Infinity);
  });

  it("counts a number that falls as worse where lower is worse", () => {
    const steps = degradations.small.steps.map((strength) => measuredStep("small", strength, { rows: 480 / strength }));
    const { monotony, moved } = confusionOf([measuredStep(null, 0, { rows: 480 }), ...steps]);
    expect(monotony.find(({ fault }) => fault === "small")?.median).toBeCloseTo(1, 9);
    expect(moved.small.rows).toBeGreaterThan(0);
  });

  it("is shown with every fault and number", () => {
    for (const fault of FAULTS) {
      expect(monotonyTable(confusion)).toContain(fault);
      expect(confusionTable(confusion)).toContain(OWN[fault]);
    }
    expect(confusionTable(confusion)).toContain("only it");
  });
});

const step = (
  sequence: string,
  fault: TrackedStep["fault"],
  strength: number,
  frames: number[],
  JF: number[],
  blur: number,
): TrackedStep => ({ sequence, fault, strength, frames, JF, values: { blur } });

describe("the ladder", () => {
  const steps = [
    step("a", null, 0, [1, 2], [0.9, 0.7], 2),
    step("b", null, 0, [1, 2], [0.5, 0.5], 4),
    step("a", "blur", 1, [1, 2], [0.9, 0.66], 3),
    step("b", "blur", 1, [1, 2], [0.5, 0.48], 5),
    step("a", "blur", 2, [1, 2], [0.7, 0.7], 6),
    step("b", "blur", 2, [1, 2], [0.3, 0.4], 8),
    step("a", "lowRate", 2, [2], [0.6], 2),
  ];
  const ladder = ladderOf(steps);
  const lost = (fault: string, strength: number) =>
    ladder.find((one) => one.fault === fault && one.strength === strength)?.lost;

  it("is the mean loss on the same frames, at the mean value", () => {
    expect(ladder.find(({ fault, strength }) => fault === "blur" && strength === 1)).toMatchObject({
      value: 4,
      cleanValue: 3,
    });
    expect(lost("blur", 1)).toBeCloseTo(1.5, 9);
    expect(lost("blur", 2)).toBeCloseTo(12.5, 9);
    // Only frame 2 was left: 0.7 before.
    expect(lost("lowRate", 2)).toBeCloseTo(10, 9);
    expect(lost("noise", 5)).toBeNaN();
  });

  it("says where so many points are lost, and never invents it", () => {
    expect(valueAtLoss(ladder, "blur", 1.5)).toBeCloseTo(4, 9);
    expect(valueAtLoss(ladder, "blur", 7)).toBeCloseTo(5.5, 9);
    expect(valueAtLoss(ladder, "blur", 13)).toBeUndefined();
    expect(valueAtLoss(ladder, "noise", 3)).toBeUndefined();
    expect(ladderTable(ladder)).toMatch(/blur .* 12\.5/u);
  });
});

const SIZE = { width: 64, height: 48 };

async function picturesIn(folder: string, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const data = drawn((x, y) => clouds(x - 3 * i, y), SIZE);
    await writeFile(join(folder, `${String(i).padStart(5, "0")}.png`), await encodePng({ ...SIZE, data }));
  }
  return folder;
}

describe("a run", () => {
  it("measures every fault of a clip, and keeps what is done", async () => {
    const clip = await picturesIn(join(root, "clip"), 14);
    const options = { out: join(root, "measured"), identity: { test: 1 }, frames: 12, threads: 1 };
    const steps = await measureSteps([clip], options);
    expect(steps).toHaveLength(STEPS.length);
    const blur = steps.filter(({ fault }) => fault === "small").map(({ values }) => values.rows);
    expect(blur).toEqual([24, 16, 16, 16]);
    const kept = join(root, "measured", "1-clip-clean.json");
    const [first] = JSON.parse(await readFile(kept, "utf8")) as MeasuredStep[];
    await writeFile(kept, JSON.stringify([{ ...first, strength: 99 }]));
    expect((await measureSteps([clip], options))[0].strength).toBe(99);
  });

  it("tracks every fault of a sequence against its own truth", async () => {
    const data = join(root, "davis");
    await picturesIn(join(data, "JPEGImages/480p/pan"), 6);
    for (let i = 0; i < 6; i++) {
      const mask = { ...SIZE, data: Uint8Array.from({ length: 64 * 48 }, (_, p) => (p % 64 >= 20 + 3 * i ? 255 : 0)) };
      await writeMaskPng(join(data, "Annotations/480p/pan", `${String(i).padStart(5, "0")}.png`), mask);
    }
    const steps = await trackSteps({ root: data, sequences: ["pan"] }, copyFirstMask, {
      out: join(root, "tracked"),
      identity: {},
      frames: 6,
    });
    expect(steps).toHaveLength(STEPS.length);
    const [before] = steps;
    expect(before.frames).toEqual([1, 2, 3, 4, 5]);
    // The mask of the first frame, whose truth has moved by 3 pixels of 44.
    expect(before.JF[0]).toBeGreaterThan(before.JF[4]);
    const noise = steps.find(({ fault }) => fault === "noise");
    expect(noise?.JF).toEqual(before.JF);
    expect(steps.find(({ fault, strength }) => fault === "lowRate" && strength === 3)?.frames).toEqual([3]);
    const lost = ladderOf(steps).find(({ fault }) => fault === "noise")?.lost;
    expect(lost).toBeCloseTo(0, 9);
  });
});
