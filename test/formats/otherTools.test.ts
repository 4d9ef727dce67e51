import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAnnotations, readPointLabels } from "../../src/formats/registry.ts";
import { flatBoxes, flatPoints } from "./flat.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tools-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, text: string | object) {
  const warned: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string) => void warned.push(line.replace(`${folder}/`, "")) };
  await writeFile(join(folder, name), typeof text === "string" ? text : JSON.stringify(text));
  return { ...(await readPointLabels(join(folder, name), { logger })), warned };
}

describe("files of tools that are not read are named, with what to do", () => {
  const region = { shape_attributes: { name: "rect", x: 1, y: 2, width: 3, height: 4 }, region_attributes: {} };
  const viaImage = { filename: "a.png", size: 12, regions: [region], file_attributes: {} };
  const cases: [string, string | object, RegExp][] = [
    ["via.json", { "a.png12": viaImage }, /VGG Image Annotator.*export it as COCO/],
    ["via.json", { _via_settings: {}, _via_img_metadata: { "a.png12": viaImage } }, /VGG Image Annotator/],
    [
      "ls.json",
      [{ video: "v.mp4", box: [{ sequence: [] }], id: 1 }],
      /Label Studio in its short form.*export it as JSON/,
    ],
    ["box.txt", "16 36 28 28\n", /a table of numbers without a header.*frame,name,x,y,width,height/],
    ["project.slp", "", /SLEAP.*analysis CSV/],
    ["tracks.h5", "", /HDF5.*CSV that DeepLabCut writes/],
  ];
  it.each(cases)("%s %j", async (name, text, says) => {
    await expect(read(name, text)).rejects.toThrow(says);
    await expect(read(name, text)).rejects.toMatchObject({ code: "annotations/tool", status: 415 });
    await expect(readAnnotations(join(folder, name))).rejects.toMatchObject({ code: "annotations/tool" });
  });

  it("other text is nobody's", async () => {
    await expect(read("a.txt", "hello")).rejects.toMatchObject({ code: "points/format" });
    await expect(read("a.xml", "<html/>")).rejects.toMatchObject({ code: "points/format" });
  });
});

describe("LabelMe", () => {
  const rectangle = {
    label: "disc",
    points: [
      [44, 64],
      [16, 36],
    ],
    group_id: null,
    shape_type: "rectangle",
    flags: {},
  };
  const nose = { label: "nose", points: [[10.5, 20]], shape_type: "point" };
  const polygon = {
    label: "leaf",
    points: [
      [1, 2],
      [3, 4],
      [5, 2],
    ],
    shape_type: "polygon",
  };
  const file = {
    version: "5.2.1",
    imagePath: "..\\clip\\00003.png",
    imageData: null,
    imageHeight: 96,
    imageWidth: 128,
  };

  it("without a shape that is read is refused", async () => {
    const line = { ...polygon, shape_type: "linestrip" };
    await expect(read("l.json", { ...file, shapes: [line] })).rejects.toThrow(
      /LabelMe file without.*got linestrip "leaf"/,
    );
    await expect(read("l.json", { ...file, shapes: [] })).rejects.toMatchObject({ code: "points/empty" });
    await expect(read("l.json", { ...file, shapes: [{ label: 3 }] })).rejects.toThrow(/shapes\[0\]\.label/);
  });

  it("rectangles of any corners, points and polygons; other shapes are named", async () => {
    const line = { ...polygon, shape_type: "line" };
    const { warned, ...annotations } = await read("l.json", { ...file, shapes: [rectangle, nose, polygon, line] });
    expect(annotations).toEqual({
      size: { width: 128, height: 96 },
      objects: [{ name: "nose" }, { name: "disc" }, { name: "leaf" }],
      frames: [
        {
          frame: 3,
          image: "00003",
          polygons: [{ name: "leaf", rings: [polygon.points.map(([x, y]) => ({ x, y }))] }],
          points: [{ name: "nose", x: 10.5, y: 20, visible: true }],
          boxes: [{ name: "disc", x: 16, y: 36, width: 28, height: 28 }],
        },
      ],
    });
    expect(warned).toEqual(['l.json: left out shapes of kinds that are not read: line "leaf"']);
  });

  it("labels that come twice are numbered, or named by their group", async () => {
    const { objects } = await read("l.json", { ...file, shapes: [rectangle, rectangle, nose] });
    expect(objects.map(({ name }) => name)).toEqual(["nose", "disc 1", "disc 2"]);
    const groups = [5, 9].map((group_id) => ({ ...rectangle, group_id }));
    expect((await read("l.json", { ...file, shapes: groups })).objects.map(({ name }) => name)).toEqual([
      "disc 5",
      "disc 9",
    ]);
  });
});

