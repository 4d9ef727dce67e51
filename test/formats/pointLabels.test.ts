import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, property, string } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvField, parseCsv } from "../../src/formats/csv.ts";
import { type PointLabels, readPointLabels } from "../../src/formats/pointLabels.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "points-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, text: string): Promise<PointLabels> {
  await writeFile(join(folder, name), text);
  return readPointLabels(join(folder, name));
}

const nose = { frame: 0, name: "nose", x: 10.5, y: 20, visible: true };
const car = { frame: 0, name: "car", x: 5, y: 8, width: 40, height: 20 };

describe("points and boxes", () => {
  it("JSON: points and boxes, or only an array of points; a number is a name too", async () => {
    const text = JSON.stringify({ points: [{ ...nose, score: 1 }], boxes: [car] });
    expect(await read("a.json", text)).toEqual({ points: [nose], boxes: [car] });
    expect(await read("b.json", '[{"frame":2,"id":7,"x":1,"y":2,"visible":false}]')).toEqual({
      points: [{ frame: 2, name: "7", x: 1, y: 2, visible: false }],
      boxes: [],
    });
  });

  it("CSV: quotes, a byte-order mark, Windows line breaks, boxes by their size", async () => {
    const text =
      '\uFEFFFrame,Name,X,Y,Visible,Width,Height\r\n0,"left ""wrist"", inner",1.5,2,1,,\r\n\r\n0,car,5,8,,40,20\r\n';
    expect(await read("a.csv", text)).toEqual({
      points: [{ frame: 0, name: 'left "wrist", inner', x: 1.5, y: 2, visible: true }],
      boxes: [car],
    });
  });

  it("CSV with semicolons and ids; a hidden point needs no place", async () => {
    expect(await read("b.csv", "frame;id;x;y;visible\n0;1;3;4;true\n1;1;;;0")).toEqual({
      points: [
        { frame: 0, name: "1", x: 3, y: 4, visible: true },
        { frame: 1, name: "1", x: 0, y: 0, visible: false },
      ],
      boxes: [],
    });
  });

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
    ["c.csv", "frame,name,x,y,x\n", /the column "x" is there twice/],
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
