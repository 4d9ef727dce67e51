/** @file COCO's video keys and run lengths, YouTube-VIS and -VOS, LabelMe's outlines, and the tables of key points written. */
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { drawn, Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const SIZE = { width: 4, height: 3 };

const cocoObject = (segmentation: unknown, more: object = {}) => ({
  image_id: 1,
  category_id: 1,
  segmentation,
  ...more,
});

describe("COCO", () => {
  const image = { id: 1, file_name: "a/0007.jpg", ...SIZE };
  const file = (...annotations: object[]) => ({ images: [image], annotations, categories: [{ id: 1, name: "leaf" }] });

  it.each([
    ["run lengths as numbers", { size: [3, 4], counts: [4, 1, 2, 2, 3] }, ["....", ".##.", "..#."]],
    ["run lengths, compressed", { size: [3, 4], counts: "4120301" }, undefined],
    ["a polygon", [[0, 0, 2, 0, 2, 3, 0, 3]], ["##..", "##..", "##.."]],
    [
      "polygons that overlap, united",
      [
        [0, 0, 3, 0, 3, 2, 0, 2],
        [1, 1, 4, 1, 4, 3, 1, 3],
      ],
      ["###.", "####", ".###"],
    ],
  ])("%s", async (_, segmentation, rows) => {
    await place.write("a.json", file(cocoObject(segmentation)));
    const read = place.read("a.json");
    if (rows === undefined) await expect(read).rejects.toMatchObject({ code: "format/value" });
    else expect(drawn((await read).frames[0], SIZE)).toEqual(rows);
  });

  it("an outline and its box are both there, with score and what CVAT says", async () => {
    const attributes = { occluded: true, keyframe: false, track_id: 4 };
    await place.write(
      "b.json",
      file(cocoObject([[0, 0, 2, 0, 2, 3, 0, 3]], { bbox: [0, 0, 2, 3], score: 0.5, attributes })),
    );
    const verdict = { name: "leaf", confidence: 0.5, occluded: true, key: false };
    expect((await place.read("b.json")).frames).toMatchObject([{ boxes: [verdict], polygons: [verdict] }]);
  });

  it("frames of a video count by frame_id", async () => {
    const images = [3, 5].map((frame_id) => ({ ...image, id: frame_id, frame_id, video_id: 1 }));
    const annotations = [3, 5].map((image_id) => ({ image_id, category_id: 1, bbox: [1, 1, 2, 2], instance_id: 9 }));
    await place.write("c.json", { ...file(), images, annotations });
    expect((await place.read("c.json")).frames.map(({ frame, image }) => [frame, image])).toEqual([
      [3, undefined],
      [5, undefined],
    ]);
    await place.write("d.json", {
      ...file(),
      images: [images[0], { ...images[1], video_id: 2 }],
      annotations,
      videos: [{ id: 2, name: "two" }],
    });
    await expect(place.read("d.json")).rejects.toThrow(/holds 2 clips: got "1", "two"/);
    expect((await place.read("d.json", "two")).frames.map(({ frame }) => frame)).toEqual([5]);
  });

  it("is written with ids from 1, run lengths for masks with holes, and key points in the order of their category", async () => {
    const mask = { width: 4, height: 3, data: Uint8Array.of(2, 2, 2, 0, 2, 0, 2, 0, 2, 2, 2, 0) };
    const points = [
      { name: "cat nose", x: 1.5, y: 2, of: { object: "cat", part: "nose" } },
      { name: "cat ear", x: 3, y: 1, visible: false, confidence: 0.4, of: { object: "cat", part: "ear" } },
    ];
    const lost = await place.convert("coco", "w.json", {
      objects: [{ id: 2, name: "cat" }],
      skeleton: [["cat nose", "cat ear"]],
      frames: [{ frame: 4, mask, points }],
    });
    expect(lost).toEqual(["coco holds no confidence of points: dropped 1"]);
    expect(JSON.parse(await place.text("w.json"))).toMatchObject({
      videos: [{ id: 1, name: "clip" }],
      images: [{ id: 1, file_name: "00004.png", width: 4, height: 3, video_id: 1, frame_id: 4 }],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          track_id: 2,
          bbox: [0, 0, 3, 3],
          area: 8,
          segmentation: { size: [3, 4], counts: "04102" },
          iscrowd: 0,
          keypoints: [1, 1.5, 2, 2.5, 0.5, 1],
          num_keypoints: 2,
        },
      ],
      categories: [{ id: 1, name: "cat", keypoints: ["nose", "ear"], skeleton: [[1, 2]] }],
    });
  });
});

