import { describe, expect, it } from "vitest";
import { scoreInterval } from "../../src/metrics/clusterMean.ts";
import { labour } from "../../src/site/report/labour.ts";
import { failureOf, failuresOf } from "../../src/site/report/failures.ts";
import { reportOf } from "../../src/site/report/reportData.ts";
import { reportHtml } from "../../src/site/report/reportPage.ts";
import { chosen, rankedFrames } from "../../src/site/report/shownFrames.ts";
import { Words } from "../../src/site/report/words.ts";
import { differences, frameScores, metricsIn, scoreClusters, scoreOf } from "../../src/site/scores.ts";
import { DEFAULT_PRICES } from "../../src/site/siteFile.ts";
import { around, evidenceOf, set, stamp } from "./evidence.ts";

const mask = (iou: number, area: number, trueArea: number) =>
  ({ kind: "mask", iou, area, trueArea, frameArea: 100_000 }) as const;
const seen = { passage: "p", clip: "p", camera: "c", name: "00001", confidence: null, away: 1 };
const iou = { kind: "iou" } as const;

describe("scores", () => {
  const observations = [
    { ...seen, frame: 1, thing: "1", found: mask(0.5, 10, 10) },
    { ...seen, frame: 1, thing: "2", found: mask(1, 10, 10) },
    { ...seen, frame: 2, thing: "1", found: mask(0.2, 10, 10) },
    { ...seen, passage: "q", frame: 1, thing: "1", found: mask(0.4, 10, 10) },
    { ...seen, passage: "r", frame: 1, thing: "toe", found: { kind: "point", distance: 0.15 } as const },
    { ...seen, passage: "r", frame: 1, thing: "heel", found: { kind: "point", distance: null } as const },
  ];

  it("a frame is the mean of its things, passages are clusters", () => {
    expect(scoreClusters(observations, iou)).toEqual([[0.75, 0.2], [0.4]]);
    expect([...frameScores(observations, iou).keys()]).toEqual(["p", "q"]);
  });

  it("a point counts if it lies within the threshold; one that was not found never does", () => {
    expect(scoreClusters(observations, { kind: "pck", threshold: 0.2 })).toEqual([[0.5]]);
    expect(scoreClusters(observations, { kind: "pck", threshold: 0.1 })).toEqual([[0]]);
    expect(scoreOf(observations[0], { kind: "pck", threshold: 0.1 })).toBeUndefined();
  });

  it("differences are taken in the frames that both have", () => {
    const better = [{ ...seen, frame: 2, thing: "1", found: mask(0.5, 10, 10) }];
    const [[difference]] = differences(better, observations, iou);
    expect(difference).toBeCloseTo(0.3, 12);
    expect(differences([{ ...better[0], frame: 9 }], observations, iou)).toEqual([[]]);
  });

  it("metrics are those of the targets first, if there is anything to measure them by", () => {
    expect(metricsIn(observations, ["pck@0.3"])).toEqual(["pck@0.3", "iou", "pck@0.1", "pck@0.2"]);
    expect(metricsIn(observations.slice(0, 2), ["pck@0.3"])).toEqual(["iou"]);
    expect(metricsIn([], ["iou"])).toEqual([]);
  });
});

it.each([
  [mask(0.6, 10, 10), undefined],
  [mask(0.5, 10, 10), undefined],
  [mask(0, 10, 0), "ghost"],
  [mask(0, 0, 500), "lost"],
  [mask(0.3, 99, 99), "small"],
  [mask(0.3, 1600, 1000), "leaked"],
  [mask(0.3, 600, 1000), "eaten"],
  [mask(0.3, 1000, 1000), "elsewhere"],
])("%o is %s", (found, failure) => expect(failureOf(found)).toBe(failure));

it("failures are shares of all things, the most frequent first", () => {
  const found = [mask(0, 0, 500), mask(0.3, 600, 1000), mask(0.2, 600, 1000), mask(0.9, 1000, 1000)];
  const observations = found.map((one, frame) => ({ ...seen, frame, thing: "1", found: one }));
  expect(failuresOf(observations)).toEqual([
    { failure: "eaten", count: 2, share: 0.5 },
    { failure: "lost", count: 1, share: 0.25 },
  ]);
  expect(failuresOf([])).toEqual([]);
});

describe("hours of work", () => {
  const input = {
    frames: 3600,
    passages: 10,
    objectsPerFrame: 2,
    corrections: 3,
    framesPerSecond: 5,
    prices: { ...DEFAULT_PRICES, maskSec: 60, correctionSec: 30, wagePerHour: 40, machinePerHour: 1 },
  };

  it("by hand every object in every frame; with the tool first labels and corrections", () => {
    expect(labour(input)).toEqual({
      corrections: 3,
      handHours: 120, // 3600 frames × 2 objects × 60 s
      toolHours: (10 * 2 * (60 + 90)) / 3600,
      machineHours: 0.2,
      handCost: 4800,
      toolCost: ((10 * 2 * 150) / 3600) * 40 + 0.2,
      share: (10 * 2 * 150) / 3600 / 120,
    });
  });

  it("without a wage there are no costs", () => {
    const { handCost, toolCost } = labour({ ...input, prices: DEFAULT_PRICES });
    expect([handCost, toolCost]).toEqual([null, null]);
  });

  it("faster hands make the tool worth less", () => {
    expect(labour(input, 20).handHours).toBe(40);
    expect(labour(input, 20).share).toBeGreaterThan(labour(input).share);
  });
});

