/**
 * @file HDF5 of DeepLabCut and SLEAP, as pandas, PyTables and h5py wrote them (`test/media/formats/makeHdf5.py`); skipped
 * where h5wasm is not installed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flatPoints } from "./flat.ts";
import { Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const media = (name: string): string => new URL(`../media/formats/${name}`, import.meta.url).pathname;

async function read(name: string) {
  await copyFile(media(name), place.at(name));
  return place.read(name);
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("h5wasm/package.json");
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}

const noseAndTail = (frame: object, from: number) =>
  ["nose", "tail"].map((name, i) => ({ ...frame, name, x: from + 2 * i + 0.5, y: from + 2 * i + 1.5, visible: true }));

describe.skipIf(!isInstalled())("DeepLabCut", () => {
  it("predictions, a table of pandas, with several animals", async () => {
    const { format, frames } = await read("dlc-table.h5");
    expect(format).toBe("deeplabcut-h5");
    expect(frames.map(({ frame, points = [] }) => [frame, points.length])).toEqual([
      [0, 4],
      [1, 3],
      [2, 4],
    ]);
    const of = { object: "mouse1", part: "nose" };
    expect(frames[1].points?.map(({ name, visible }) => `${name} ${visible}`)).toEqual([
      "mouse1 nose true",
      "mouse2 nose true",
      "mouse2 tail false",
    ]);
    expect(frames[1].points?.[0]).toEqual({
      name: "mouse1 nose",
      x: 12.5,
      y: 13.5,
      visible: true,
      confidence: 0.9,
      of,
    });
  });

  it("labels of pictures, and of frames by their index", async () => {
    const labels = await read("dlc-labels.h5");
    expect(labels.frames).toEqual([
      { frame: 0, image: "img000", points: noseAndTail({}, 0) },
      { frame: 5, image: "img005", points: noseAndTail({}, 4) },
    ]);
    expect(flatPoints(await read("dlc-frames.h5"))).toEqual([
      ...noseAndTail({ frame: 0 }, 0),
      ...noseAndTail({ frame: 7 }, 4),
    ]);
  });
});

const part = (object: string, name: string) => ({ name: `${object} ${name}`, of: { object, part: name } });

describe.skipIf(!isInstalled())("SLEAP's analysis", () => {
  const SEEN = [
    { frame: 0, ...part("a", "head"), x: 1.5, y: 2.5, visible: true, confidence: 0.5 },
    { frame: 0, ...part("a", "tail"), x: 3.5, y: 4.5, visible: true },
    { frame: 2, ...part("b", "head"), x: 10, y: 8.5, visible: true },
  ];

  it("has the nodes of its tracks", async () => {
    const found = await read("sleap.h5");
    expect([found.format, flatPoints(found)]).toEqual(["sleap-h5", SEEN]);
  });

  it("written comes back", async () => {
    expect(await place.convert("sleap-h5", "out.h5", await read("sleap.h5"))).toEqual([]);
    const again = await place.read("out.h5");
    expect([again.format, flatPoints(again)]).toEqual(["sleap-h5", SEEN]);
  });

  const hasH5py = spawnSync("/usr/bin/python3", ["-c", "import h5py"]).status === 0;
  it.skipIf(!hasH5py)("written is laid out as h5py reads it (skipped without h5py)", async () => {
    await place.convert("sleap-h5", "py.h5", await read("sleap.h5"));
    const program =
      "import h5py, sys; a, b = (h5py.File(p) for p in sys.argv[1:]);" +
      "print(all((a[k][:].astype('U') == b[k][:].astype('U')).all() for k in a if k != 'point_scores'), sorted(a) == sorted(b))";
    const paths = [media("sleap.h5"), place.at("py.h5")];
    expect(execFileSync("/usr/bin/python3", ["-c", program, ...paths], { encoding: "utf8" }).trim()).toBe("True True");
  });
});

describe.skipIf(!isInstalled())("other files", () => {
  it("without HDF5's signature are nobody's, those that are cut off are refused", async () => {
    await place.write("text.h5", "scorer,a,b");
    await expect(place.read("text.h5")).rejects.toMatchObject({ code: "annotations/tool" });
    const bytes = await readFile(media("sleap.h5"));
    for (const end of [8, 100, bytes.length >> 1]) {
      await place.write("cut.h5", bytes.subarray(0, end));
      await expect(place.read("cut.h5")).rejects.toMatchObject({ code: "format/hdf5" });
    }
  });
});