describe("YouTube-VIS", () => {
  it("null where a thing is not there; frames by their names", async () => {
    const rle = { size: [3, 4], counts: [3, 3, 6] };
    const videos = [{ id: 7, ...SIZE, length: 2, file_names: ["v/00000.jpg", "v/00005.jpg"] }];
    const annotations = [
      {
        id: 3,
        video_id: 7,
        category_id: 1,
        segmentations: [null, rle],
        bboxes: [null, [1, 0, 1, 3]],
        areas: [null, 3],
        iscrowd: 0,
      },
    ];
    await place.write("y.json", { videos, annotations, categories: [{ id: 1, name: "leaf" }] });
    const { format, frames } = await place.read("y.json");
    expect(format).toBe("youtube-vis");
    expect(frames.map(({ frame, image }) => [frame, image])).toEqual([[5, "00005"]]);
    expect(drawn(frames[0], SIZE)).toEqual([".#..", ".#..", ".#.."]);
  });
});

describe("YouTube-VOS", () => {
  const mask = { ...SIZE, data: Uint8Array.of(1, 1, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0) };

  it("categories of objects by their ids; of several clips one is chosen", async () => {
    await writeMaskPng(place.at("vos/Annotations/a/00005.png"), mask);
    const objects = { 1: { category: "ape", frames: ["00005"] }, 3: { category: "owl" }, 999: { category: "x" } };
    await place.write("vos/meta.json", { videos: { a: { objects }, b: { objects: {} } } });
    await expect(place.read("vos")).rejects.toMatchObject({ code: "annotations/sequence" });
    const read = await place.read("vos", "a");
    expect(read.objects).toEqual([
      { id: 1, name: "1", class: "ape" },
      { id: 3, name: "3", class: "owl" },
    ]);
    expect(read.frames).toEqual([{ frame: 5, image: "00005", mask }]);
  });

  it("is written with the frames of each object", async () => {
    await place.convert(
      "youtube-vos",
      "w",
      { objects: [{ id: 3, name: "owl" }], frames: [{ frame: 5, mask }] },
      { video: "a.b.mp4" },
    );
    expect(JSON.parse(await place.text("w", "meta.json"))).toEqual({
      videos: {
        "a.b": { objects: { 1: { category: "object", frames: ["00005"] }, 3: { category: "owl", frames: ["00005"] } } },
      },
    });
    expect(await readMaskPng(place.at("w/Annotations/a.b/00005.png"))).toEqual(mask);
  });
});

const labelMeFile = (...shapes: object[]) => ({
  version: "5.4.1",
  shapes,
  imagePath: "a.png",
  imageWidth: 8,
  imageHeight: 6,
  imageData: "not looked at",
});

