/** What trials and the stream come to, by hand. */
import { describe, expect, it } from "vitest";
import type { AdaptationTrial, StreamPhase } from "../../src/tasks/evaluate/adaptation.ts";
import { adaptationTable, forgetting, trialTotals } from "../../src/tasks/evaluate/adaptationTable.ts";

const trial = (accepted: boolean, before: number, learned: number): AdaptationTrial => ({
  trial: 1,
  look: "night",
  accepted,
  reason: accepted ? "better" : "not better",
  before,
  learned,
});

describe("trials", () => {
  it("accepted ones that lose more than half a point are worse; refused ones that gain more are missed", () => {
    const trials = [
      trial(true, 0.5, 0.55),
      trial(true, 0.5, 0.496),
      trial(true, 0.5, 0.49),
      trial(false, 0.5, 0.6),
      trial(false, 0.5, 0.3),
    ];
    expect(trialTotals(trials)).toEqual({ trials: 5, accepted: 3, worse: 1, missed: 1, gain: 0 });
    expect(trialTotals(trials.slice(0, 2)).gain).toBeCloseTo(0.05);
    expect(trialTotals([]).gain).toBeNaN();
  });
});

const phase = (
  arrived: StreamPhase["arrived"],
  watched: StreamPhase["watched"],
  plain: StreamPhase["plain"],
): StreamPhase => ({
  arrived,
  why: "",
  watched,
  plain,
});

describe("forgetting", () => {
  const phases = [
    phase("day", { day: 0.6 }, { day: 0.6 }),
    phase("night", { day: 0.62, night: 0.4 }, { day: 0.5, night: 0.5 }),
    phase("product", { day: 0.61, night: 0.42, product: 0.7 }, { day: 0.45, night: 0.3, product: 0.2 }),
  ];
  it("is the mean fall of earlier looks from their best; the look that came last is none of them", () => {
    // Day 0.62 to 0.61, night stays at its best.
    expect(forgetting(phases, "watched")).toBeCloseTo(0.005);
    // Day 0.6 to 0.45, night 0.5 to 0.3.
    expect(forgetting(phases, "plain")).toBeCloseTo(0.175);
    expect(forgetting(phases.slice(0, 1), "plain")).toBeNaN();
  });
  it("stands below the tables", () => {
    const text = adaptationTable({ benchmark: "adaptation", trials: [trial(true, 0.5, 0.49)], phases });
    expect(text).toContain("1 of 1 accepted, 1 of them worse; 0 refused that were better; median gain -1.0 points");
    expect(text).toContain("forgotten: 0.5 points watched, 17.5 by plain fine-tuning");
    expect(text).toMatch(/night.*0\.620.*0\.500.*0\.400.*0\.500/u);
  });
});
