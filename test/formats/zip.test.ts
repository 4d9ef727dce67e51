/** @file Labels in ZIPs, honest and not. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { strToU8, unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatFor, formatOf, formats } from "../../src/formats/registry.ts";
import { filesToZip, writeZip } from "../../src/formats/zip.ts";
import { convertTask } from "../../src/tasks/convert.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { flatPoints } from "./flat.ts";
import { Workplace } from "./written.ts";

let place: Workplace;
const mask = (value: number) => ({ width: 4, height: 3, data: new Uint8Array(12).fill(value, 0, 5) });
beforeAll(async () => {
  place = await Workplace.make();
  for (const [i, name] of ["00000", "00001", "00002"].entries())
    await writeMaskPng(place.at("masks", `${name}.png`), mask(i));
});
afterAll(() => place[Symbol.asyncDispose]());

const zip = (name: string, files: Record<string, Uint8Array>) => writeFile(place.at(name), zipSync(files));
const unpackedFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("tsumugi-zip-"));
const POINTS = "frame,name,x,y\n0,nose,1,2\n";

const convert = (
  input: string,
  out: string,
  to: "mask-folder" | "coco" | "points-csv" | "yolo-seg",
  more: object = {},
) => convertTask.run({ input: place.at(input), out: place.at(out), to, ...more });

describe("a ZIP is read as what it holds", () => {
  it.each([
    ["a file", { "points.csv": strToU8(POINTS) }],
    [
      "a file in folders, as other systems pack it",
      { "a/b/points.csv": strToU8(POINTS), "__MACOSX/a/b/._p.csv": strToU8("x") },
    ],
    [
      "a file beside pictures",
      { "x/p.csv": strToU8(POINTS), "images/1.png": strToU8("x"), "README.txt": strToU8("x") },
    ],
  ])("%s", async (_, files) => {
    const before = await unpackedFolders();
    await zip("points.zip", files);
    const read = await place.read("points.zip");
    expect(read.format).toBe("points-csv");
    expect(flatPoints(read)).toEqual([{ frame: 0, name: "nose", x: 1, y: 2, visible: true }]);
    expect(await unpackedFolders()).toEqual(before);
  });

  it("a folder of masks, read one at a time and removed at the end", async () => {
    const before = await unpackedFolders();
    await writeZip(place.at("masks.zip"), await filesToZip(place.at("masks"), ""));
    const read = await place.read("masks.zip");
    expect(read.format).toBe("mask-folder");
    expect(read.frames.map(({ image, mask: one }) => [image, one?.data[0]])).toEqual([
      ["00000", 0],
      ["00001", 1],
      ["00002", 2],
    ]);
    expect(await unpackedFolders()).toEqual(before);
  });

  it("nothing known in it: no format, and nothing stays", async () => {
    const before = await unpackedFolders();
    await zip("notes.zip", { "a.md": strToU8("x") });
    expect(
      await formatOf(
        place.at("notes.zip"),
        formats.filter(({ layout }) => layout !== "folder"),
      ),
    ).toBeUndefined();
    await expect(formatFor(place.at("notes.zip"), "coco")).rejects.toMatchObject({ code: "annotations/format" });
    expect(await unpackedFolders()).toEqual(before);
  });

  it("the named format is used where it is named", async () => {
    await zip("points.zip", { "points.csv": strToU8(POINTS) });
    const format = await formatFor(place.at("points.zip"), "points-csv");
    expect((await format.read?.(place.at("points.zip")))?.frames).toHaveLength(1);
  });
});

describe("converted", () => {
  it("into a ZIP and back, the same masks; twice the same bytes", async () => {
    await convert("masks", "out.zip", "mask-folder");
    await convert("masks", "again.zip", "mask-folder");
    expect(Object.keys(unzipSync(await readFile(place.at("out.zip"))))).toEqual([
      "00000.png",
      "00001.png",
      "00002.png",
    ]);
    expect(await readFile(place.at("again.zip"))).toEqual(await readFile(place.at("out.zip")));
    const { from, frames } = await convert("out.zip", "back", "mask-folder");
    expect([from, frames]).toEqual(["mask-folder", 3]);
    expect(await readMaskPng(place.at("back", "00002.png"))).toEqual(mask(2));
  });

  it("a file of labels is called as its archive", async () => {
    await convert("masks", "labels.zip", "coco");
    const { "labels.json": file } = unzipSync(await readFile(place.at("labels.zip")));
    expect(JSON.parse(Buffer.from(file).toString())).toMatchObject({ images: [{}, {}, {}] });
    await convert("labels.zip", "yolo.zip", "yolo-seg", { size: { width: 4, height: 3 } });
    expect((await place.read("yolo.zip")).format).toBe("yolo");
    await expect(convert("masks", "labels.zip", "coco")).rejects.toMatchObject({ code: "convert/exists" });
    await expect(convert("masks", "no.zip", "points-csv")).resolves.toBeDefined();
    expect((await readdir(place.root)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

/** The bytes of an archive with one stored file, whose name is replaced by one of the same length. */
async function renamed(to: string): Promise<Uint8Array> {
  const from = "n".repeat(to.length);
  const bytes = Buffer.from(zipSync({ [from]: strToU8("x") }, { level: 0 }));
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, "latin1");
  return bytes;
}

describe("an archive that is not honest is refused, and nothing stays", () => {
  it.each(["../evil.csv", "/tmp/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:/evil.csv"])(
    "that leads out of its folder: %j",
    async (name) => {
      const before = await unpackedFolders();
      await writeFile(place.at("evil.zip"), await renamed(name));
      await expect(place.read("evil.zip")).rejects.toMatchObject({ code: "format/zip" });
      expect(await unpackedFolders()).toEqual(before);
    },
  );

  it("that unpacks to a thousand times its size, whether it says so or not", async () => {
    const zeros = zipSync({ "a.csv": new Uint8Array(80 * 2 ** 20) });
    await writeFile(place.at("bomb.zip"), zeros);
    await expect(place.read("bomb.zip")).rejects.toMatchObject({ code: "format/limit" });
    const liar = Buffer.from(zeros);
    // The size that its directory says, in the entry's bytes 24 to 27.
    liar.writeUInt32LE(1000, liar.lastIndexOf("PK\u0001\u0002", undefined, "latin1") + 24);
    await writeFile(place.at("bomb.zip"), liar);
    await expect(place.read("bomb.zip")).rejects.toMatchObject({ code: "format/zip" });
  });

  it("with a file twice, or cut off anywhere", async () => {
    const before = await unpackedFolders();
    const bytes = Buffer.from(zipSync({ "a.csv": strToU8(POINTS), "b.csv": strToU8(POINTS) }, { level: 0 }));
    for (const end of [10, bytes.length >> 1, bytes.length - 30, bytes.length - 1]) {
      await writeFile(place.at("cut.zip"), bytes.subarray(0, end));
      await expect(place.read("cut.zip")).rejects.toMatchObject({ code: "format/zip" });
    }
    for (let at = bytes.indexOf("b.csv"); at >= 0; at = bytes.indexOf("b.csv", at + 1)) bytes.write("a", at);
    await writeFile(place.at("twice.zip"), bytes);
    await expect(place.read("twice.zip")).rejects.toMatchObject({ code: "format/zip" });
    expect(await unpackedFolders()).toEqual(before);
  });
});
