import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, boolean, integer, record, string } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Annotations } from "../../src/annotations/annotations.ts";
import { mergeFrames } from "../../src/annotations/merge.ts";
import { silent } from "../../src/core/log.ts";
import { boxLine, pointLine, pointsCsv } from "../../src/formats/pointsCsv.ts";
import { readPointLabels } from "../../src/formats/registry.ts";
import { encodedIn } from "./encoded.ts";
import { flatPoints } from "./flat.ts";

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
    [
      "c.json",
      '{"boxes":[{"frame":0,"name":1,"x":1,"y":1,"width":0,"height":4}]}',
      /no usable point and no box: got the box "1" in frame 0 \(its width is 0\)/,
    ],
    ["c.csv", "", /the file is empty/],
    ["c.csv", "frame,x,y\n0,1,1", /lacks the column name: got frame, x, y/],
    ["c.csv", "frame,name,x,y,x\n", /the column "x" occurs twice/],
    ["c.csv", "frame,name,x,y\n0,a,1", /line 2: got 3 values, expected 4/],
    ["c.csv", "frame,name,x,y\n0,a,,1", /got the point "a" in frame 0 \(it has no position\)/],
    [
      "c.csv",
      "frame,name,x,y\n0,a,one,1",
      /c\.csv, line 2, column x: got "one", expected a number with a decimal point/,
    ],
    ["c.csv", 'frame,name,x,y\n0,"a,1,1', /line 2: got a quote that is not closed/],
    ["c.csv", 'frame,name,x,y\n0,"a"b,1,1', /line 2: got "b" after a closing quote/],
    ["c.csv", "frame,name,x,y,visible\n0,a,1,1,perhaps", /visible: got "perhaps", expected 1 or 0/],
    ["c.csv", "frame,name,x,y\n-1,a,1,1", /line 2, column frame: got "-1", expected a whole number from 0/],
    ["c.csv", "frame,name,x,y\n0.5,a,1,1", /column frame: got "0\.5"/],
    ["c.csv", "frame,name,x,y\n,a,1,1", /column frame: got ""/],
    ["c.csv", "frame,name,x,y\n0,,1,1", /column name: got "", expected a name/],
    ["c.csv", "0,a,1,1\n", /line 1: got numbers, expected a header line/],
    ["c.csv", "0,1,16,36\n", /a table of numbers without a header/],
    ["c.json", '[{"frame":0,"name":"a","x":1,"y":1,"visible":2}]', /points\[0\]\.visible/],
    ["c.json", '[{"frame":0,"name":"a","x":NaN,"y":NaN}]', /the point "a" in frame 0 \(it has no position\)/],
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

  it("JSON: in one array of both, what has a width and a height is a box, as in a table", async () => {
    const both = [
      { frame: 0, ...car },
      { frame: 0, ...nose },
    ];
    expect(await read("both.json", JSON.stringify(both))).toEqual({
      objects: [{ name: "nose" }, { name: "car" }],
      frames: [{ frame: 0, points: [nose], boxes: [car] }],
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

  it("one bad entry does not refuse all: it is left out with a warning", async () => {
    const warned: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warned.push(line) };
    const path = join(folder, "bad.csv");
    await writeFile(
      path,
      "frame,name,x,y,width,height\n0,a,1,2,,\n0,b,nan,2,,\n1,c,5,5,-3,4\n1,d,5,5,3,N/A\n2,e,,,,\n",
    );
    const { objects, frames } = await readPointLabels(path, { logger });
    expect(objects).toEqual([{ name: "a" }]);
    expect(frames).toEqual([{ frame: 0, points: [{ name: "a", x: 1, y: 2, visible: true }] }]);
    expect(warned).toEqual([
      `${path}: left out the point "b" in frame 0 (it has no position), the box "c" in frame 1 (its width is -3), the box "d" in frame 1 ` +
        `(its height is no number), the point "e" in frame 2 (it has no position)`,
    ]);
    await writeFile(
      join(folder, "bad.json"),
      '[{"frame":0,"name":"NaN","x":30,"y":50},{"frame":0,"name":"b","x":NaN,"y":-Infinity}]',
    );
    const { frames: left } = await readPointLabels(join(folder, "bad.json"), { logger });
    expect(left).toEqual([{ frame: 0, points: [{ name: "NaN", x: 30, y: 50, visible: true }] }]);
    expect(warned[1]).toContain('left out the point "b" in frame 0');
  });

  it("unless nobody would be told", async () => {
    const text = "frame,name,x,y\n0,a,1,2\n0,b,,2\n";
    await expect(read("bad.csv", text)).rejects.toThrow(
      /bad\.csv has points or boxes that cannot be used: got the point "b"/,
    );
    await expect(read("bad.csv", text)).rejects.toMatchObject({ code: "points/value" });
  });

  it("JSON: visible may be 1 or 0, a hidden point may have no place", async () => {
    const text =
      '[{"frame":0,"name":"a","x":1,"y":2,"visible":1},{"frame":0,"name":"b","x":null,"y":null,"visible":0}]';
    expect((await read("v.json", text)).frames[0].points).toEqual([
      { name: "a", x: 1, y: 2, visible: true },
      { name: "b", x: 0, y: 0, visible: false },
    ]);
  });

  it("names in any encoding; a guess is told", async () => {
    const warned: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warned.push(line) };
    const path = join(folder, "encoded.csv");
    for (const [encoding, name] of [
      ["utf-16le", "nose"],
      ["shift_jis", "左手"],
      ["gb18030", "鼻子"],
      ["windows-1252", "Füße"],
    ]) {
      await writeFile(path, encodedIn(encoding, `frame;name;x;y\r\n0;${name};30,5;50,25\r\n`));
      for (const options of [{ logger }, { encoding, logger }])
        expect(flatPoints(await readPointLabels(path, options))).toEqual([
          { frame: 0, name, x: 30.5, y: 50.25, visible: true },
        ]);
    }
    expect(warned).toHaveLength(3);
    expect(warned[0]).toBe(
      `${path} is not UTF-8: read as shift_jis, which is a guess; if names are wrong, give --encoding NAME`,
    );
    await expect(readPointLabels(path, { encoding: "utf-8" })).rejects.toMatchObject({ code: "text/encoding" });
    await writeFile(join(folder, "sjis.json"), encodedIn("shift_jis", '[{"frame":0,"name":"尾","x":1,"y":2}]'));
    expect((await readPointLabels(join(folder, "sjis.json"))).objects).toEqual([{ name: "尾" }]);
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
    await pointsCsv.write(path, { objects: [], frames: [{ frame: 0 }] });
    await expect(readPointLabels(path)).rejects.toMatchObject({ code: "points/empty" });
  });

  it("boxes are written too, those of masks where they have none of their own", async () => {
    const path = join(folder, "boxes-written.csv");
    const mask = { width: 3, height: 2, data: Uint8Array.of(0, 0, 0, 0, 7, 7) };
    const hidden = { ...car, name: "van", visible: false };
    await pointsCsv.write(path, { objects: [], frames: [{ frame: 4, mask, boxes: [car, hidden] }] });
    expect((await readPointLabels(path)).frames).toEqual([
      { frame: 4, boxes: [{ name: "7", x: 1, y: 1, width: 2, height: 1 }, car] },
    ]);
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
