/** @file YOLO, MOTChallenge, MOTS and Pascal VOC: files by hand from their definitions. */
import { readFile } from "node:fs/promises";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inPixels } from "../../src/annotations/inPixels.ts";
import { namesInYaml, yoloYaml } from "../../src/formats/yoloNames.ts";
import { drawn, Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

describe("YOLO's names of classes", () => {
  it.each([
    ["names: [person, 'a b', \"c, d\"]", ["person", "a b", "c, d"]],
    ["path: x\nnames:\n  0: person # first\n  2: car\nnc: 3", ["person", "class 1", "car"]],
    ["names:\n- person\n- 'it''s'\ntrain: a", ["person", "it's"]],
    ["names: [\n  a,\n  b\n]\nnc: 2", ["a", "b"]],
    ["names: {0: a, 1: b}", ["a", "b"]],
    ["nc: 2", []],
    ["", []],
  ])("%j", (text, names) => {
    expect(namesInYaml(text)).toEqual({ names });
  });

  it("and the number of key points, written and read", () => {
    const given = { names: ['say "hi"', "back\\slash", "# no comment"], keypoints: [3, 2] as const };
    expect(namesInYaml(yoloYaml(given))).toEqual(given);
  });
});

describe("YOLO", () => {
  const size = { width: 100, height: 50 };

  it("boxes by their centres, with what predictions add", async () => {
    await place.write("y/labels/b_2.txt", "1 0.5 0.5 0.2 0.4\n");
    await place.write("y/labels/b_10.txt", "0 0.1 0.1 0.2 0.2 0.75\n1 0.5 0.5 0.2 0.4 0.5\n");
    await place.write("y/data.yaml", "names: [cat, dog]\n");
    const read = await place.read("y");
    expect([read.format, read.relative]).toEqual(["yolo", true]);
    expect(inPixels(read, size).frames).toMatchObject([
      { frame: 2, image: "b_2", boxes: [{ name: "dog", x: 40, y: 15, width: 20, height: 20 }] },
      {
        frame: 10,
        image: "b_10",
        boxes: [
          { name: "cat", confidence: 0.75 },
          { name: "dog", confidence: 0.5 },
        ],
      },
    ]);
  });

  it("a whole number behind the box, or behind its confidence, is a track", async () => {
    await place.write("t/1.txt", "0 0.5 0.5 0.2 0.4 7\n0 0.2 0.5 0.2 0.4 1\n");
    expect((await place.read("t")).objects.map(({ name }) => name)).toEqual(["class 0 7", "class 0 1"]);
    await place.write("u/1.txt", "0 0.5 0.5 0.2 0.4 0.9 7\n0 0.2 0.5 0.2 0.4 0.8 12\n");
    expect((await place.read("u")).objects.map(({ name }) => name)).toEqual(["class 0 7", "class 0 12"]);
  });

  it("outlines, and key points in two forms", async () => {
    await place.write("s/1.txt", "0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n");
    const outline = inPixels(await place.read("s"), { width: 10, height: 10 });
    expect(drawn(outline.frames[0], { width: 6, height: 6 })).toEqual([
      "......",
      ".####.",
      ".####.",
      ".####.",
      ".####.",
      "......",
    ]);
    for (const [values, line, points] of [
      [
        3,
        "0.2 0.2 2 0.4 0.4 1 0 0 0",
        [
          [20, true],
          [40, false],
        ],
      ],
      [
        2,
        "0.2 0.2 0.4 0.4 0 0",
        [
          [20, true],
          [40, true],
        ],
      ],
    ] as const) {
      await place.write("k/labels/1.txt", `0 0.5 0.5 0.8 0.8 ${line}\n`);
      await place.write("k/data.yaml", `kpt_shape: [3, ${values}]\nnames: [cat]\n`);
      const { frames } = inPixels(await place.read("k"), { width: 100, height: 100 });
      expect(frames[0].points?.map(({ x, visible }) => [x, visible])).toEqual(points);
      expect(frames[0].boxes).toMatchObject([{ name: "cat", width: 80 }]);
    }
  });

  it("parts of a data set are several clips; other text files are none", async () => {
    await place.write("d/labels/train/1.txt", "0 0.5 0.5 0.2 0.4\n");
    await place.write("d/labels/val/2.txt", "0 0.5 0.5 0.2 0.4\n");
    await place.write("d/train.txt", "images/train/1.jpg\n");
    await expect(place.read("d")).rejects.toMatchObject({ code: "annotations/sequence" });
    expect((await place.read("d", "val")).frames).toMatchObject([{ frame: 2, image: "2" }]);
  });

  it("boxes over the edge are clipped, and said", async () => {
    const boxes = [
      { name: "a", x: -2, y: 0, width: 4, height: 2 },
      { name: "b", x: 50, y: 0, width: 4, height: 2 },
    ];
    expect(
      await place.convert("yolo", "e", { objects: [], size: { width: 8, height: 4 }, frames: [{ frame: 0, boxes }] }),
    ).toEqual([
      "yolo holds no boxes over the edge of the frame: clipped 1",
      "yolo holds no boxes beyond the frame: left out 1",
    ]);
    expect(await place.text("e", "labels", "00000.txt")).toBe("0 0.125 0.25 0.25 0.5\n");
    expect(await place.text("e", "data.yaml")).toBe('path: .\ntrain: images\nval: images\nnames:\n  0: "a"\n');
  });

  it.each(["0 0.5 0.5 0.2 nan\n", "-1 0.5 0.5 0.2 0.2\n", "0.5 0.5 0.5 0.2 0.2\n", "0 0.5\n"])(
    "%j is refused",
    async (line) => {
      await place.write("r/labels/1.txt", line);
      await expect(place.read("r")).rejects.toThrow(/r\/labels\/1\.txt, line 1: got .*expected the number of a class/);
    },
  );
});

describe("MOTChallenge", () => {
  it("truth: pixels and frames from 1, what does not count left out, what is partly covered marked", async () => {
    await place.write("m/gt/gt.txt", "1,3,11,21,5,6,1,1,1\n1,4,1,1,5,6,1,3,0.25\n2,3,12,21,5,6,0,1,1\n");
    await place.write("m/seqinfo.ini", "[Sequence]\nname=m\nimWidth=64\nimHeight=48\n");
    const { format, size, frames, said } = await place.read("m");
    expect([format, size]).toEqual(["mot", { width: 64, height: 48 }]);
    expect(frames).toEqual([
      {
        frame: 0,
        boxes: [
          { name: "pedestrian", x: 10, y: 20, width: 5, height: 6 },
          { name: "car", x: 0, y: 0, width: 5, height: 6, occluded: true },
        ],
      },
    ]);
    expect(said).toEqual(["m/gt/gt.txt: left out 1 boxes that do not count"]);
  });

  it("results and detections", async () => {
    await place.write(
      "r.txt",
      "1, 3, 794.27, 247.59, 71.245, 174.88, 0.5, -1, -1, -1\n2, 3, 795, 247, 71, 174, -1, -1, -1, -1\n",
    );
    expect((await place.read("r.txt")).frames).toMatchObject([
      { frame: 0, boxes: [{ name: "object", x: 793.27, y: 246.59, width: 71.245, confidence: 0.5 }] },
      { frame: 1, boxes: [{ name: "object", x: 794 }] },
    ]);
    await place.write("det.txt", "1,-1,1,1,5,6,30.5,-1,-1,-1\n1,-1,9,9,5,6,20,-1,-1,-1\n");
    expect((await place.read("det.txt")).objects.map(({ name }) => name)).toEqual(["object 1", "object 2"]);
  });

  it("is written with names of classes and the size", async () => {
    const frames = [{ frame: 2, boxes: [{ name: "dog", x: 0, y: 1.5, width: 4, height: 2, occluded: true }] }];
    await place.convert(
      "mot",
      "w",
      { objects: [], size: { width: 8, height: 4 }, frames },
      { fps: 25, frameCount: 9, video: "a.mp4" },
    );
    expect(await place.text("w", "gt", "gt.txt")).toBe("3,1,1,2.5,4,2,1,1,0.5\n");
    expect(await place.text("w", "gt", "labels.txt")).toBe("dog\n");
    expect(await place.text("w", "seqinfo.ini")).toBe(
      "[Sequence]\nname=a.mp4\nimDir=img1\nframeRate=25\nseqLength=9\nimWidth=8\nimHeight=4\nimExt=.jpg\n",
    );
  });

  it.each([
    ["1,1,1,1,5,6,1,1,1\n0,1,1,1,5,6,1,1,1\n", /line 2: the frame, less 1, is not the index of a frame: got -1/],
    ["1,1,1,1,5,6,1,1,1\n1,1,1,1,5,6,1,1,1\n", /the box "pedestrian" twice in frame 0/],
    ["1,1,1,1,5,6,1,1,1\n2,1,1,1\n", /line 2: got 4 values, expected 6/],
    ["1,1,1,1,5,6,1,1,1\n1e9,1,1,1,5,6,1,1,1\n", /not the index of a frame/],
    ["1,1,1,1,0,6,1,1,1\n", /its width is 0/],
  ])("%j is refused", async (text, says) => {
    await place.write("bad.txt", text);
    await expect(place.read("bad.txt")).rejects.toThrow(says);
  });
});

const picture = (...ids: number[]) =>
  encode({ width: 4, height: 1, data: Uint16Array.from(ids), depth: 16, channels: 1 });

describe("MOTS", () => {
  /** The example line of its definition. */
  const LINE =
    "52 1005 1 375 1242 WSV:2d;1O10000O10000O1O100O100O1O100O1000000000000000O100O102N5K00O1O1N2O110OO2O001O1NTga3";

  it("text: a car with the number 5, in frame 52 from 1 or from 0", async () => {
    await place.write("a.txt", `${LINE}\n52 10000 10 375 1242 ${LINE.split(" ")[5]}\n`);
    const { format, size, objects, frames, said } = await place.read("a.txt");
    expect({ format, size, objects }).toEqual({
      format: "mots-txt",
      size: { width: 1242, height: 375 },
      objects: [{ name: "car" }],
    });
    expect(frames.map(({ frame, polygons = [] }) => [frame, polygons.length])).toEqual([[51, 1]]);
    expect(said).toEqual(["a.txt has no frame 0: its frames count from 1"]);
    await place.write("b.txt", `${LINE.replace("52", "0")}\n${LINE}\n`);
    expect((await place.read("b.txt")).frames.map(({ frame }) => frame)).toEqual([0, 52]);
  });

  it.each([
    ["runs that do not fit", LINE.replace("375", "374"), "format/value"],
    ["a picture that cannot be", LINE.replace("375", "99999"), "format/limit"],
    ["a class that is no number", `${LINE}\n1 x 1 375 1242 0\n`, "format/value"],
    ["one thing twice", `${LINE}\n${LINE}\n`, "points/twice"],
  ])("text: %s is refused", async (_, text, code) => {
    await place.write("bad.txt", text);
    await expect(place.read("bad.txt")).rejects.toMatchObject({ code });
  });

  it("pictures: 16 bits, ids by class, an ignored region left out, names of classes beside them", async () => {
    await place.write("p/instances/000005.png", picture(0, 1005, 10_000, 2001));
    await place.write("p/instances/000006.png", picture(1005, 0, 1006, 0));
    const { format, objects, frames } = await place.read("p");
    expect({ format, objects }).toEqual({
      format: "mots-png",
      objects: [
        { id: 1, name: "car 5", class: "car" },
        { id: 2, name: "car 6", class: "car" },
        { id: 3, name: "pedestrian" },
      ],
    });
    expect(frames.map(({ frame, image, mask }) => [frame, image, [...mask!.data]])).toEqual([
      [5, "000005", [0, 1, 0, 3]],
      [6, "000006", [1, 0, 2, 0]],
    ]);
    await place.write("p/instances/labels.txt", "tram\nbird\n");
    expect((await place.read("p")).objects.map(({ name }) => name)).toEqual(["tram 5", "tram 6", "bird"]);
  });

  it("written: classes that it does not know have further numbers, and are told", async () => {
    const mask = { width: 2, height: 1, data: Uint8Array.of(7, 0) };
    const given = { objects: [{ id: 7, name: "dog" }], frames: [{ frame: 0, mask }] };
    expect(await place.convert("mots-txt", "w.txt", given)).toEqual([
      'mots-txt holds no class "dog": wrote it as number 3',
    ]);
    expect(await place.text("w.txt")).toBe("1 3007 3 1 2 011\n");
    expect(await place.convert("mots-png", "w", given)).toEqual([]);
    expect(await place.text("w", "labels.txt")).toBe("dog\n");
    expect((await readFile(place.at("w", "00000.png")))[24]).toBe(16);
  });
});

const vocObject = (name: string, sides: string) =>
  `<object><name>${name}</name><occluded>1</occluded><bndbox>${sides}</bndbox></object>`;

describe("Pascal VOC", () => {
  const sides = "<xmin>3</xmin><ymin>1</ymin><xmax>6</xmax><ymax>2</ymax>";

  it("boxes include their last pixels, which count from 1", async () => {
    const size = "<size><width>20</width><height>10</height><depth>3</depth></size>";
    await place.write(
      "v/Annotations/a.xml",
      `<annotation><filename>img_4.jpg</filename>${size}${vocObject("it&apos;s", sides)}</annotation>`,
    );
    const { format, size: read, frames } = await place.read("v");
    expect([format, read]).toEqual(["voc", { width: 20, height: 10 }]);
    expect(frames).toEqual([
      { frame: 4, image: "img_4", boxes: [{ name: "it's", x: 2, y: 0, width: 4, height: 2, occluded: true }] },
    ]);
  });

  it("names are escaped", async () => {
    const boxes = [{ name: "<&>", x: 2, y: 0, width: 4, height: 2 }];
    await place.convert("voc", "w", { objects: [], frames: [{ frame: 1, boxes }] });
    expect(await place.text("w", "00001.xml")).toContain(`<name>&#60;&#38;&#62;</name>`);
    expect(await place.text("w", "00001.xml")).toContain(sides);
    expect((await place.read("w")).frames[0].boxes).toEqual(boxes);
  });

  it.each([
    ["<annotation></annotation>", "points/empty"],
    [`<annotation>${vocObject("a", "<xmin>x</xmin>")}</annotation>`, "points/empty"],
    [
      `<annotation><size><width>99999</width><height>9</height></size>${vocObject("a", sides)}</annotation>`,
      "format/limit",
    ],
    [`<annotation>${vocObject("a", sides)}${vocObject("a", sides)}</annotation><b/>`, "xml/invalid"],
    [`<!DOCTYPE annotation [<!ENTITY a "a">]><annotation>${vocObject("&a;", sides)}</annotation>`, "xml/invalid"],
  ])("%s is refused", async (text, code) => {
    await place.write("bad.xml", text);
    await expect(place.read("bad.xml")).rejects.toMatchObject({ code });
  });
});
