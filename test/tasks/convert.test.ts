/** @file The task `convert`: labels and results of tracking in other formats, from real files to real files. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { convertTask } from "../../src/tasks/convert.ts";
import { makeResults, NAMES } from "../review/folder.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

let root: string;
const at = (...names: string[]): string => join(root, ...names);
beforeEach(async () => {
  root = await temporaryFolder();
});
afterEach(() => rm(root, { recursive: true }));

const json = async (path: string) => JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;

const task = (more: object) => convertTask.run({ input: at("a.csv"), to: "coco", out: at("o.json"), ...more });

const CSV = "frame,name,x,y,width,height\n0,car,2,3,8,5\n1,car,3,3,8,5\n";
const YOLO = "0 0.5 0.5 0.25 0.5\n";

describe("results of tracking", () => {
  it("are written frame by frame, with their names, confidence and masks", async () => {
    const { result } = await makeResults(root);
    const done = await convertTask.run({ input: result, to: "coco", out: at("a.json") });
    expect(done).toMatchObject({ from: "tracked", to: "coco", frames: 40 });
    expect(done.lost).toEqual([
      "coco holds no times: dropped those of 40 frames",
      "coco holds no word for what is not visible: left out 20 shapes",
    ]);
    const { images, annotations, categories } = await json(at("a.json"));
    expect(images).toHaveLength(40);
    expect((categories as { name: string }[]).map(({ name }) => name)).toEqual(NAMES);
    const [first] = annotations as Record<string, unknown>[];
    expect(first).toMatchObject({ image_id: 1, track_id: 1, category_id: 1, iscrowd: 0, score: 1 });
  });

  it("have the classes that are given for their ids", async () => {
    const { result } = await makeResults(root);
    const objects = [
      { id: 1, class: "gear" },
      { id: 200, class: "nothing" },
    ];
    await convertTask.run({ input: result, to: "coco", out: at("a.json"), objects });
    const { categories, annotations } = await json(at("a.json"));
    const [named] = (categories as { id: number; name: string }[]).filter(({ name }) => name === "gear");
    const ids = new Set(
      (annotations as Record<string, unknown>[]).map((one) => [one["track_id"], one["category_id"]].join(" ")),
    );
    expect(ids).toContain(`1 ${named.id}`);
    expect([...ids].filter((pair) => pair.endsWith(` ${named.id}`))).toHaveLength(1);
    expect(() => convertTask.parse({ input: "a", to: "coco", out: "o", objects: [{ id: 0, class: "x" }] })).toThrow();
  });

  it("of which the end is missing are named as unfinished, not taken for labels", async () => {
    const { result } = await makeResults(root);
    for (const name of ["tracks.jsonl", "summary.json"]) await rm(join(result, name));
    await expect(task({ input: result })).rejects.toMatchObject({
      code: "review/unfinished",
      message: expect.stringContaining("run the same track command again"),
    });
  });

  it("give the same masks again through COCO", async () => {
    const { result } = await makeResults(root);
    await convertTask.run({ input: result, to: "coco", out: at("a.json") });
    await convertTask.run({ input: at("a.json"), to: "mask-folder", out: at("masks") });
    for (const name of ["00000.png", "00003.png"])
      expect(new Set((await readMaskPng(at("masks", name))).data)).toEqual(
        new Set((await readMaskPng(join(result, "masks", name))).data),
      );
    expect(await readMaskPng(at("masks", "00000.png"))).toEqual(await readMaskPng(join(result, "masks", "00000.png")));
  });

  it.each(["cvat-video", "cvat-images", "label-studio", "mots-txt", "youtube-vis"] as const)(
    "are written as %s",
    async (to) => {
      const { result } = await makeResults(root);
      const out = at(`out${to.startsWith("cvat") ? ".xml" : to === "mots-txt" ? ".txt" : ".json"}`);
      await convertTask.run({ input: result, to, out });
      const boxes = await convertTask.run({
        input: out,
        to: "points-csv",
        out: at("boxes.csv"),
        size: { width: 160, height: 90 },
      });
      expect(boxes).toMatchObject({ from: to, frames: 40 });
    },
  );
});

describe("the clip", () => {
  it("gives its size and its names to shares and indices", async () => {
    const clip = await makeImageFolder(root, "clip", 3);
    await mkdir(at("yolo", "labels"), { recursive: true });
    await writeFile(at("yolo", "data.yaml"), "names: [car, 'a, b']\n");
    const names = (await readdir(clip)).map((name) => name.replace(/\.[^.]*$/u, "")).toSorted();
    for (const name of names) await writeFile(at("yolo", "labels", `${name}.txt`), YOLO);
    const done = await convertTask.run({ input: at("yolo"), to: "voc", out: at("voc"), video: clip });
    expect(done).toMatchObject({ from: "yolo", frames: 3 });
    expect(await readdir(at("voc"))).toEqual(names.map((name) => `${name}.xml`));
    expect(await readFile(at("voc", `${names[0]}.xml`), "utf8")).toContain("<name>car</name>");
  });

  it("is missed where labels are shares, unless its size is given", async () => {
    await writeFile(at("a.txt"), YOLO);
    const task = { input: at("a.txt"), to: "points-csv", out: at("a.csv") } as const;
    await expect(convertTask.run(task)).rejects.toMatchObject({ code: "labels/relative" });
    await convertTask.run({ ...task, size: { width: 40, height: 20 } });
    expect(await readFile(at("a.csv"), "utf8")).toContain("0,,class 0,15,5,1,,10,10");
  });

  it("of another size, or too short, is refused", async () => {
    const clip = await makeImageFolder(root, "clip", 2);
    await writeMaskPng(at("masks", "00000.png"), { width: 4, height: 2, data: new Uint8Array(8).fill(1) });
    await writeFile(at("late.csv"), CSV.replace("\n1,", "\n9,"));
    await convertTask.run({ input: at("masks"), to: "coco", out: at("a.json") });
    const of = (input: string) => convertTask.run({ input, to: "cvat-video", out: at("o.xml"), video: clip });
    await expect(of(at("a.json"))).rejects.toMatchObject({ code: "labels/size" });
    await expect(of(at("late.csv"))).rejects.toMatchObject({ code: "labels/frame" });
    expect(await readdir(root)).not.toContain("o.xml");
  });
});

describe("what is in the way", () => {
  beforeEach(() => writeFile(at("a.csv"), CSV));

  it("a file is replaced when that is said, a folder never", async () => {
    await writeFile(at("o.json"), "old");
    await expect(task({})).rejects.toMatchObject({ code: "convert/exists", status: 409 });
    await task({ overwrite: true });
    expect(await json(at("o.json"))).toHaveProperty("images");
    await mkdir(at("full"));
    await writeFile(at("full", "mine"), "");
    await expect(task({ to: "voc", out: at("full"), overwrite: true })).rejects.toMatchObject({
      code: "convert/exists",
    });
    await mkdir(at("empty"));
    await task({ to: "voc", out: at("empty") });
    expect(await readdir(at("empty"))).toEqual(["00000.xml", "00001.xml"]);
  });

  it("another ending, an unknown format, a folder that is not there", async () => {
    await expect(task({ out: at("o.xml") })).rejects.toThrow(/coco is a file.*expected a name that ends in \.json/);
    await writeFile(at("notes.md"), "");
    await expect(task({ input: at("notes.md") })).rejects.toMatchObject({ code: "annotations/format" });
    await expect(task({ input: at("none.csv") })).rejects.toMatchObject({ code: "file/missing" });
  });

  it("nothing half-written stays when the input turns out to be damaged, or the work is stopped", async () => {
    await writeMaskPng(at("masks", "00000.png"), { width: 4, height: 2, data: new Uint8Array(8).fill(1) });
    await writeFile(at("masks", "00001.png"), "no picture");
    await expect(task({ input: at("masks"), to: "youtube-vos", out: at("vos") })).rejects.toMatchObject({
      code: "mask/unreadable",
    });
    const stopped = AbortSignal.abort(new Error("stop"));
    await expect(convertTask.run({ input: at("a.csv"), to: "voc", out: at("v") }, { signal: stopped })).rejects.toThrow(
      "stop",
    );
    expect((await readdir(root)).toSorted()).toEqual(["a.csv", "masks"]);
  });

  it("nothing that the format holds is an error, with what there was", async () => {
    await expect(task({ to: "deeplabcut", out: at("o.csv") })).rejects.toThrow(
      /has nothing that deeplabcut can hold: got deeplabcut holds no boxes: left out 2 boxes/,
    );
    expect(await readdir(root)).not.toContain("o.csv");
  });
});

/** A thing of one of several clips. */
const thingOf = (id: number) => ({
  id,
  video_id: id,
  category_id: 1,
  segmentations: [null],
  bboxes: [[id - 1, 0, 1, 1]],
});

