import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Recorder } from "../../src/results/recorder.ts";
import { ResultWriter } from "../../src/results/resultWriter.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-writer-"));
});
afterEach(() => rm(folder, { recursive: true }));

const picture = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) };
const point = { name: "a", x: 8, y: 8, visible: true, confidence: 1 };

describe("ResultWriter", () => {
  it("without a frame there is no file", async () => {
    const tables = { labels: ["points"] as const, mmPerPx: null };
    const writer = new ResultWriter({ out: folder, masks: true, video: undefined, tables, pictures: true });
    expect(await writer.finish()).toEqual({ overlay: null, tables: [], pictures: [] });
    expect(await readdir(folder)).toEqual([]);
  });

  it("aborted: the rows so far stay, under their names", async () => {
    const tables = { labels: [], mmPerPx: null };
    const writer = new ResultWriter({ out: folder, masks: false, video: undefined, tables, pictures: true });
    const moment = { index: 0, timeSec: 0 };
    await writer.write({ name: "0", picture, records: new Recorder().points(moment, [point]) });
    await writer.abort();
    expect((await readdir(folder)).sort()).toEqual(["tracks.csv", "tracks.jsonl"]);
  });

  it("takes frames without records, as a loop of one's own may give them", async () => {
    const writer = new ResultWriter({ out: folder, masks: true, video: undefined });
    await writer.write({ name: "0", picture, labels: { width: 16, height: 16, data: new Uint8Array(256) } });
    expect(await writer.finish()).toEqual({ overlay: null, tables: [], pictures: [] });
    expect(await readdir(folder)).toEqual(["masks"]);
  });
});
