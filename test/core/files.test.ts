import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeAbandoned, temporaryPath, writeFileAtomic } from "../../src/core/files.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "files-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file is written with its folders, and replaced as a whole", async () => {
  const path = join(folder, "a/b.txt");
  await writeFileAtomic(path, "one");
  await writeFileAtomic(path, "two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(dirname(path))).toEqual(["b.txt"]);
});

test("a place that cannot be written is named, and nothing stays", async () => {
  await writeFile(join(folder, "file"), "");
  const path = join(folder, "file/below.txt");
  await expect(writeFileAtomic(path, "x")).rejects.toMatchObject({
    code: "file/write",
    message: expect.stringContaining(path),
  });
  expect(await readdir(folder)).toEqual(["file"]);
});

test("names as long as a file system allows are written", async () => {
  for (const name of [`${"n".repeat(251)}.png`, `${"名".repeat(83)}.png`, "n".repeat(245)]) {
    const path = join(folder, name);
    await writeFileAtomic(path, name);
    expect(await readFile(path, "utf8")).toBe(name);
  }
  expect(await readdir(folder)).toHaveLength(3);
});

test("temporary names fit, lie beside the file, and differ for different files", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 255 }), (length) => {
      const [a, b] = ["a", "b"].map((end) => temporaryPath(join("folder", "x".repeat(length - 1) + end)));
      expect(a).not.toBe(b);
      expect(dirname(a)).toBe("folder");
      expect(Buffer.byteLength(basename(a))).toBeLessThanOrEqual(255);
      expect(a).toMatch(/\.\d+\.part$/);
    }),
  );
});

test("what a process that is gone left half-written is removed, long names too", async () => {
  const mine = temporaryPath(join(folder, "x".repeat(250)));
  const gone = mine.replace(`.${process.pid}.`, ".999999999.");
  for (const path of [mine, gone, join(folder, "kept.txt")]) await writeFile(path, "");
  await removeAbandoned(folder);
  expect((await readdir(folder)).toSorted()).toEqual([basename(mine), "kept.txt"].toSorted());
});
