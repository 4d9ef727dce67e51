/** @file TAP-Vid's pickles and arrays, as numpy and Python wrote them (`test/media/formats/makeTapVid.py`). */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { strToU8, unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inPixels } from "../../src/annotations/inPixels.ts";
import { npyArray, npyOf, NumpyError, numbersOf, textsOf } from "../../src/core/numpyArray.ts";
import { readPointTruth } from "../../src/formats/registry.ts";
import { flatPoints } from "./flat.ts";
import { Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const media = (name: string): string => new URL(`../media/formats/${name}`, import.meta.url).pathname;

async function given(name: string): Promise<string> {
  await copyFile(media(name), place.at(name));
  return name;
}

/** Of the clip that was written, and of one of ours. */
const THEIRS = { width: 8, height: 6 };
const SIZE = { width: 64, height: 48 };
const BUS = [
  { frame: 0, name: "1", x: 0.25, y: 0.5, visible: true },
  { frame: 0, name: "2", x: 0, y: 1, visible: false },
  { frame: 1, name: "1", x: 0.5, y: 0.5, visible: true },
  { frame: 1, name: "2", x: 0.125, y: 0.875, visible: true },
  { frame: 2, name: "1", x: 0.75, y: 0.25, visible: false },
  { frame: 2, name: "2", x: 0.5, y: 0, visible: true },
];

describe("pickles of clips", () => {
  it.each(["tapvid-2.pkl", "tapvid-4.pkl", "tapvid-5.pkl"])("by name: %s", async (name) => {
    const read = await place.read(await given(name), "bus");
    expect(read).toMatchObject({ format: "tapvid", sequence: "bus", size: THEIRS, relative: true });
    expect(flatPoints(read)).toEqual(BUS);
  });

  it("in a list, numbered as in Python; frames as JPEG say no size", async () => {
    const name = await given("tapvid-list.pkl");
    expect(flatPoints(await place.read(name, "1"))).toEqual(BUS);
    expect((await place.read(name, "0")).size).toBeUndefined();
  });

  it("of several clips one has to be chosen", async () => {
    await expect(place.read(await given("tapvid-4.pkl"))).rejects.toMatchObject({
      code: "annotations/sequence",
      message: expect.stringContaining('"bus", "cow"') as string,
    });
  });

  it("are in pixels where points are scored", async () => {
    const bytes = await readFile(media("tapvid-list.pkl"));
    const path = await place.write("one.pkl", bytes);
    await expect(readPointTruth(path)).rejects.toMatchObject({ code: "annotations/sequence" });
    const read = await readPointTruth(path, { sequence: "1" });
    expect(flatPoints(read)[0]).toEqual({ frame: 0, name: "1", x: 2, y: 3, visible: true });
  });

  it.each([
    ["code", "\x80\x02cos\nsystem\nX\x02\0\0\0ls\x85R.", /uses os\.system, which is not on the list/],
    ["a state for a name", "\x80\x02cnumpy\nndarray\n}b.", /a state/],
    ["something else", "\x80\x02}.", /has no clips of TAP-Vid/],
    ["a part of it", "\x80\x02}X\xff\0\0\0p", /ends too early/],
    ["nothing", "", /ends too early/],
    ["a number of a gigabyte", "\x80\x02\x8b\xff\xff\xff\x3f.", /too long/],
    ["text that says to be pickle", '{"bus": 1}', /not supported/],
  ])("with %s are refused", async (_, text, message) => {
    const name = "wrong.pkl";
    await place.write(name, strToU8(text, true));
    await expect(place.read(name)).rejects.toThrow(message);
    await expect(place.read(name)).rejects.toMatchObject({ code: "format/pickle" });
  });

  it("cut off at any byte are refused", async () => {
    const bytes = await readFile(media("tapvid-4.pkl"));
    for (let end = 0; end < bytes.length - 1; end += Math.ceil(bytes.length / 40)) {
      const name = "cut.pkl";
      await place.write(name, bytes.subarray(0, end));
      await expect(place.read(name, "bus")).rejects.toMatchObject({ code: "format/pickle" });
    }
  });
});

describe("arrays in an .npz", () => {
  it("as in the data set, columns first", async () => {
    const read = await place.read(await given("tapvid.npz"));
    expect(read.relative).toBe(true);
    expect(flatPoints(read)).toEqual(BUS);
  });

  it("of the evaluation, in pixels of 256 × 256 with an axis of one video", async () => {
    expect(flatPoints(await place.read(await given("tapvid-evaluated.npz")))).toEqual(BUS);
  });

  it("written come back with their names; a point that is never visible is left out and told", async () => {
    const points = [
      { name: "nose", x: 16, y: 24, visible: true },
      { name: "never", x: 0, y: 0, visible: false },
      { name: "しっぽ", x: 8, y: 42, visible: false },
    ];
    const later = [
      { name: "しっぽ", x: 63.5, y: 36, visible: true },
      { name: "nose", x: 32, y: 24, visible: false },
    ];
    const frames = [
      { frame: 0, points },
      { frame: 2, points: later },
    ];
    const lost = await place.convert("tapvid", "out.npz", { objects: [], size: SIZE, frames }, { frameCount: 4 });
    expect(lost).toEqual(["tapvid holds no point that is never visible: left out 1"]);
    const read = inPixels(await place.read("out.npz"), SIZE);
    expect(flatPoints(read)).toHaveLength(8);
    expect(flatPoints(read).filter(({ visible }) => visible)).toEqual([
      { frame: 0, name: "nose", x: 16, y: 24, visible: true },
      { frame: 2, name: "しっぽ", x: 63.5, y: 36, visible: true },
    ]);
    const { "query_points.npy": queries } = unzipSync(await readFile(place.at("out.npz")));
    expect([...numbersOf(npyArray(queries))]).toEqual([0, 128, 64, 2, 192, 254]);
    await place.convert("tapvid", "again.npz", { objects: [], size: SIZE, frames }, { frameCount: 4 });
    expect(await readFile(place.at("again.npz"))).toEqual(await readFile(place.at("out.npz")));
  });

  it("need the size of the frames to be written", async () => {
    const frames = [{ frame: 0, points: [{ name: "a", x: 1, y: 1 }] }];
    await expect(place.convert("tapvid", "none.npz", { objects: [], frames })).rejects.toMatchObject({
      code: "labels/relative",
    });
  });

  const points = npyOf({ type: "<f4", data: new Float32Array(4) }, [1, 2, 2]);
  const occluded = npyOf({ type: "|b1", data: new Uint8Array(2) }, [1, 2]);
  it.each([
    ["without points", { "occluded.npy": occluded }, "format/npz", /no points of TAP-Vid/],
    ["of other shapes", { "points.npy": points, "occluded.npy": points }, "format/npz", /differ/],
    ["cut off", { "points.npy": points.subarray(0, 130), "occluded.npy": occluded }, "format/npz", /has 2 bytes/],
    ["that are none", { "points.npy": strToU8("points"), "occluded.npy": occluded }, "format/npz", /does not begin/],
  ])("%s are refused", async (_, files, code, message) => {
    await writeFile(place.at("bad.npz"), zipSync(files));
    await expect(place.read("bad.npz")).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it("that are no ZIP are refused", async () => {
    await place.write("bad.npz", "points");
    await expect(place.read("bad.npz")).rejects.toMatchObject({ code: "format/zip" });
    await expect(place.read("none.npz")).rejects.toMatchObject({ code: "file/missing" });
  });

  it("claim no more values than there are, and no more than can be", () => {
    const file = npyOf({ type: "<f4", data: new Float32Array(1) }, [2 ** 40]);
    expect(() => numbersOf(npyArray(file))).toThrow(NumpyError);
    expect(() => textsOf(npyArray(file))).toThrow(NumpyError);
  });

  const hasNumpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;
  it.skipIf(!hasNumpy)("are numpy's own (skipped without numpy)", async () => {
    const frames = [{ frame: 0, points: [{ name: "ä", x: 16, y: 24 }] }];
    await place.convert("tapvid", "numpy.npz", { objects: [], size: SIZE, frames });
    const program =
      "import numpy, sys; f = numpy.load(sys.argv[1]); print({k: (f[k].dtype.str, f[k].tolist()) for k in f})";
    expect(execFileSync("python3", ["-c", program, place.at("numpy.npz")], { encoding: "utf8" }).trim()).toBe(
      "{'points': ('<f4', [[[0.25, 0.5]]]), 'occluded': ('|b1', [[False]]), " +
        "'query_points': ('<f4', [[0.0, 128.0, 64.0]]), 'names': ('<U1', ['ä'])}",
    );
  });
});
