import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FrameRecord, Journal } from "../../../src/tracking/session/journal.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-journal-"));
  path = join(folder, "frames.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (frame: number, run: string, name = `${frame}`): FrameRecord => ({
  frame,
  name,
  timeSec: frame / 25,
  run,
  cut: null,
  objects: [],
  points: [],
});

describe("a journal", () => {
  it("knows each frame's latest line, also when it is opened again", async () => {
    {
      await using journal = await Journal.open(path, 5);
      for (const one of [record(0, "a"), record(2, "a"), record(1, "a"), record(2, "b", "second")])
        await journal.append(one);
      expect([journal.has(2, "b"), journal.has(2, "a"), journal.has(4, "a"), journal.has(0, "c")]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect(journal.isTidy).toBe(false);
    }
    await using journal = await Journal.open(path, 5);
    expect(journal.has(1, "a")).toBe(true);
    expect(await journal.read(2)).toEqual(record(2, "b", "second"));
    expect(await journal.read(3)).toBeUndefined();
    await journal.tidy((frame) => frame !== 0);
    expect(journal.isTidy).toBe(true);
    expect(journal.has(0, "a")).toBe(false);
    await journal.append(record(3, "b"));
    expect(
      (await readFile(path, "utf8")).split("\n").map((line) => line && (JSON.parse(line) as FrameRecord).frame),
    ).toEqual([1, 2, 3, ""]);
  });

  it.each([
    ["half a line", '{"frame":1,"na'],
    ["a line that is none, and what follows", 'nonsense\n{"frame":2,"run":"a"}\n'],
  ])("cuts off %s", async (_, rest) => {
    {
      await using journal = await Journal.open(path, 5);
      await journal.append(record(0, "a"));
    }
    const sound = await readFile(path, "utf8");
    await appendFile(path, rest);
    await using journal = await Journal.open(path, 5);
    expect(await readFile(path, "utf8")).toBe(sound);
    expect([journal.has(0, "a"), journal.has(2, "a")]).toEqual([true, false]);
    await journal.append(record(1, "a"));
    expect(await journal.read(1)).toEqual(record(1, "a"));
  });

  it("lines longer than what is read at once are found", async () => {
    const long = record(1, "a", "x".repeat(200_000));
    {
      await using journal = await Journal.open(path, 3);
      for (const one of [record(0, "a"), long, record(2, "a")]) await journal.append(one);
    }
    await using journal = await Journal.open(path, 3);
    expect(await journal.read(1)).toEqual(long);
    expect(await journal.read(2)).toEqual(record(2, "a"));
  });

  it("a place that cannot be written is the user's message", async () => {
    await appendFile(path, "");
    await expect(Journal.open(join(path, "frames.jsonl"), 3)).rejects.toMatchObject({ code: "file/write" });
  });
});