describe("LabelMe", () => {
  const mask = Buffer.from(
    encode({ width: 3, height: 2, data: Uint8Array.of(0, 255, 255, 255, 0, 0), depth: 8, channels: 1 }),
  ).toString("base64");

  it("masks from their first pixel on, circles, and parts of one group", async () => {
    const shape = {
      label: "leaf",
      group_id: 2,
      shape_type: "mask",
      points: [
        [2, 1],
        [4, 2],
      ],
      mask,
    };
    const part = {
      label: "leaf",
      group_id: 2,
      shape_type: "polygon",
      points: [
        [0, 4],
        [2, 4],
        [2, 6],
        [0, 6],
      ],
    };
    const circle = {
      label: "disc",
      shape_type: "circle",
      points: [
        [6, 4],
        [7.5, 4],
      ],
    };
    await place.write("l.json", labelMeFile(shape, part, circle));
    const { frames, objects } = await place.read("l.json");
    expect(objects).toEqual([{ name: "leaf" }, { name: "disc" }]);
    const size = { width: 8, height: 6 };
    expect(drawn(frames[0], size)).toEqual(["........", "...##...", "..#.....", "........", "##......", "##......"]);
    expect(drawn(frames[0], size, 1)).toEqual(["........", "........", "........", ".....##.", ".....##.", "........"]);
  });

  it.each([
    ["a mask that is no picture", "AAAA", "mask/unreadable"],
    ["no mask", undefined, "mask/unreadable"],
  ])("%s is refused", async (_, given, code) => {
    await place.write(
      "x.json",
      labelMeFile({
        label: "a",
        shape_type: "mask",
        points: [
          [0, 0],
          [1, 1],
        ],
        mask: given,
      }),
    );
    await expect(place.read("x.json")).rejects.toMatchObject({ code });
  });

  it("a folder: a file for each frame, also for frames without anything", async () => {
    const frames = [
      { frame: 0, polygons: [{ name: "a", rings: [[0, 1, 2].map((x) => ({ x, y: x * x }))] }] },
      { frame: 1 },
    ];
    await place.convert("labelme", "f", { objects: [], size: SIZE, frames });
    expect(JSON.parse(await place.text("f", "00001.json"))).toMatchObject({
      shapes: [],
      imagePath: "00001.png",
      imageHeight: 3,
      imageWidth: 4,
    });
    expect((await place.read("f")).frames.map(({ frame, image }) => [frame, image])).toEqual([[0, "00000"]]);
  });
});

const ear = (object: string, more = {}) => ({
  name: `${object} ear`,
  x: 3,
  y: 1.25,
  of: { object, part: "ear" },
  ...more,
});

describe("tables of key points", () => {
  const nose = { name: "nose", x: 1.5, y: 2, visible: true };

  it("DeepLabCut: labels of one animal by their pictures", async () => {
    await place.convert(
      "deeplabcut",
      "a.csv",
      { objects: [], frames: [{ frame: 7, image: "img07", points: [nose] }, { frame: 8 }] },
      { video: "c.mp4" },
    );
    expect(await place.text("a.csv")).toBe(
      "scorer,tsumugi,tsumugi\nbodyparts,nose,nose\ncoords,x,y\nlabeled-data/c/img07.png,1,1.5\n",
    );
  });

  it("DeepLabCut: predictions of several animals by index", async () => {
    const frames = [
      { frame: 7, points: [nose, ear("m1", { confidence: 0.9 }), ear("m2", { visible: false, confidence: 0.7 })] },
    ];
    expect(await place.convert("deeplabcut", "b.csv", { objects: [], frames })).toEqual([
      "deeplabcut holds no visibility but a likelihood of 0.6 or more: changed that of 1 points",
    ]);
    expect((await place.text("b.csv")).split("\n").slice(1)).toEqual([
      "individuals,single,single,single,m1,m1,m1,m2,m2,m2",
      "bodyparts,nose,nose,nose,ear,ear,ear,ear,ear,ear",
      "coords,x,y,likelihood,x,y,likelihood,x,y,likelihood",
      "7,1,1.5,1,2.5,0.75,0.9,2.5,0.75,0.7",
      "",
    ]);
  });

  it("SLEAP: a row for each animal", async () => {
    await place.convert("sleap-csv", "s.csv", {
      objects: [],
      frames: [{ frame: 7, points: [nose, ear("m,1", { confidence: 0.5 })] }],
    });
    expect(await place.text("s.csv")).toBe(
      'track,frame_idx,instance.score,nose.x,nose.y,nose.score,ear.x,ear.y,ear.score\n,7,,1,1.5,,,,\n"m,1",7,,,,,2.5,0.75,0.5\n',
    );
  });
});
