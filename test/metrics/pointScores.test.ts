import { describe, expect, it } from "vitest";
import { ConfusionMatrix } from "../../src/metrics/meanIou.ts";
import { pckScore } from "../../src/metrics/pck.ts";
import { meanTapVidScore, queryFrames, tapVidScore, toTapVid } from "../../src/metrics/tapVid.ts";

const at = (x: number, y: number) => ({ x, y });

const map = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

const seen = (x: number, y = 0) => ({ x, y, visible: true });
const hidden = (x: number, y = 0) => ({ x, y, visible: false });

const track = (x: number, frames: number) => ({
  query: 0,
  truth: Array.from({ length: frames }, () => seen(0)),
  predicted: Array.from({ length: frames }, () => seen(x)),
});

/** The true joints span 30 × 40, so the box is 0.6 · 50 = 30 px and t = 0.1 means 3 px. */
const TRUTH = [at(10, 10), at(40, 50)];

const clip = (frames: number, hit: boolean) => ({
  truth: Array.from({ length: frames }, () => TRUTH),
  predicted: Array.from({ length: frames }, () => (hit ? TRUTH : [at(99, 99), at(99, 99)])),
});

describe("PCK", () => {
  it("counts a distance equal to the threshold, leaves out the first frame, averages the joints", () => {
    const predicted = [
      [at(0, 0), at(0, 0)],
      [at(13, 10), at(40, 53.5)],
      [at(10, 10), null],
    ];
    const score = pckScore([{ truth: [TRUTH, TRUTH, TRUTH], predicted }], [0.1, 0.2]);
    expect(score).toEqual({
      thresholds: [0.1, 0.2],
      perJoint: [
        [1, 0],
        [1, 0.5],
      ],
      mean: [0.5, 0.75],
      count: 4,
    });
  });

  it("pools the frames of all clips before it averages", () => {
    expect(pckScore([clip(2, true), clip(4, false)]).mean[0]).toBe(0.25);
  });

  it("a joint that is not annotated counts neither for the box nor for the score", () => {
    const seen = [at(10, 10), at(40, 50), null];
    const predicted = [at(10, 13), at(40, 50), at(0, 0)];
    const { perJoint, mean, count } = pckScore([{ truth: [seen, seen], predicted: [predicted, predicted] }], [0.1]);
    expect(perJoint[0]).toEqual([1, 1, Number.NaN]);
    expect([mean[0], count]).toEqual([1, 2]);
  });

  it("joints all in one place: only an exact hit is correct", () => {
    const one = [at(5, 5), at(5, 5)];
    const { perJoint } = pckScore([{ truth: [one, one], predicted: [one, [at(5, 5), at(5, 5.001)]] }]);
    expect(perJoint[4]).toEqual([1, 0]);
  });

  it("refuses what does not belong together", () => {
    expect(() => pckScore([{ truth: [TRUTH, TRUTH], predicted: [TRUTH] }])).toThrow("1 predicted of 2 frames");
    expect(() => pckScore([{ truth: [TRUTH, TRUTH], predicted: [TRUTH, [at(1, 1)]] }])).toThrow("2 and 1 joints");
  });
});

describe("TAP-Vid", () => {
  it("by hand: a hit, a near miss, a hidden point taken for visible, a visible one taken for hidden", () => {
    const truth = [seen(0), seen(0), seen(0), hidden(0), seen(0)];
    const predicted = [seen(50), seen(0.5), seen(3), seen(0), hidden(0)];
    const score = tapVidScore([{ query: 0, truth, predicted }], "first");
    expect(score.occlusionAccuracy).toBe(2 / 4);
    // Of three visible truths, those within 1 and 2 px are the first and the last; from 4 px on all are.
    expect(score.within).toEqual([2 / 3, 2 / 3, 1, 1, 1]);
    // Hits that were said to be visible over three truths and the false alarms.
    expect(score.jaccard).toEqual([1 / 5, 1 / 5, 2 / 4, 2 / 4, 2 / 4]);
    expect(score.averageJaccard).toBeCloseTo((0.2 + 0.2 + 1.5) / 5, 12);
  });

  it("first scores the frames after the query, strided all others", () => {
    const truth = [seen(0), seen(0), seen(0)];
    const predicted = [hidden(0), hidden(0), seen(0)];
    expect(tapVidScore([{ query: 1, truth, predicted }], "first").occlusionAccuracy).toBe(1);
    expect(tapVidScore([{ query: 1, truth, predicted }], "strided").occlusionAccuracy).toBe(0.5);
  });

  it("a distance equal to the threshold is not within it", () => {
    const truth = [seen(0), seen(0)];
    expect(tapVidScore([{ query: 0, truth, predicted: [seen(0), seen(1)] }], "first").within[0]).toBe(0);
  });

  it("queries, and the 256 × 256 frame", () => {
    const visible = [false, true, true, true, true, true, false, true, true, true, true];
    expect(queryFrames(visible, "first")).toEqual([1]);
    expect(queryFrames(visible, "strided")).toEqual([5, 10]);
    expect(queryFrames([false, false], "first")).toEqual([]);
    expect(toTapVid(at(427, 480), { width: 854, height: 480 })).toEqual(at(128, 256));
  });

  it("a data set's score is the mean over its videos, whatever their length", () => {
    const [right, wrong] = [tapVidScore([track(0, 3)], "first"), tapVidScore([track(100, 9)], "first")];
    const mean = meanTapVidScore([right, wrong, tapVidScore([], "first")]);
    expect([mean.averageJaccard, mean.within[0], mean.tracks]).toEqual([0.5, 0.5, 2]);
  });
});

describe("mean IoU", () => {
  it("by hand, pooled over frames, void truth left out", () => {
    const matrix = new ConfusionMatrix();
    matrix.add(map(1, 1, 2, 255), map(1, 2, 2, 1));
    matrix.add(map(1, 2), map(1, 0));
    expect(matrix.classes()).toEqual([1, 2]);
    const score = matrix.score([1, 2, 3]);
    expect(score.perClass).toEqual({ 1: 2 / 3, 2: 1 / 3, 3: null });
    expect(score.mean).toBe(0.5);
    expect(score.pixels).toBe(5);
  });

  it("void as a prediction is wrong", () => {
    const matrix = new ConfusionMatrix();
    matrix.add(map(1, 1), map(1, 255));
    expect(matrix.score([1]).mean).toBe(0.5);
  });

  it("refuses frames of two sizes", () => {
    expect(() => new ConfusionMatrix().add(map(1), map(1, 1))).toThrow("a prediction of 2x1 for 1x1");
  });
});
