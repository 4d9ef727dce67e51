import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, boolean, integer, property, record, string } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Annotations } from "../../src/annotations/annotations.ts";
import { mergeFrames } from "../../src/annotations/merge.ts";
import { csvField, parseCsv } from "../../src/formats/csv.ts";
import { boxLine, pointLine, pointsCsv } from "../../src/formats/pointsCsv.ts";
import { readPointLabels } from "../../src/formats/registry.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "points-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, text: string): Promise<Annotations> {
  await writeFile(join(folder, name), text);
  return readPointLabels(join(folder, name));
}

const nose = { name: "nose", x: 10.5, y: 20, visible: true };
const car = { name: "car", x: 5, y: 8, width: 40, height: 20 };

describe("points and boxes", () => {
  it.each([
    ["a.txt", "", /expected points or boxes in a \.json or \.csv file/],
    ["c.json", "{", /c\.json is not JSON/],
    ["c.json", "{}", /has no point and no box/],
    ["c.json", '{"points":[{"frame":0,"name":"a","x":1}]}', /not as expected at points\[0\]\.y/],
    ["c.json", '[{"frame":-1,"name":"a","x":1,"y":1}]', /points\[0\]\.frame/],
    ["c.json", '[{"frame":0,"x":1,"y":1}]', /points\[0\]\.name/],
    [
      "c.json",
      '[{"frame":0,"name":1,"x":1,"y":1},{"frame":0,"name":"1","x":2,"y":1}]',
      /the point "1" twice in frame 0/,
    ],
    ["c.json", '{"boxes":[{"frame":0,"name":1,"x":1,"y":1,"width":0,"height":4}]}', /boxes\[0\]\.width/],
    ["c.csv", "", /the file is empty/],
    ["c.csv", "frame,x,y\n0,1,1", /lacks the column name: got frame, x, y/],
    ["c.csv", "frame,name,x,y,x\n", /the column "x" occurs twice/],
    ["c.csv", "frame,name,x,y\n0,a,1", /line 2: got 3 values, expected 4/],
    ["c.csv", "frame,name,x,y\n0,a,,1", /c\.csv, line 2, is not as expected at x/],
    ["c.csv", "frame,name,x,y\n0,a,one,1", /line 2, is not as expected at x/],
    ["c.csv", 'frame,name,x,y\n0,"a,1,1', /line 2: got a quote that is not closed/],
    ["c.csv", 'frame,name,x,y\n0,"a"b,1,1', /line 2: got "b" after a closing quote/],
    ["c.csv", "frame,name,x,y,visible\n0,a,1,1,perhaps", /visible: got "perhaps", expected 1 or 0/],
  ])("%s %j is refused", async (name, text, says) => {
    await expect(read(name, text)).rejects.toThrow(says);
  });

  it("names a file that is not there", async () => {
    await expect(readPointLabels(join(folder, "none.csv"))).rejects.toMatchObject({ code: "file/missing" });
  });

  it("JSON: points and boxes, or only an array of points; a number is a name too", async () => {
    const [point, box] = [
      { frame: 0, ...nose, score: 1 },
      { frame: 0, ...car },
    ];
    expect(await read("a.json", JSON.stringify({ points: [point], boxes: [box] }))).toEqual({
      objects: [{ name: "nose" }, { name: "car" }],
      frames: [{ frame: 0, points: [nose], boxes: [car] }],
    });
    expect(await read("b.json", '[{"frame":2,"id":7,"x":1,"y":2,"visible":false}]')).toEqual({
      objects: [{ name: "7" }],
      frames: [{ frame: 2, points: [{ name: "7", x: 1, y: 2, visible: false }] }],
    });
  });

  it("CSV: quotes, a byte-order mark, Windows line breaks, boxes by their size", async () => {
    const text =
      '\uFEFFFrame,Name,X,Y,Visible,Width,Height\r\n0,"left ""wrist"", inner",1.5,2,1,,\r\n\r\n0,car,5,8,,40,20\r\n';
    const wrist = { name: 'left "wrist", inner', x: 1.5, y: 2, visible: true };
    expect(await read("a.csv", text)).toEqual({
      objects: [{ name: wrist.name }, { name: "car" }],
      frames: [{ frame: 0, points: [wrist], boxes: [car] }],
    });
  });

  it("CSV with semicolons and ids; a hidden point needs no place; frames come in order, objects as in the file", async () => {
    expect(await read("b.csv", "frame;id;x;y;visible\n1;2;3;4;true\n1;1;;;0\n0;1;5;6;")).toEqual({
      objects: [{ name: "2" }, { name: "1" }],
      frames: [
        { frame: 0, points: [{ name: "1", x: 5, y: 6, visible: true }] },
        {
          frame: 1,
          points: [
            { name: "2", x: 3, y: 4, visible: true },
            { name: "1", x: 0, y: 0, visible: false },
          ],
        },
      ],
    });
  });

  it("time and confidence are read where they are numbers in range, else passed over", async () => {
    const csv = "frame,time,name,x,y,confidence\n0,1.5,a,1,1,0.25\n1,late,a,1,1,high\n2,,a,1,1,1.5\n3,-1,a,1,1,0\n";
    const a = { name: "a", x: 1, y: 1, visible: true };
    expect((await read("c.csv", csv)).frames).toEqual([
      { frame: 0, timeSec: 1.5, points: [{ ...a, confidence: 0.25 }] },
      { frame: 1, points: [a] },
      { frame: 2, points: [a] },
      { frame: 3, timeSec: -1, points: [{ ...a, confidence: 0 }] },
    ]);
    const json = [0.25, "high", 1.5, null].map((confidence, frame) => ({ frame, ...a, confidence, timeSec: "late" }));
    expect((await read("c.json", JSON.stringify(json))).frames).toEqual([
      { frame: 0, points: [{ ...a, confidence: 0.25 }] },
      ...[1, 2, 3].map((frame) => ({ frame, points: [a] })),
    ]);
  });
});

