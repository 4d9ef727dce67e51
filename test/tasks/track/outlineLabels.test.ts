/** @file Labels that are outlines, in shares of the frame or folders of masks, as `track` takes them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placeLabels } from "../../../src/tasks/track/placeLabels.ts";
import { readLabels } from "../../../src/tasks/track/trackLabels.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "outlines-"));
});
afterAll(() => rm(root, { recursive: true }));

const clip = { path: "clip", width: 8, height: 4, names: ["00000", "00001", "00002"] };

async function placed(files: readonly { readonly path: string; readonly frame?: number }[], more: object = {}) {
  const said: string[] = [];
  const tell = (line: string) => void said.push(line.replaceAll(`${root}/`, ""));
  const logger = { info: tell, warn: tell, progress() {} };
  const labels = files.map(({ path, ...rest }) => ({ path: join(root, path), ...rest }));
  return { labels: placeLabels(await readLabels({ labels, ...more }, logger), clip, logger), said };
}

const image = (id: number) => ({ id, file_name: `0000${id}.png`, width: 8, height: 4 });
const square = (x: number, side: number) => [x, 0, x + side, 0, x + side, side, x, side];
const leaf = { image_id: 0, category_id: 1, segmentation: [square(0, 2)], bbox: [0, 0, 2, 2] };

describe("outlines", () => {
  it("are masks with the lowest free ids, the same in all frames, boxes beside them too", async () => {
    const annotations = [
      leaf,
      { ...leaf, category_id: 2, segmentation: [square(1, 2)] },
      { image_id: 2, category_id: 1, bbox: [4, 0, 2, 2] },
    ];
    const categories = [
      { id: 1, name: "leaf" },
      { id: 2, name: "bug" },
    ];
    await writeFile(join(root, "a.json"), JSON.stringify({ images: [image(0), image(2)], annotations, categories }));
    await writeMaskPng(join(root, "m.png"), { width: 8, height: 4, data: new Uint8Array(32).fill(1, 16) });
    const { labels, said } = await placed([{ path: "m.png", frame: 1 }, { path: "a.json" }]);
    const [, first, last] = labels;
    expect(first).toMatchObject({ frame: 0, objects: [2, 3] });
    expect([...first.mask!.data].slice(0, 16)).toEqual([2, 3, 3, 0, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0]);
    expect(last).toMatchObject({ frame: 2, boxes: [{ name: "2", x: 4 }] });
    expect(said).toEqual([
      "a.json: read as coco (--format to choose another)",
      "objects by their ids: 2 = leaf, 3 = bug",
    ]);
  });

  it("are read as the format that is named, told by contents or not, also in a ZIP", async () => {
    await writeFile(join(root, "results.txt"), "1,3,2,1,4,2,0.5,-1,-1,-1\n");
    await writeFile(join(root, "labels.zip"), zipSync({ "results.txt": await readFile(join(root, "results.txt")) }));
    for (const path of ["results.txt", "labels.zip"]) {
      const { labels, said } = await placed([{ path }], { format: "mot-results" });
      expect(labels).toMatchObject([{ frame: 0, boxes: [{ x: 1, y: 0, width: 4, height: 2 }] }]);
      expect(said).toEqual([]);
      expect((await placed([{ path }])).said).toEqual([`${path}: read as mot (--format to choose another)`]);
    }
    await expect(placed([{ path: "results.txt" }], { format: "cvat-video" })).rejects.toMatchObject({
      code: "xml/invalid",
    });
  });

  it("that cover no pixel of the clip are refused", async () => {
    await writeFile(
      join(root, "b.json"),
      JSON.stringify({
        images: [{ id: 0, file_name: "00000.png" }],
        annotations: [{ ...leaf, segmentation: [square(99, 2)] }],
      }),
    );
    await expect(placed([{ path: "b.json" }])).rejects.toThrow(/the outlines of frame 0 cover no pixel of 8x4/);
  });

  it("of more things than masks have ids are refused", async () => {
    const annotations = Array.from({ length: 255 }, (_, i) => ({ ...leaf, track_id: i }));
    await writeFile(join(root, "c.json"), JSON.stringify({ images: [image(0)], annotations }));
    await expect(placed([{ path: "c.json" }])).rejects.toMatchObject({ code: "boxes/many" });
  });
});

it("shares of the frame are pixels of the clip", async () => {
  await writeFile(join(root, "00001.txt"), "0 0.5 0.5 0.5 0.5\n0 0 0 0.25 0 0.25 1 0 1\n");
  const { labels } = await placed([{ path: "00001.txt" }]);
  expect(labels).toMatchObject([{ frame: 1, objects: [2], boxes: [{ name: "1", x: 2, y: 1, width: 4, height: 2 }] }]);
  expect([...labels[0].mask!.data].filter((id) => id > 0)).toHaveLength(8);
});

const box = (frame: number, key: number, outside = 0) =>
  `<box frame="${frame}" keyframe="${key}" outside="${outside}" occluded="0" xtl="1" ytl="1" xbr="3" ybr="3"/>`;

it("what a tool filled in between key frames is left out", async () => {
  const track = `<track id="0" label="car">${box(0, 1)}${box(1, 0)}${box(2, 1, 1)}</track>`;
  await writeFile(join(root, "t.xml"), `<annotations><version>1.1</version>${track}</annotations>`);
  expect((await placed([{ path: "t.xml" }])).labels.map(({ frame, boxes }) => [frame, boxes?.length])).toEqual([
    [0, 1],
  ]);
});

const ids = async (more: object) =>
  (await placed([{ path: "masks", ...more }])).labels.map(({ frame, mask }) => [frame, mask!.data[0]]);

it("a folder of masks: every frame, or the one that is asked for", async () => {
  for (const [i, name] of clip.names.entries())
    await writeMaskPng(join(root, "masks", `${name}.png`), {
      width: 8,
      height: 4,
      data: new Uint8Array(32).fill(i + 1),
    });
  expect(await ids({})).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(await ids({ frame: 1 })).toEqual([[1, 2]]);
  await expect(ids({ frame: 9 })).rejects.toMatchObject({ code: "labels/start" });
});
