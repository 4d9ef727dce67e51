import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawn, Workplace } from "./written.ts";

let work: Workplace;
beforeAll(async () => {
  work = await Workplace.make();
});
afterAll(() => work[Symbol.asyncDispose]());

/** By hand, after what DIVE's `export_tracks_as_csv` writes. */
const HEADER =
  "# 1: Detection or Track-id,2: Video or Image Identifier,3: Unique Frame Identifier,4-7: Img-bbox(TL_x,TL_y,BR_x," +
  "BR_y),8: Detection or Length Confidence,9: Target Length (0 or -1 if invalid),10-11+: Repeated Species,Confidence Pairs or Attributes";
const DIVE = `${HEADER}
# metadata,fps: 5,"exported_by: ""dive:python"""
0,00:00:00.000000,0,1,2,4,6,0.9,-1,crab,0.3,fish,0.9,(atr) eating true,(kp) head 1 3,(poly) 1 2 4 2 4 6 1 6
0,00:00:00.400000,2,2,2,5,6,0.8,12.5,fish,0.8
7,,2,0,0,2,2,0.5,-1,fish,0.5
`;
const bad = (row: string): string => `${HEADER}\n0,,0,1,2,4,6,1,-1,fish,1\n${row}\n`;

const square = (x: number, size: number) =>
  [
    [0, 0],
    [size, 0],
    [size, size],
    [0, size],
  ].map(([dx, dy]) => ({ x: x + dx, y: x + dy }));

describe("a file of VIAME", () => {
  it("is read as DIVE reads it", async () => {
    await work.write("dive.csv", DIVE);
    const { format, said, objects, frames } = await work.read("dive.csv");
    expect(format).toBe("viame");
    expect(said).toEqual(["dive.csv: left out attributes other than polygons and key points: 1"]);
    expect(objects).toEqual([
      { name: "fish 0 head" },
      { name: "fish 0", class: "fish" },
      { name: "fish 7", class: "fish" },
    ]);
    expect(frames.map(({ frame, boxes }) => [frame, boxes])).toEqual([
      [0, [{ name: "fish 0", x: 1, y: 2, width: 3, height: 4, confidence: 0.9 }]],
      [
        2,
        [
          { name: "fish 0", x: 2, y: 2, width: 3, height: 4, confidence: 0.8 },
          { name: "fish 7", x: 0, y: 0, width: 2, height: 2, confidence: 0.5 },
        ],
      ],
    ]);
    expect(frames[0].points).toEqual([
      { name: "fish 0 head", x: 1, y: 3, visible: true, of: { object: "fish 0", part: "head" } },
    ]);
    expect(drawn(frames[0], { width: 5, height: 7 })).toEqual([
      ".....",
      ".....",
      ".###.",
      ".###.",
      ".###.",
      ".###.",
      ".....",
    ]);
  });

  it("is told without its header, and pictures by name", async () => {
    await work.write("bare.csv", "3,cam/00012.png,1,0,0,4,4,0.5,-1,cod,0.7\n3,cam/00013.png,2,0,0,4,4,0.5,-1\n");
    const { format, frames } = await work.read("bare.csv");
    expect(format).toBe("viame");
    expect(frames).toMatchObject([
      { frame: 1, image: "00012", boxes: [{ name: "object", confidence: 0.7 }] },
      { frame: 2, image: "00013", boxes: [{ name: "object", confidence: 0.5 }] },
    ]);
  });

  it.each([
    ["0,,1,1,2", "csv/invalid", /line 3: got 5 values, expected 9 or more/],
    ["0,,1,a,2,4,6,1,-1,fish,1", "csv/invalid", /line 3, column 4: got "a"/],
    ["x,,1,1,2,4,6,1,-1,fish,1", "csv/invalid", /line 3, column 1/],
    ["0,,-1,1,2,4,6,1,-1,fish,1", "format/limit", /line 3: the frame is not the index of a frame: got -1/],
    ["0,,1,1,2,4,6,1,-1,fish,1,(poly) 1 2 3", "csv/invalid", /line 3: \(poly\): got 1 2 3, expected pairs/],
    ["0,,1,1,2,4,6,1,-1,fish,1,(kp) head 1", "csv/invalid", /line 3: \(kp\): got head 1/],
    ["0,,0,1,2,4,6,1,-1,fish,1", "points/twice", /twice in frame 0/],
    ['0,"a,1,1,2,4,6,1,-1,fish,1', "csv/invalid", /a quote that is not closed/],
  ])("with the row %s is refused", async (row, code, message) => {
    await work.write("bad.csv", bad(row));
    const reading = work.read("bad.csv");
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(message);
  });

  it("with a header alone is empty", async () => {
    await work.write("empty.csv", `${HEADER}\n`);
    await expect(work.read("empty.csv")).rejects.toMatchObject({ code: "points/empty" });
  });

  it("is written as DIVE writes it, with a box around points and one ring", async () => {
    const given = {
      objects: [{ name: "a", class: "sea, star" }],
      frames: [
        { frame: 4, image: "00012", polygons: [{ name: "a", rings: [square(0, 6), square(2, 2)], confidence: 0.25 }] },
        { frame: 5, points: [{ name: "nose", x: 3, y: 4 }] },
      ],
    };
    expect(await work.convert("viame", "out.csv", given)).toEqual([
      "viame holds no names: dropped those of 1 object",
      "viame holds one outline a thing: joined the parts and holes of 1 by lines of no width",
      "viame holds a box for each thing: wrote 1 around points",
    ]);
    const [header, first, second] = (await work.text("out.csv")).split("\n");
    expect(header).toBe(HEADER);
    expect(first).toMatch(/^1,00012\.png,4,0,0,6,6,0\.25,-1,"sea, star",0\.25,\(poly\) 0 0 /u);
    expect(second).toBe("2,,5,2.5,3.5,3.5,4.5,1,-1,points,1,(kp) nose 3 4");
    const { frames } = await work.read("out.csv");
    expect(frames.map(({ frame, image }) => [frame, image])).toEqual([
      [4, "00012"],
      [5, undefined],
    ]);
    expect(drawn(frames[0], { width: 6, height: 6 })[2]).toBe("##..##");
  });
});
