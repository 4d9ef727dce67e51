import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, asyncProperty, constantFrom, integer, nat, oneof, string, uint8Array } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnnotationStream } from "../../src/annotations/annotations.ts";
import { UserError } from "../../src/core/errors.ts";
import { formatOf, formats, readAnnotations, readPointLabels, readPointTruth } from "../../src/formats/registry.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";

let root: string;
const at = (name: string): string => join(root, name);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "formats-"));
  await mkdir(at("masks"));
  await writeMaskPng(at("masks/00003.png"), MASK);
  await writeMaskPng(at("mask.png"), MASK);
  await writeFile(at("points.csv"), CSV);
  await writeFile(at("POINTS.CSV"), CSV);
  await writeFile(at("points.json"), POINTS);
  await writeFile(at("joints.json"), JOINTS);
  await writeFile(at("notes.txt"), "a note\n");
});
afterAll(() => rm(root, { recursive: true }));

const CSV = "frame,name,x,y\n1,a,2,3\n";
/** Two areas; a mask of single pixels would be taken for a blurred one. */
const MASK = { width: 4, height: 2, data: Uint8Array.of(0, 0, 7, 7, 0, 0, 7, 7) };
const POINTS = '[{"frame":1,"name":"a","x":2,"y":3}]';
const JOINTS = JSON.stringify({
  sequence: "cat",
  width: 8,
  height: 8,
  convention: "1-based",
  joint_names: ["a"],
  frames: [{ file: "00001.jpg", joints: [[2.5, 3.5]] }],
});

