/** @file PCK, TAP-Vid and mean IoU against stored results of the official evaluation codes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfusionMatrix } from "../../src/metrics/meanIou.ts";
import { pckScore } from "../../src/metrics/pck.ts";
import { TAPVID_THRESHOLDS, tapVidScore } from "../../src/metrics/tapVid.ts";
import { readMaskPng } from "../../src/video/masks/maskPng.ts";

const DATA = join(import.meta.dirname, "../../../shared/data");
const EXPECTED = join(DATA, "reference-eval");
const absent = !existsSync(EXPECTED);
const word = absent ? " (skipped: ../shared/data is absent)" : "";

const load = (file: string): unknown => JSON.parse(readFileSync(join(DATA, file), "utf8"));
type Joints = [number, number][];
type ExpectedPck = Record<string, { mean: number; per_joint: number[] }>;

const points = (frames: readonly Joints[]) => frames.map((joints) => joints.map(([x, y]) => ({ x, y })));

describe.skipIf(absent)(`equal to the official codes${word}`, () => {
  it("PCK of six JHMDB clips: a noisy prediction, and nothing moves", () => {
    const stored = load("reference-eval/jhmdb-pck.json") as {
      predictions: Record<string, Joints[]>;
      expected: ExpectedPck;
      expected_copy_first_frame: ExpectedPck;
    };
    const clips = Object.entries(stored.predictions).map(([clip, frames]) => {
      const { frames: truth } = load(`keypoints/JHMDB/${clip}.json`) as { frames: { joints: Joints }[] };
      return { truth: points(truth.map(({ joints }) => joints)), predicted: points(frames) };
    });
    const still = clips.map(({ truth }) => ({ truth, predicted: truth.map(() => truth[0]) }));
    for (const [got, expected] of [
      [pckScore(clips), stored.expected],
      [pckScore(still), stored.expected_copy_first_frame],
    ] as const)
      for (const [t, threshold] of got.thresholds.entries()) {
        const { mean, per_joint } = expected[threshold.toFixed(1)];
        expect(got.mean[t] * 100).toBeCloseTo(mean, 9);
        got.perJoint[t].forEach((value, j) => expect(value * 100).toBeCloseTo(per_joint[j], 9));
      }
  });

  it("TAP-Vid, first and strided", () => {
    const stored = load("reference-eval/tapvid.json") as {
      query_points: number[][][];
      gt_occluded: boolean[][][];
      pred_occluded: boolean[][][];
      gt_tracks: Joints[][];
      pred_tracks: Joints[][];
      expected: Record<"first" | "strided", Record<string, number>>;
    };
    const states = (tracks: Joints[][], occluded: boolean[][][], i: number) =>
      tracks[0][i].map(([x, y], t) => ({ x, y, visible: !occluded[0][i][t] }));
    const tracks = stored.query_points[0].map(([query], i) => ({
      query,
      truth: states(stored.gt_tracks, stored.gt_occluded, i),
      predicted: states(stored.pred_tracks, stored.pred_occluded, i),
    }));
    for (const mode of ["first", "strided"] as const) {
      const got = tapVidScore(tracks, mode);
      const expected = stored.expected[mode];
      expect(got.occlusionAccuracy).toBeCloseTo(expected["occlusion_accuracy"], 12);
      expect(got.averageJaccard).toBeCloseTo(expected["average_jaccard"], 12);
      for (const [t, threshold] of TAPVID_THRESHOLDS.entries()) {
        expect(got.within[t]).toBeCloseTo(expected[`pts_within_${threshold}`], 12);
        expect(got.jaccard[t]).toBeCloseTo(expected[`jaccard_${threshold}`], 12);
      }
    }
  });

  it("mean IoU of the copied first frame of CamVid", async () => {
    const stored = load("reference-eval/camvid-miou-copy-first.json") as {
      sequence: string;
      iou_per_class: number[];
      miou_classes_1_to_11: number;
    };
    const folder = join(DATA, "segmentation/CamVid/Annotations/360p", stored.sequence);
    const names = readdirSync(folder).sort();
    const first = await readMaskPng(join(folder, names[0]));
    const copy = { ...first, data: first.data.map((label) => (label === 255 ? 0 : label)) };
    const matrix = new ConfusionMatrix();
    for (const name of names.slice(1)) matrix.add(await readMaskPng(join(folder, name)), copy);
    const classes = Array.from({ length: 11 }, (_, i) => i + 1);
    const got = matrix.score(classes);
    expect(got.mean).toBeCloseTo(stored.miou_classes_1_to_11, 12);
    for (const label of classes) expect(got.perClass[label]).toBeCloseTo(stored.iou_per_class[label], 12);
  });
});