describe("a report's numbers", () => {
  it("go: the interval is that of the passages, and all of it lies above the target", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    const report = reportOf(evidence, stamp);
    const [, , model] = evidence.methods;
    const expected = scoreInterval(scoreClusters(model.observations, iou));
    expect(report.decision).toBe("go");
    expect(report.verdicts[0].score).toMatchObject({
      mean: expected.mean,
      low: expected.low,
      clusters: 24,
      values: 48,
    });
    expect(expected.low).toBeGreaterThan(0.8);
  });

  it("no-go: a correction that helps enough is said to", () => {
    const report = reportOf(evidenceOf({ passages: around(0.7, 24), corrected: 0.2 }), stamp);
    expect(report.decision).toBe("no-go");
    expect(report.corrected).toEqual([
      { corrections: 0, decision: "no-go" },
      { corrections: 1, decision: "go" },
    ]);
    const corrected = report.metrics[0].methods[3];
    expect(corrected.difference?.mean).toBeCloseTo(0.2, 1);
    expect(corrected.difference?.shareAbove).toBe(1);
  });

  it("not enough: the same means from fewer passages", () => {
    expect(reportOf(evidenceOf({ passages: around(0.9, 12) }), stamp)).toMatchObject({
      decision: "not-enough",
      verdicts: [{ why: "too-few" }],
    });
    expect(reportOf(evidenceOf({ passages: around(0.8, 24) }), stamp)).toMatchObject({
      decision: "not-enough",
      verdicts: [{ why: "unclear" }],
    });
  });

  it("one missed target of two is a no-go", () => {
    const targets = [0.5, 0.95].map((value, i) => ({
      metric: i === 0 ? "pck@0.1" : "iou",
      value,
      set,
      afterResults: false,
    }));
    expect(reportOf(evidenceOf({ passages: around(0.9, 24), targets }), stamp)).toMatchObject({
      decision: "no-go",
      verdicts: [{ metric: "pck@0.1", decision: "not-enough", score: { clusters: 0 } }, { decision: "no-go" }],
    });
  });

  it("says how many passages failed, or how many may without one having been met", () => {
    const failed = reportOf(evidenceOf({ passages: [...around(0.9, 22), 0.2, 0] }), stamp).metrics[0];
    expect(failed).toMatchObject({ failedPassages: 2, passages: 24, unseenFailures: null });
    const none = reportOf(evidenceOf({ passages: around(0.9, 24) }), stamp).metrics[0];
    expect(none.failedPassages).toBe(0);
    expect(none.unseenFailures).toBeCloseTo(1 - 0.05 ** (1 / 24), 12);
  });

  it("confidence that follows the IoU finds the errors; without errors nothing can be said", () => {
    const mixed = reportOf(evidenceOf({ passages: [...around(0.9, 20), ...around(0.2, 8)] }), stamp).confidence;
    expect(mixed?.mean).toBe(1);
    expect(mixed).toMatchObject({ count: 112, right: 20 / 28 });
    expect(reportOf(evidenceOf({ passages: around(0.9, 24) }), stamp).confidence).toBeNull();
  });

  it("a single wrong mask says nothing of confidence", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    const [, , model] = evidence.methods;
    const [first, ...rest] = model.observations;
    const wrong = { ...first, found: mask(0, 0, 500) };
    const methods = [{ ...model, observations: [wrong, ...rest] }];
    expect(reportOf({ ...evidence, methods }, stamp).confidence).toBeNull();
  });

  it("things that are not to be seen are counted, and those whose mask is empty there", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    const [, , model] = evidence.methods;
    const [first, second, ...rest] = model.observations;
    const absent = [
      { ...first, found: mask(1, 0, 0) },
      { ...second, found: mask(0, 40, 0) },
    ];
    const report = reportOf({ ...evidence, methods: [{ ...model, observations: [...absent, ...rest] }] }, stamp);
    expect(report.metrics[0].absent).toEqual({ count: 2, things: 96, right: 1 });
    expect(reportHtml(report, [], new Words("en"))).toContain("In 2 of 96 cases the object is not to be seen");
  });

  it("cameras and things, the worst first, things by their names", () => {
    const passages = around(0.9, 24).map((mean, i) => (i % 2 === 0 ? mean - 0.2 : mean));
    const [{ cameras, things }] = reportOf(evidenceOf({ passages }), stamp).metrics;
    expect(cameras.map(({ name }) => name)).toEqual(["入口", "camera <b>"]);
    expect(cameras[0].score.mean).toBeCloseTo(cameras[1].score.mean - 0.2, 1);
    expect(cameras[0].score.clusters).toBe(12);
    expect(things.map(({ name }) => name).toSorted()).toEqual(["2", "歯車"]);
  });

  it("nothing tracked: no hours, no metrics", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    expect(reportOf({ ...evidence, methods: [] }, stamp)).toMatchObject({
      decision: "not-enough",
      metrics: [],
      labour: null,
    });
  });
});

describe("the frames shown", () => {
  const ranked = rankedFrames(evidenceOf({ passages: around(0.8, 10, 0.3) }).methods[2].observations);

  it("are ranked, and shown once each: best, median, the worst of different passages", () => {
    expect(ranked).toHaveLength(20);
    const shown = chosen(ranked);
    expect(shown.map(({ kind }) => kind)).toEqual(["best", "median", "worst", "worst", "worst", "worst"]);
    expect(shown[0].score).toBe(Math.max(...ranked.map(({ score }) => score)));
    const worst = shown.filter(({ kind }) => kind === "worst");
    expect(worst[0].score).toBe(Math.min(...ranked.map(({ score }) => score)));
    expect(new Set(worst.map(({ passage }) => passage)).size).toBe(4);
  });

  it("of one frame, one is shown; of none, none", () => {
    expect(chosen(ranked.slice(0, 1)).map(({ kind }) => kind)).toEqual(["best"]);
    expect(chosen([])).toEqual([]);
  });
});
