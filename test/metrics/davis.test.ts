import { describe, expect, it } from "vitest";
import { davisScore, objectsIn, type SequenceScore, sequenceScorer, unknownLabel } from "../../src/metrics/davis.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";

/** 0..9 stand for themselves, v for 255. */
function labels(...rows: readonly string[]): LabelMap {
  const data = Uint8Array.from(rows.join(""), (character) => (character === "v" ? 255 : Number(character)));
  return { width: rows[0].length, height: rows.length, data };
}

function score(
  truth: LabelMap,
  prediction: LabelMap,
  first = truth,
  how: "background" | "ignore" = "background",
): SequenceScore {
  const scorer = sequenceScorer(objectsIn(first), how);
  scorer.add(prediction, truth);
  return scorer.score();
}

const object = (J: number[], F: number[]) => ({ J, F, J_mean: J[0], F_mean: F[0] });

describe("which objects the truth names", () => {
  it("ids of the first frame, without background and void", () => {
    expect(objectsIn(labels("0213v"))).toEqual({ binary: false, ids: [1, 2, 3] });
  });

  it("0 and 255 only: one binary object", () => {
    expect(objectsIn(labels("0v"))).toEqual({ binary: true, ids: [1] });
  });

  it("none in an empty mask", () => {
    expect(objectsIn(labels("00")).ids).toEqual([]);
  });

  it("a label above the largest id is unknown; 255 never is", () => {
    expect(unknownLabel(labels("0123v"), { binary: false, ids: [1, 2] })).toBe(3);
    expect(unknownLabel(labels("012v"), { binary: false, ids: [1, 2] })).toBeUndefined();
    expect(unknownLabel(labels("02"), { binary: true, ids: [1] })).toBe(2);
    expect(unknownLabel(labels("01v"), { binary: true, ids: [1] })).toBeUndefined();
  });
});

describe("scores of objects", () => {
  it("each object has its own J", () => {
    const { objects } = score(labels("110022"), labels("100222"));
    expect(Object.keys(objects)).toEqual(["1", "2"]);
    expect(objects["1"].J).toEqual([1 / 2]);
    expect(objects["2"].J).toEqual([2 / 3]);
  });

  it("an object that leaves, in truth and prediction, scores 1", () => {
    const { objects } = score(labels("1100"), labels("1100"), labels("1122"));
    expect([objects["2"].J_mean, objects["2"].F_mean]).toEqual([1, 1]);
  });

  it("binary truth takes 1 and 255 for the object", () => {
    for (const prediction of [labels("110"), labels("vv0"), labels("1v0")])
      expect(score(labels("vv0"), prediction).objects["1"].J).toEqual([1]);
  });

  it("void is background by default, left out on wish, and the object of binary truth in both cases", () => {
    const [truth, prediction] = [labels("11v0", "0000"), labels("1110", "0000")];
    expect(score(truth, prediction).objects["1"].J).toEqual([2 / 3]);
    const ignoring = score(truth, prediction, truth, "ignore").objects["1"];
    expect([ignoring.J, ignoring.F]).toEqual([[1], [1]]);
    expect(score(labels("vv0"), labels("100"), undefined, "ignore").objects["1"].J).toEqual([1 / 2]);
  });

  it("an id that the first frame lacks is not scored", () => {
    expect(Object.keys(score(labels("013"), labels("011"), labels("013")).objects)).toEqual(["1", "3"]);
  });
});

describe("the benchmark", () => {
  it("averages over objects, so a sequence of two counts twice", () => {
    const { JF_mean, J, F } = davisScore(
      {
        one: { JF_mean: 0, objects: { "1": object([0.9], [0.6]) } },
        two: { JF_mean: 0, objects: { "1": object([0.3], [0]), "2": object([0.3], [0]) } },
      },
      {},
    );
    expect(J.mean).toBeCloseTo(0.5, 12);
    expect(J.recall).toBeCloseTo(1 / 3, 12);
    expect(F.mean).toBeCloseTo(0.2, 12);
    expect(JF_mean).toBeCloseTo(0.35, 12);
  });

  it("a sequence's JF is the mean over its objects of the means over frames", () => {
    const scorer = sequenceScorer({ binary: false, ids: [1, 2] }, "background");
    scorer.add(labels("1122"), labels("1122"));
    scorer.add(labels("1000"), labels("1122"));
    const { JF_mean, objects } = scorer.score();
    expect(objects["1"].J_mean).toBe(0.75);
    expect(objects["2"].J_mean).toBe(0.5);
    const parts = Object.values(objects).map(({ J_mean, F_mean }) => (J_mean + F_mean) / 2);
    expect(JF_mean).toBeCloseTo((parts[0] + parts[1]) / 2, 12);
  });

  it("has at least one object", () => {
    expect(() => davisScore({}, {})).toThrow("internal:");
  });
});
