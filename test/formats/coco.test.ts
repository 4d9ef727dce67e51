import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coco } from "../../src/formats/coco.ts";
import { readPointLabels } from "../../src/formats/registry.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "coco-"));
});
afterAll(() => rm(folder, { recursive: true }));

const images = [
  { id: 1, file_name: "clip/00000.png", width: 128, height: 96 },
  { id: 2, file_name: "00007.png", width: 128, height: 96 },
];
const categories = [
  { id: 1, name: "disc" },
  { id: 2, name: "mouse", keypoints: ["nose", "tail"] },
];
const disc = { image_id: 1, category_id: 1, bbox: [16, 36, 28, 28] };

async function read(file: object) {
  const warned: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string) => void warned.push(line.replace(`${folder}/`, "")) };
  await writeFile(join(folder, "a.json"), JSON.stringify(file).replaceAll('"NaN"', "NaN"));
  return { ...(await readPointLabels(join(folder, "a.json"), { logger })), warned };
}

describe("COCO files that are refused", () => {
  it.each<[string, object, RegExp]>([
    [
      "without a box",
      { images, annotations: [{ image_id: 1, category_id: 1 }] },
      /has no box and no key point: got 1 annotations/,
    ],
    ["of crowds", { images, annotations: [{ ...disc, iscrowd: 1 }] }, /has no box and no key point/],
    [
      "with a broken box",
      { images, annotations: [{ ...disc, bbox: [1, 2, 3] }] },
      /a\.json is not as expected at annotations\[0\]\.bbox/,
    ],
    [
      "with boxes of no size alone",
      { images, annotations: [{ ...disc, bbox: [1, 2, 0, 3] }] },
      /the box "category 1" in frame 00000/,
    ],
    ["without picture names", { images: [{ id: 1 }], annotations: [disc] }, /images\[0\]\.file_name/],
  ])("%s", async (_, file, says) => {
    await expect(read(file)).rejects.toThrow(says);
  });
});

const names = ({ objects }: { readonly objects: readonly { readonly name: string }[] }) =>
  objects.map(({ name }) => name);

describe("COCO skeletons", () => {
  const mouse = { image_id: 1, category_id: 2, keypoints: [10, 20, 2, 30, 20, 2] };
  const boned = [{ ...categories[1], skeleton: [[1, 2]] }];

  it("join points by name, of every object where there are several", async () => {
    expect((await read({ images, categories: boned, annotations: [mouse] })).skeleton).toEqual([["nose", "tail"]]);
    const two = await read({ images, categories: boned, annotations: [mouse, mouse] });
    expect(two.skeleton).toEqual([
      ["mouse 1 nose", "mouse 1 tail"],
      ["mouse 2 nose", "mouse 2 tail"],
    ]);
  });

  it("are not there for boxes, and a broken one refuses nothing", async () => {
    expect((await read({ images, categories: boned, annotations: [disc] })).skeleton).toBeUndefined();
    const broken = [{ ...categories[1], skeleton: ["nose"] }];
    expect((await read({ images, categories: broken, annotations: [mouse] })).skeleton).toBeUndefined();
  });
});

describe("COCO boxes", () => {
  it("are ours, by picture", async () => {
    const second = { ...disc, image_id: 2, bbox: [18.5, 36, 28, 28], area: 784 };
    const { warned, ...annotations } = await read({ images, categories, annotations: [disc, second] });
    expect(annotations).toEqual({
      size: { width: 128, height: 96 },
      objects: [{ name: "disc" }],
      frames: [
        { frame: 0, image: "00000", boxes: [{ name: "disc", x: 16, y: 36, width: 28, height: 28 }] },
        { frame: 7, image: "00007", boxes: [{ name: "disc", x: 18.5, y: 36, width: 28, height: 28 }] },
      ],
    });
    expect(warned).toEqual([]);
  });

  it("several of a category are numbered, with a warning where that joins pictures; tracks have their own number", async () => {
    const two = [disc, { ...disc, bbox: [60, 36, 28, 28] }];
    expect(names(await read({ images, categories, annotations: two }))).toEqual(["disc 1", "disc 2"]);
    const both = await read({ images, categories, annotations: [...two, { ...disc, image_id: 2 }] });
    expect(names(both)).toEqual(["disc 1", "disc 2"]);
    expect(both.warned).toEqual([
      "a.json does not say which objects of several pictures are the same: numbered in the order of each picture",
    ]);
    const tracks = two.map((one, i) => ({ ...one, attributes: { track_id: 7 - i, occluded: false } }));
    const tracked = await read({ images, categories, annotations: [...tracks, { ...tracks[1], image_id: 2 }] });
    expect(names(tracked)).toEqual(["disc 7", "disc 6"]);
    expect(tracked.frames[1].boxes?.[0].name).toBe("disc 6");
    expect(tracked.warned).toEqual([]);
  });

  it("outlines stand for their object instead of its box, and bad boxes are named", async () => {
    const annotations = [
      { ...disc, segmentation: [[1, 2, 3, 4, 5, 6]] },
      { ...disc, bbox: ["NaN", 2, 3, 4] },
    ];
    const { warned, frames } = await read({ images, categories, annotations });
    const ring = [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
      { x: 5, y: 6 },
    ];
    expect(frames).toEqual([{ frame: 0, image: "00000", polygons: [{ name: "disc 1", rings: [ring] }] }]);
    expect(warned).toEqual(['a.json: left out the box "disc 2" in frame 00000 (its x is no number)']);
  });

  it("pictures of several sizes have no common one", async () => {
    const mixed = [images[0], { ...images[1], width: 64 }];
    expect(await read({ images: mixed, categories, annotations: [disc] })).not.toHaveProperty("size");
  });
});

describe("COCO key points", () => {
  const mouse = { ...disc, category_id: 2, keypoints: [10, 20, 2, 0, 0, 0], num_keypoints: 1 };

  it("count pixel centres, and stand for their object instead of its box", async () => {
    const covered = { ...mouse, image_id: 2, keypoints: [10, 20, 1, 30, 40, 2] };
    const { frames, objects } = await read({ images, categories, annotations: [mouse, covered] });
    expect(objects).toEqual([{ name: "nose" }, { name: "tail" }]);
    expect(frames).toEqual([
      { frame: 0, image: "00000", points: [{ name: "nose", x: 10.5, y: 20.5, visible: true }] },
      {
        frame: 7,
        image: "00007",
        points: [
          { name: "nose", x: 10.5, y: 20.5, visible: false },
          { name: "tail", x: 30.5, y: 40.5, visible: true },
        ],
      },
    ]);
  });

  it("of several objects have their names, in all pictures", async () => {
    const { objects } = await read({ images, categories, annotations: [mouse, mouse, { ...mouse, image_id: 2 }] });
    expect(objects).toEqual([{ name: "mouse 1 nose" }, { name: "mouse 2 nose" }]);
  });
});

it("a file is told by its keys", async () => {
  expect(coco.layout).toEqual([".json"]);
  await expect(read({ images: 1, annotations: 2 })).rejects.toMatchObject({ code: "points/empty" });
});
