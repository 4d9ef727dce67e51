import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RowFile } from "../../src/core/rowFile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-rows-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("RowFile", () => {
  it("grows beside its place and takes it when it is finished", async () => {
    const path = join(folder, "deep", "rows.csv");
    const rows = new RowFile(path);
    await rows.append("a,b\n");
    await rows.append("1,ä\n");
    expect(await readdir(join(folder, "deep"))).toEqual(["rows.csv.part"]);
    // What a crash would leave.
    expect(await readFile(`${path}.part`, "utf8")).toBe("a,b\n1,ä\n");
    await rows.append("2,3\n");
    expect(await rows.finish()).toBe(path);
    expect(await readdir(join(folder, "deep"))).toEqual(["rows.csv"]);
    expect(await readFile(path, "utf8")).toBe("a,b\n1,ä\n2,3\n");
  });

  it("replaces an older file only at its end", async () => {
    const path = join(folder, "rows.csv");
    await writeFile(path, "old\n");
    const rows = new RowFile(path);
    await rows.append("new\n");
    expect(await readFile(path, "utf8")).toBe("old\n");
    await rows.finish();
    expect(await readFile(path, "utf8")).toBe("new\n");
  });

  it("in place others read what is there by now", async () => {
    const path = join(folder, "rows.csv");
    const rows = new RowFile(path, true);
    await rows.append("1\n");
    expect(await readFile(path, "utf8")).toBe("1\n");
    await rows.append("2\n");
    expect(await rows.finish()).toBe(path);
    expect(await readFile(path, "utf8")).toBe("1\n2\n");
    expect(await readdir(folder)).toEqual(["rows.csv"]);
  });

  it("without a line there is no file", async () => {
    const rows = new RowFile(join(folder, "rows.csv"));
    await rows.append("");
    expect(await rows.finish()).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it("a place that cannot be written is the user's message", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(new RowFile(join(folder, "file", "rows.csv")).append("a\n")).rejects.toMatchObject({
      code: "file/write",
    });
  });
});