describe("hostile labels", () => {
  it("names of pictures and clips do not lead out of the folder", async () => {
    const image = { id: 1, file_name: "..", width: 8, height: 8 };
    const annotation = { image_id: 1, category_id: 1, bbox: [1, 1, 4, 4] };
    await writeFile(at("a.json"), JSON.stringify({ images: [image], annotations: [annotation] }));
    await expect(convertTask.run({ input: at("a.json"), to: "voc", out: at("o") })).rejects.toMatchObject({
      code: "format/name",
    });
    await writeFile(
      at("b.json"),
      JSON.stringify({ images: [{ ...image, file_name: "../../x/..\\evil.png" }], annotations: [annotation] }),
    );
    await convertTask.run({ input: at("b.json"), to: "voc", out: at("o") });
    expect(await readdir(at("o"))).toEqual(["evil.xml"]);
    await mkdir(at("vos"));
    await writeFile(at("vos", "meta.json"), JSON.stringify({ videos: { "../..": { objects: {} } } }));
    await expect(convertTask.run({ input: at("vos"), to: "coco", out: at("c.json") })).rejects.toMatchObject({
      code: "format/name",
    });
  });

  it("several clips in one file are named, and one is chosen", async () => {
    const videos = ["a", "b"].map((name, i) => ({ id: i + 1, name, file_names: ["0.png"], width: 4, height: 2 }));
    await writeFile(
      at("a.json"),
      JSON.stringify({ videos, annotations: [thingOf(1), thingOf(2)], categories: [{ id: 1, name: "car" }] }),
    );
    const given = { input: at("a.json"), to: "points-csv", out: at("o.csv") } as const;
    await expect(convertTask.run(given)).rejects.toThrow(/holds 2 clips: got "a", "b", expected one clip/);
    await convertTask.run({ ...given, sequence: "b" });
    expect(await readFile(at("o.csv"), "utf8")).toContain("0,,car,1,0,1,,1,1");
  });

  it.each([
    ["mot", "a.txt", "mot"],
    ["yolo", "a.txt", "yolo"],
    ["labelme", "a.json", "labelme"],
    ["voc", "a.xml", "voc"],
  ] as const)("a folder of %s is one whatever it is called (%s)", async (to, name, from) => {
    await writeFile(at("a.csv"), CSV);
    await task({ to, out: at(name), size: { width: 16, height: 10 } });
    const back = await task({ input: at(name), size: { width: 16, height: 10 } });
    expect(back).toMatchObject({ from, frames: 2 });
  });

  it("what is not there, and what is empty, is named as such", async () => {
    await expect(task({ input: at("nope") })).rejects.toMatchObject({
      code: "file/missing",
      message: expect.stringContaining(`no such file or folder: ${at("nope")}`),
    });
    await mkdir(at("empty"));
    await expect(task({ input: at("empty") })).rejects.toThrow(/empty has no labels: .*; check the path/u);
  });

  it("another size than the labels say is refused, as a clip of another size is", async () => {
    await writeMaskPng(at("masks", "00000.png"), { width: 4, height: 2, data: new Uint8Array(8).fill(1) });
    const given = { input: at("masks"), to: "yolo", out: at("o") };
    await expect(task({ ...given, size: { width: 8, height: 4 } })).rejects.toThrow(
      /masks labels pictures of another size than --size: got 4x2, expected 8x4/u,
    );
    expect(await task({ ...given, size: { width: 4, height: 2 } })).toMatchObject({ frames: 1 });
  });

  it("a place below a file cannot be written, and that is said in words", async () => {
    await writeFile(at("a.csv"), CSV);
    await expect(task({ out: at("a.csv", "o.json") })).rejects.toMatchObject({
      code: "file/write",
      message: `cannot write ${at("a.csv")}: a file is where a folder is needed; choose another folder`,
    });
  });

  it("a link to a folder is read as the folder", async () => {
    await writeMaskPng(at("masks", "00000.png"), { width: 4, height: 2, data: new Uint8Array(8).fill(1) });
    await symlink(at("masks"), at("link"));
    expect(await convertTask.run({ input: at("link"), to: "coco", out: at("o.json") })).toMatchObject({
      from: "mask-folder",
    });
  });
});
