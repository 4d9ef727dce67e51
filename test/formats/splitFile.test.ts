import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, asyncProperty, string } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { readSplit } from "../../src/formats/splitFile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "split-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function split(text: string): Promise<string[]> {
  await writeFile(join(folder, "split.txt"), text);
  return readSplit(join(folder, "split.txt"));
}

describe("split files", () => {
  it("hold one name per line; blank lines, comments and repetitions are ignored", async () => {
    expect(await split("# val\n\ncat\r\n  dog  # barks\ncat\n")).toEqual(["cat", "dog"]);
  });

  it("must not lead out of the folder", async () => {
    for (const name of ["../secret", "a/b", "..", ".", "/etc", "a\\b"])
      await expect(split(`cat\n${name}\n`)).rejects.toThrow(/split\.txt, line 2 is not the name of a sequence/u);
  });

  it("name at least one sequence and exist", async () => {
    await expect(split("# nothing\n")).rejects.toThrow("names no sequence");
    await expect(readSplit(join(folder, "none.txt"))).rejects.toThrow("cannot read the split");
  });

  it("whatever they hold: names of one folder each, or an error that says why", async () => {
    await assert(
      asyncProperty(string({ unit: "binary" }), async (text) => {
        const names = await split(text).catch((error: unknown) => error);
        if (names instanceof UserError) return;
        for (const name of names as string[]) expect(join(folder, name, "..")).toBe(folder);
        expect(new Set(names as string[]).size).toBe((names as string[]).length);
      }),
    );
  });
});