const COCO = JSON.stringify({
  images: [{ id: 1, file_name: "00001.png", width: 8, height: 8 }],
  annotations: [
    { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], attributes: { track_id: 3 }, segmentation: [] },
    { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], keypoints: [1, 2, 2] },
  ],
  categories: [{ id: 1, name: "cat", keypoints: ["nose"] }],
});
const LABELME = JSON.stringify({
  shapes: [
    {
      label: "a",
      shape_type: "rectangle",
      group_id: 1,
      points: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  imagePath: "00001.png",
});

const LABEL_STUDIO = JSON.stringify([
  {
    data: { video: "a.mp4" },
    annotations: [
      {
        result: [
          {
            id: "a",
            type: "videorectangle",
            value: {
              framesCount: 3,
              labels: ["car"],
              sequence: [{ frame: 1, enabled: true, rotation: 0, x: 1, y: 2, width: 3, height: 4 }],
            },
          },
          {
            type: "brushlabels",
            original_width: 2,
            original_height: 1,
            value: { rle: [0, 0, 0, 8, 57, 27, 252, 127, 241, 128, 0], brushlabels: ["car"] },
          },
        ],
      },
    ],
  },
]);
const YOUTUBE_VIS = JSON.stringify({
  videos: [{ id: 1, width: 4, height: 3, file_names: ["0.png"] }],
  annotations: [
    { id: 1, video_id: 1, category_id: 1, segmentations: [{ size: [3, 4], counts: "04102" }], bboxes: [[0, 0, 1, 1]] },
  ],
});
const CVAT =
  '<annotations><version>1.1</version><meta><task><size>3</size></task></meta><track id="0" label="car">' +
  '<box frame="0" keyframe="1" outside="0" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4"/></track>' +
  '<track id="1" label="leaf"><mask frame="1" keyframe="1" rle="1, 2, 1" left="0" top="0" width="2" height="2"/></track>' +
  "</annotations>";
const VOC =
  "<annotation><filename>a.png</filename><object><name>car</name><bndbox><xmin>1</xmin><ymin>2</ymin>" +
  "<xmax>3</xmax><ymax>4</ymax></bndbox></object></annotation>";

async function framesOf({ frames }: AnnotationStream) {
  const all = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

describe("which format it is", () => {
  it.each([
    ["points.csv", "points-csv"],
    ["points.json", "points-json"],
    ["joints.json", "joints"],
    ["mask.png", "mask-picture"],
    ["masks", "mask-folder"],
    ["POINTS.CSV", "points-csv"],
    ["notes.txt", undefined],
    ["none", undefined],
  ])("%s: %s", async (path, name) => {
    expect((await formatOf(at(path), formats))?.name).toBe(name);
  });

  it("names are unique, and every format is read", () => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
    expect(formats.every(({ read }) => read !== undefined)).toBe(true);
  });

  it("a path in none is named with what could be", async () => {
    await expect(readAnnotations(at("notes.txt"))).rejects.toThrow(
      `the format of ${at("notes.txt")} is unknown: expected a folder of masks, or a file that ends in .json, .xml, .txt, .csv, .h5, .hdf5, .npz, .pkl, .pickle, .parquet, .png`,
    );
    await expect(readPointLabels(at("mask.png"))).rejects.toMatchObject({ code: "points/format" });
    await expect(readPointTruth(at("masks"))).rejects.toMatchObject({ code: "points/format" });
  });
});

describe("reading", () => {
  it("the same point from every format of points", async () => {
    for (const name of ["points.csv", "points.json", "joints.json"]) {
      const [{ frame, points }] = await framesOf(await readPointTruth(at(name)));
      expect([frame, points]).toEqual([1, [{ name: "a", x: 2, y: 3, visible: true }]]);
    }
  });

  it("joints are no labels to start from: their file has no points of its own", async () => {
    await expect(readPointLabels(at("joints.json"))).rejects.toMatchObject({ code: "points/empty" });
  });

  it("masks from a picture and from a folder", async () => {
    const mask = MASK;
    expect(await framesOf(await readAnnotations(at("mask.png")))).toEqual([{ frame: 0, mask }]);
    expect(await framesOf(await readAnnotations(at("masks")))).toEqual([{ frame: 3, image: "00003", mask }]);
  });
});

/** Whatever is in the file: annotations, or an error for the user. */
async function readOrRefused(name: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(at(name), bytes);
  for (const read of [readAnnotations, readPointLabels, readPointTruth])
    try {
      await framesOf(await read(at(name)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.code).toMatch(/^(?:csv|json|xml|points|joints|mask|text|annotations|format|labels|boxes)\//u);
    }
}

describe("bytes from anywhere", () => {
  it("are read or refused", async () => {
    const bytes = oneof(uint8Array({ maxLength: 80 }), string({ unit: "binary", maxLength: 80 }));
    await assert(asyncProperty(constantFrom("x.csv", "x.json", "x.png", "x.xml", "x.txt"), bytes, readOrRefused), {
      numRuns: 150,
    });
  });

  it("that were sound until some changed, or ended too early", async () => {
    const sound = constantFrom(
      ["x.csv", CSV],
      ["x.json", POINTS],
      ["x.json", JOINTS],
      ["x.json", COCO],
      ["x.json", LABELME],
      ["x.json", LABEL_STUDIO],
      ["x.json", YOUTUBE_VIS],
      ["x.xml", CVAT],
      ["x.xml", VOC],
      ["x.txt", "1,1,17,37,28,28,1,1,1\n2,1,18,37,28,28,1,1,0.5\n"],
      ["x.txt", "0 0.5 0.5 0.25 0.25\n1 0.1 0.1 0.2 0.2 0.2 0.1\n"],
      ["x.txt", "1 1005 1 3 4 4120\n2 2001 2 3 4 63\n"],
      ["x.csv", "scorer,a,a\nbodyparts,nose,nose\ncoords,x,y\n0,1,2\n"],
      ["x.csv", "track,frame_idx,instance.score,a.x,a.y\nt,0,1,2,3\n"],
      ["x.txt", "1,1,17,37,28,28,1,1,1\n"],
    );
    await assert(
      asyncProperty(sound, nat(), integer({ min: 0, max: 127 }), nat(), async ([name, text], place, byte, end) => {
        const bytes = Buffer.from(text);
        bytes[place % bytes.length] = byte;
        await readOrRefused(name, bytes.subarray(0, end % 3 === 0 ? end % bytes.length : bytes.length));
      }),
      { numRuns: 200 },
    );
  });

  it("values of another type in a file of points or joints", async () => {
    const values = constantFrom(null, true, -1, 0.5, 1e300, "", "x", [], {}, [[]], [null]);
    const keys = constantFrom("frame", "name", "x", "y", "visible", "confidence", "frames", "width", "joint_names");
    await assert(
      asyncProperty(keys, values, async (key, value) => {
        await readOrRefused("x.json", JSON.stringify([{ ...JSON.parse(POINTS)[0], [key]: value }]));
        await readOrRefused("x.json", JSON.stringify({ ...JSON.parse(JOINTS), [key]: value }));
      }),
      { numRuns: 150 },
    );
  });

  it("values of another type in files of other tools", async () => {
    const values = constantFrom(null, true, -1, 0.5, 1e300, "", "x", [], {}, [[]], [null], [{}]);
    const keys = constantFrom(
      "images",
      "annotations",
      "categories",
      "bbox",
      "keypoints",
      "image_id",
      "id",
      "file_name",
      "width",
      "name",
      "segmentation",
      "attributes",
      "shapes",
      "points",
      "label",
      "shape_type",
      "group_id",
      "imagePath",
    );
    await assert(
      asyncProperty(constantFrom(COCO, LABELME), keys, values, async (sound, wrong, value) => {
        const text = JSON.stringify(JSON.parse(sound, (key, old: unknown) => (key === wrong ? value : old)));
        await readOrRefused("x.json", text);
      }),
      { numRuns: 300 },
    );
  });
});
