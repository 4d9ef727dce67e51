import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { appendEvent, readEvents } from "../../src/site/history.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "history-"));
});
afterEach(() => rm(root, { recursive: true }));

it("keeps every event in order, with time and version", async () => {
  const path = join(root, "deep", "history.jsonl");
  await appendEvent(path, "init", { clips: 2 });
  await appendEvent(path, "plan", { name: "ライン" });
  const events = await readEvents(path);
  expect(events).toMatchObject([
    { what: "init", clips: 2 },
    { what: "plan", name: "ライン" },
  ]);
  expect(events.every(({ at, ...more }) => at.endsWith("Z") && typeof more["version"] === "string")).toBe(true);
});

it("there are none where there is no file", async () => {
  expect(await readEvents(join(root, "none.jsonl"))).toEqual([]);
});

it("what a crash left of a line goes, the lines before stay", async () => {
  const path = join(root, "history.jsonl");
  await appendEvent(path, "init", {});
  await appendFile(path, '{"at":"2026-11-');
  expect(await readEvents(path)).toHaveLength(1);
  await appendEvent(path, "plan", {});
  expect((await readEvents(path)).map(({ what }) => what)).toEqual(["init", "plan"]);
  expect((await readFile(path, "utf8")).trimEnd().split("\n")).toHaveLength(2);
});

it("lines that are no events are passed over", async () => {
  const path = join(root, "history.jsonl");
  await writeFile(path, '1\n{"what":"x"}\nnonsense\n{"at":"2026-11-30T10:00:00.000Z","what":"y"}\n');
  expect((await readEvents(path)).map(({ what }) => what)).toEqual(["y"]);
});