/** Multiples of a decimal step. */
const step = (digits: number, max: number) => integer({ min: 0, max }).map((n) => n / 10 ** digits);

describe("points that are written", () => {
  it("come as lines: rounded, names quoted, empty cells for what is not known", () => {
    expect(pointLine({ frame: 3, timeSec: 1 / 3 }, { name: "a,b", x: 1 / 3, y: 2, confidence: 0.87654 })).toBe(
      '3,0.333333,"a,b",0.333,2,1,0.8765',
    );
    expect(pointLine({ frame: 0 }, { name: "a", x: 1, y: 2, visible: false })).toBe("0,,a,1,2,0,");
    expect(boxLine({ frame: 1, timeSec: 0.5 }, { ...car, confidence: 1 })).toBe("1,0.5,car,5,8,40,20,1");
  });

  it("without any there is the header alone, which is refused when read", async () => {
    const path = join(folder, "none-written.csv");
    await pointsCsv.write(path, { objects: [], frames: [{ frame: 0, boxes: [car] }] });
    await expect(readPointLabels(path)).rejects.toMatchObject({ code: "points/empty" });
  });

  it("a place that cannot be written is the user's error", async () => {
    await writeFile(join(folder, "file"), "");
    const write = pointsCsv.write(join(folder, "file/points.csv"), { objects: [], frames: [] });
    await expect(write).rejects.toMatchObject({ code: "file/write" });
  });

  it("come back, to 0.001 px and 0.0001 of confidence", async () => {
    const point = record({
      frame: integer({ min: 0, max: 4 }),
      name: string({ unit: "grapheme", minLength: 1 }).filter((name) => name.trim() === name),
      x: step(3, 1e7),
      y: step(3, 1e7).map((y) => -y + 0),
      visible: boolean(),
      confidence: step(4, 1e4),
    });
    const path = join(folder, "written.csv");
    await assert(
      asyncProperty(array(point, { minLength: 1, maxLength: 12 }), async (points) => {
        const once = [...new Map(points.map((one) => [JSON.stringify([one.frame, one.name]), one])).values()];
        const frames = mergeFrames(once.map(({ frame, ...rest }) => ({ frame, timeSec: frame / 8, points: [rest] })));
        await pointsCsv.write(path, { objects: [], frames });
        const back = await pointsCsv.read(path);
        expect(back.frames).toEqual(frames);
        expect(new Set(back.objects.map(({ name }) => name))).toEqual(new Set(once.map(({ name }) => name)));
      }),
      { numRuns: 60 },
    );
  });
});

describe("CSV fields", () => {
  it("come back as they were written", () => {
    const value = string({ unit: "grapheme" }).filter((text) => text !== "" && text.trim() === text);
    assert(
      property(array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const header = values.map((_, i) => `c${i}`);
        const { rows } = parseCsv(`${header.join(",")}\n${values.map(csvField).join(",")}\n`, "x.csv");
        expect(rows).toEqual([{ line: 2, values: Object.fromEntries(header.map((c, i) => [c, values[i]])) }]);
      }),
    );
  });
});
