import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPointLabels } from "../../src/formats/registry.ts";
import type { TrackRecord } from "../../src/annotations/trackRecord.ts";
import { TrackFiles } from "../../src/results/trackFiles.ts";
import { flatBoxes, flatPoints } from "../formats/flat.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-tables-"));
});
afterEach(() => rm(folder, { recursive: true }));

const record = (of: Partial<TrackRecord>): TrackRecord => {
  const speed = { raw: null, smooth: null };
  const none = { place: null, box: null, area: null };
  return {
    frame: 0,
    timeSec: 0,
    name: "a",
    label: 1,
    visible: true,
    confidence: 1,
    state: "visible",
    ...none,
    speed,
    ...of,
  };
};
const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

describe("TrackFiles", () => {
  it("one header and a row for each frame and object", async () => {
    const files = new TrackFiles(folder, { labels: [], mmPerPx: null });
    await files.append([record({}), record({ name: "b" })]);
    await files.append([record({ frame: 1 }), record({ frame: 1, name: "b" })]);
    expect(await files.finish()).toEqual([join(folder, "tracks.csv"), join(folder, "tracks.jsonl")]);
    const lines = (await read("tracks.csv")).split("\n");
    expect(lines[0]).toMatch(/^frame,time_s,object,visible/);
    expect(lines.slice(1).map((line) => line.slice(0, 5))).toEqual(["0,0,a", "0,0,b", "1,0,a", "1,0,b", ""]);
    const objects = (await read("tracks.jsonl")).trimEnd().split("\n");
    expect(objects.map((line) => (JSON.parse(line) as { object: string }).object)).toEqual(["a", "b", "a", "b"]);
    expect((await readdir(folder)).sort()).toEqual(["tracks.csv", "tracks.jsonl"]);
  });

  it("a byte-order mark only where names need it", async () => {
    const files = new TrackFiles(folder, { labels: ["points"], mmPerPx: null });
    await files.append([record({ name: "手首", place: [1, 2] })]);
    await files.finish();
    expect(await read("tracks.csv")).toMatch(/^\uFEFFframe,/);
    expect(flatPoints(await readPointLabels(join(folder, "points.csv")))).toMatchObject([{ name: "手首", x: 1, y: 2 }]);
  });

  it("boxes and points can be read again as labels: boxes where they are visible, points with their guess", async () => {
    const boxes = new TrackFiles(folder, { labels: ["boxes"], mmPerPx: null });
    const box = [5, 6, 7, 8] as const;
    await boxes.append([record({ box, area: 56 }), record({ name: "b", box, visible: false, state: "hidden" })]);
    await boxes.finish();
    expect(await read("boxes.csv")).toBe(
      "frame,time,name,x,y,width,height,confidence,state\n0,0,a,5,6,7,8,1,visible\n",
    );
    expect(flatBoxes(await readPointLabels(join(folder, "boxes.csv")))).toEqual([
      { frame: 0, name: "a", x: 5, y: 6, width: 7, height: 8, confidence: 1 },
    ]);
    const points = new TrackFiles(folder, { labels: ["points"], mmPerPx: null });
    await points.append([record({ place: [1, 2], visible: false, state: "left" })]);
    await points.finish();
    expect(await read("points.csv")).toBe("frame,time,name,x,y,visible,confidence,state\n0,0,a,1,2,0,1,left\n");
    expect(flatPoints(await readPointLabels(join(folder, "points.csv")))).toEqual([
      { frame: 0, name: "a", x: 1, y: 2, visible: false, confidence: 1 },
    ]);
  });
});
