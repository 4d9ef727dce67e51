/** @file Labels of another tool through `tsumugi track` and `tsumugi convert`, on a small clip and an untrained encoder. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readMaskPng } from "../../src/video/masks/maskPng.ts";
import { tsumugiHere } from "./here.ts";
import { smallClip } from "./smallClip.ts";

const { at, track } = smallClip();

const COCO = {
  images: [{ id: 1, file_name: "clip/00000.png", width: 48, height: 48 }],
  annotations: [
    { image_id: 1, category_id: 1, segmentation: [[5, 15, 23, 15, 23, 33, 5, 33]], bbox: [5, 15, 18, 18] },
    { image_id: 1, category_id: 2, segmentation: { size: [48, 48], counts: [0, 96, 2208] }, bbox: [0, 0, 2, 48] },
  ],
  categories: [
    { id: 1, name: "square" },
    { id: 2, name: "edge" },
  ],
};

describe("tsumugi convert", () => {
  it("outlines of COCO are tracked, and the results go to CVAT and MOTS", async () => {
    await writeFile(at("coco.json"), JSON.stringify(COCO));
    const { code, err } = await track(["coco.json"]);
    expect([code, err]).toEqual([0, expect.stringContaining("objects by their ids: 1 = square, 2 = edge")]);
    const { data } = await readMaskPng(at("out/masks/00000.png"));
    expect([data[0], data[1], data[2], data[20 * 48 + 10], data[20 * 48 + 30]]).toEqual([2, 2, 0, 1, 0]);

    const cvat = await tsumugiHere([
      "convert",
      at("out"),
      "--to",
      "cvat-video",
      "--out",
      at("cvat.xml"),
      "--overwrite",
    ]);
    expect(cvat).toMatchObject({ code: 0 });
    expect(cvat.out).toContain(`tracked to cvat-video, 4 frames: ${at("cvat.xml")}`);
    expect(cvat.out).toContain("cvat-video holds no times: dropped those of 4 frames\n");
    const first = /<polygon frame="0" keyframe="1" outside="0" occluded="0" points="([^"]*)"/u.exec(
      await readFile(at("cvat.xml"), "utf8"),
    );
    expect(first?.[1]).toBe("5,15;23,15;23,33;5,33");

    const mots = await tsumugiHere([
      "convert",
      at("cvat.xml"),
      "--to",
      "mots-txt",
      "--out",
      at("mots.txt"),
      "--video",
      at("clip"),
    ]);
    expect(mots).toMatchObject({ code: 0 });
    expect(await readFile(at("mots.txt"), "utf8")).toMatch(/^1 3001 3 48 48 \S+\n1 3002 3 48 48 \S+\n2 /u);
  });

  it("says what is wrong with a word", async () => {
    await writeFile(at("bomb.xml"), '<!DOCTYPE a [<!ENTITY b "b">]><annotations><version>&b;</version></annotations>');
    const bomb = await tsumugiHere(["convert", at("bomb.xml"), "--to", "coco", "--out", at("x.json")]);
    expect(bomb).toMatchObject({
      code: 1,
      err: expect.stringMatching(/error: .*bomb\.xml is not XML as expected: got a declaration/u),
    });
    const unknown = await tsumugiHere(["convert", at("clip"), "--to", "cocoa", "--out", at("x.json")]);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining("Allowed choices are coco, youtube-vis") });
    await writeFile(at("boxes.csv"), "frame,name,x,y,width,height\n0,car,2,3,8,5\n");
    const nothing = await tsumugiHere(["convert", at("boxes.csv"), "--to", "sleap-csv", "--out", at("x.csv")]);
    expect(nothing).toMatchObject({ code: 1, err: expect.stringContaining("has nothing that sleap-csv can hold") });
  });
});
