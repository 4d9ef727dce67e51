import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTapVidPrediction, readTapVidTruth } from "../../src/formats/tapVidArrays.ts";

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "arrays-")), "a.json");
});
afterAll(() => rm(join(path, ".."), { recursive: true }));

const write = (value: unknown): Promise<void> => writeFile(path, JSON.stringify(value));

const truth = { query_points: [[0, 5, 6]], gt_tracks: [[[6, 5]]], gt_occluded: [[false]] };

describe("TAP-Vid's arrays", () => {
  it("other contents are nobody's error, but a file that is no JSON is", async () => {
    await write({ ...truth, query_points: [[0, 5]] });
    expect(await readTapVidTruth(path)).toBeUndefined();
    await write({ ...truth, gt_occluded: [[0]] });
    expect(await readTapVidTruth(path)).toBeUndefined();
    await write([]);
    expect(await readTapVidPrediction(path)).toBeUndefined();
    await writeFile(path, "{");
    await expect(readTapVidTruth(path)).rejects.toMatchObject({ code: "json/invalid" });
    await expect(readTapVidPrediction(`${path}.none`)).rejects.toMatchObject({ code: "file/missing" });
  });

  it("with or without the axis of videos", async () => {
    await write(truth);
    expect(await readTapVidTruth(path)).toEqual(truth);
    await write({ ...truth, gt_tracks: [truth.gt_tracks], query_points: [truth.query_points] });
    expect(await readTapVidTruth(path)).toEqual(truth);
    await write({ pred_tracks: [[[[6, 5]]]], pred_occluded: [[true]] });
    expect(await readTapVidPrediction(path)).toEqual({ pred_tracks: [[[6, 5]]], pred_occluded: [[true]] });
  });

  it("of several videos are not read", async () => {
    await write({ ...truth, gt_tracks: [truth.gt_tracks, truth.gt_tracks] });
    expect(await readTapVidTruth(path)).toBeUndefined();
  });
});
