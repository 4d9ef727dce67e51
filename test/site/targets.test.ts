import { describe, expect, it } from "vitest";
import type { SiteTarget } from "../../src/site/siteFile.ts";
import { currentTargets, metricOf, parseTarget, withTargets } from "../../src/site/targets.ts";

const early = { set: "2026-11-01T08:00:00.000Z", afterResults: false };
const late = { set: "2026-11-20T08:00:00.000Z", afterResults: true };

describe("a target", () => {
  it.each([
    ["iou=0.8", { metric: "iou", value: 0.8 }],
    [" iou=.75 ", { metric: "iou", value: 0.75 }],
    ["pck@0.1=0.6", { metric: "pck@0.1", value: 0.6 }],
    ["pck@.2=0.5", { metric: "pck@.2", value: 0.5 }],
  ])("%s", (text, target) => expect(parseTarget(text)).toEqual(target));

  it.each([
    "iou",
    "iou=",
    "iou=1",
    "iou=1.2",
    "iou=80",
    "iou=0",
    "iou=-0.5",
    "iou=0.8.1",
    "f1=0.8",
    "pck@0=0.5",
    "pck@2=0.5",
    "=0.8",
    "",
  ])("%j is none", (text) => expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: "site/target" })));

  it("above 1 is taken for per cent, in the advice only", () => {
    expect(() => parseTarget("iou=80")).toThrow("write 0.8 if 80 % is meant");
    expect(() => parseTarget("iou=80%")).toThrow("write 0.8 if 80 % is meant");
    expect(() => parseTarget("iou=1.2")).toThrow(/between 0 and 1$/u);
  });

  it("has a metric with its threshold", () => {
    expect(metricOf("iou")).toEqual({ kind: "iou" });
    expect(metricOf("pck@0.05")).toEqual({ kind: "pck", threshold: 0.05 });
    expect(metricOf("pck")).toBeUndefined();
  });
});

describe("targets over time", () => {
  const first = withTargets([], [{ metric: "iou", value: 0.8 }], early);

  it("the last value of a metric counts, with what it was before", () => {
    const all = withTargets(
      first,
      [
        { metric: "iou", value: 0.7 },
        { metric: "pck@0.1", value: 0.5 },
      ],
      late,
    );
    expect(currentTargets(all)).toEqual([
      { metric: "iou", value: 0.7, ...late, before: [{ metric: "iou", value: 0.8, ...early }] },
      { metric: "pck@0.1", value: 0.5, ...late, before: [] },
    ]);
  });

  it("setting the same value again is no change", () => {
    expect(withTargets(first, [{ metric: "iou", value: 0.8 }], late)).toEqual(first);
  });

  it("a withdrawn one is gone, and can come back", () => {
    const gone: SiteTarget[] = [...first, { metric: "iou", value: null, ...late }];
    expect(currentTargets(gone)).toEqual([]);
    expect(currentTargets(withTargets(gone, [{ metric: "iou", value: 0.8 }], late))).toMatchObject([
      { value: 0.8, afterResults: true, before: [{ value: 0.8 }, { value: null }] },
    ]);
  });
});
