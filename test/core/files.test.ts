import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  makeFolders,
  removeAbandoned,
  replaceFile,
  requireWritable,
  temporaryPath,
  writeFileAtomic,
} from "../../src/core/files.ts";
import { within } from "../within.ts";

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

test("what something else writes takes its place once it is whole; of one that fails nothing stays", async () => {
  const path = join(folder, "a/b.bin");
  await replaceFile(path, async (temporary) => {
    expect(dirname(temporary)).toBe(dirname(path));
    await writeFile(temporary, "whole");
  });
  const failing = replaceFile(path, async (temporary) => {
    await writeFile(temporary, "ha");
    throw new Error("out of ideas");
  });
  await expect(failing).rejects.toMatchObject({ code: "file/write", message: expect.stringContaining("out of ideas") });
  expect(await readFile(path, "utf8")).toBe("whole");
  expect(await readdir(dirname(path))).toEqual(["b.bin"]);
});

test("folders are made with what is missing above them, also by several at once", async () => {
  const deep = join(folder, "a/b/c");
  await Promise.all([makeFolders(deep), makeFolders(deep), makeFolders(join(folder, "a/b/d"))]);
  expect((await readdir(join(folder, "a/b"))).toSorted()).toEqual(["c", "d"]);
  await makeFolders(deep);
});

test.skipIf(process.platform !== "linux")(
  "where the system makes nothing, the attempt ends (skipped off Linux)",
  async () => {
    await expect(within(5000, makeFolders("/proc/there is no such thing/a/b"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  },
);

test("a file in the way of a folder is said in words", async () => {
  await writeFile(join(folder, "file"), "");
  for (const name of ["file/below.txt", "file/a/b.txt"])
    await expect(writeFileAtomic(join(folder, name), "x")).rejects.toThrow(
      /: a file is where a folder is needed; choose another folder$/u,
    );
});

test("whether a folder can be written is known before it is made", async () => {
  await writeFile(join(folder, "file"), "");
  for (const name of ["file", "file/a", "file/a/b"])
    await expect(requireWritable(join(folder, name))).rejects.toMatchObject({ code: "file/write" });
  await requireWritable(join(folder, "a/b"));
  await requireWritable(folder);
  expect(await readdir(folder)).toEqual(["file"]);
});

test.skipIf(process.getuid?.() === 0)("a folder that may not be written is refused (skipped for root)", async () => {
  await chmod(folder, 0o500);
  await expect(requireWritable(join(folder, "a"))).rejects.toMatchObject({ code: "file/write" });
  await chmod(folder, 0o700);
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
