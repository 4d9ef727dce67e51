import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireNoStream, requireUnusedFolder } from "../../../src/tasks/track/usedFolder.ts";

let out: string;
beforeEach(async () => (out = await mkdtemp(join(tmpdir(), "tsumugi-used-"))));
afterEach(() => rm(out, { recursive: true, force: true }));

const write = (name: string): Promise<void> => writeFile(join(out, name), "x");

describe("a live source", () => {
  it.each(["frames.jsonl", "tracks.csv", "tracks.jsonl", "live.json", "session.json"])(
    "refuses a folder with %s",
    async (name) => {
      await write(name);
      await expect(requireUnusedFolder(out)).rejects.toMatchObject({
        code: "track/used",
        message: expect.stringMatching(
          `got ${name}, expected a new or an empty folder; name another folder with --out`,
        ),
      });
    },
  );

  it("refuses stale masks, and names all that is there", async () => {
    await mkdir(join(out, "masks"));
    await write("masks/00000.png");
    await write("live.json");
    await expect(requireUnusedFolder(out)).rejects.toThrow("got masks, live.json, expected");
  });

  it("takes a folder that is not there, is empty, or holds other things", async () => {
    await requireUnusedFolder(join(out, "none"));
    await requireUnusedFolder(out);
    await mkdir(join(out, "masks"));
    await write("notes.txt");
    await requireUnusedFolder(out);
  });
});

describe("a clip", () => {
  it("refuses the folder of a live source, also of one that was killed", async () => {
    await write("frames.jsonl");
    await expect(requireNoStream(out)).rejects.toMatchObject({ code: "track/used" });
    await expect(requireNoStream(out)).rejects.toThrow("holds results of a live source");
  });

  it("takes a session, and a new folder", async () => {
    await requireNoStream(join(out, "none"));
    await write("session.json");
    await write("frames.jsonl");
    await requireNoStream(out);
  });
});