describe("DeepLabCut", () => {
  const header = "scorer,DLC_resnet50,DLC_resnet50,DLC_resnet50\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\n";

  it.each([
    ["scorer,a,a\nbodyparts,nose,nose\n0,1,2\n", /without points: got no row that begins with coords/],
    [`${header}0,one,2,1\n`, /line 4, column 2: got "one"/],
    [`${header}first,1,2,1\n`, /line 4, column 1: got "first", expected the index of a frame/],
    [`${header}0,,,\n`, /no point with a position/],
  ])("%j is refused", async (text, says) => {
    await expect(read("d.csv", text)).rejects.toThrow(says);
  });

  it("predictions: half a pixel on, hidden where they are unlikely", async () => {
    const points = flatPoints(await read("d.csv", `${header}0,30.5,50.1,0.99\n1,34,50,0.2\n2,nan,nan,nan\n`));
    expect(points).toEqual([
      { frame: 0, name: "nose", x: 31, y: 50.6, visible: true, confidence: 0.99 },
      { frame: 1, name: "nose", x: 34.5, y: 50.5, visible: false, confidence: 0.2 },
    ]);
  });

  it("labels by picture, whole or by folders, of several animals", async () => {
    const text =
      "scorer,,,me,me,me,me\nindividuals,,,m1,m1,single,single\nbodyparts,,,nose,nose,lamp,lamp\ncoords,,,x,y,x,y\n" +
      "labeled-data,clip,img012.png,1,2,3,4\n";
    const { frames } = await read("d.csv", text);
    expect(frames).toEqual([
      {
        frame: 12,
        image: "img012",
        points: [
          { name: "m1 nose", x: 1.5, y: 2.5, visible: true },
          { name: "lamp", x: 3.5, y: 4.5, visible: true },
        ],
      },
    ]);
    const whole = "scorer,me,me\nbodyparts,nose,nose\ncoords,x,y\nlabeled-data/clip/img012.png,1,2\n";
    expect((await read("d.csv", whole)).frames[0]).toMatchObject({ frame: 12, image: "img012" });
  });
});

describe("SLEAP", () => {
  const header = "track,frame_idx,instance.score,Nose.x,Nose.y,Nose.score\n";

  it.each([
    [`${header}t,-1,0.9,1,2,0.5\n`, /line 2, column frame_idx: got "-1", expected a whole number from 0/],
    [`${header}t,0,0.9,1,x,0.5\n`, /line 2, column nose\.y: got "x"/],
    [`${header}t,0,0.9,,,\n`, /no node with a position/],
    [`${header}t,0,0.9,1,2,0.5\nt,0,0.9,1,2,0.5\n`, /the point "Nose" twice in frame 0/],
  ])("%j is refused", async (text, says) => {
    await expect(read("s.csv", text)).rejects.toThrow(says);
  });

  it("one animal's nodes, half a pixel on", async () => {
    const points = flatPoints(await read("s.csv", `${header}track_0,0,0.9,30.5,50,0.9\ntrack_0,1,0.9,,,\n`));
    expect(points).toEqual([{ frame: 0, name: "Nose", x: 31, y: 50.5, visible: true, confidence: 0.9 }]);
  });

  it("several by their tracks, or by their number in the frame", async () => {
    const named = await read("s.csv", `${header}a,0,0.9,1,1,\nb,0,0.9,2,2,\nb,1,0.9,3,3,\n`);
    expect(flatPoints(named).map(({ frame, name }) => `${frame} ${name}`)).toEqual([
      "0 a Nose",
      "0 b Nose",
      "1 b Nose",
    ]);
    const unnamed = await read("s.csv", `${header},0,0.9,1,1,\n,0,0.9,2,2,\n`);
    expect(unnamed.objects.map(({ name }) => name)).toEqual(["animal 1 Nose", "animal 2 Nose"]);
    expect(flatBoxes(unnamed)).toEqual([]);
  });
});
