import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { reviewFolder } from "../../src/review/reviewFolder.ts";
import { LOST, makeResults, NAMES } from "./folder.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-review-"));
});
afterEach(() => rm(root, { recursive: true }));

const failure = (folder: string) =>
  reviewFolder({ folder, most: 5 }).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("folders that cannot be reviewed", () => {
  it("none, or something else", async () => {
    expect(await failure(join(root, "none"))).toMatchObject({
      code: "review/missing",
      message: expect.stringContaining("got no folder"),
    });
    await mkdir(join(root, "other"));
    expect(await failure(join(root, "other"))).toMatchObject({
      code: "review/missing",
      message: expect.stringContaining("got neither"),
    });
    await writeFile(join(root, "other", "live.json"), "{}");
    expect(await failure(join(root, "other"))).toMatchObject({
      code: "review/missing",
      message: expect.stringContaining("live source"),
    });
  });

  it("a session that is not finished", async () => {
    const { result } = await makeResults(root);
    await rm(join(result, "summary.json"));
    expect(await failure(result)).toMatchObject({ code: "review/unfinished" });
  });

  it("tables of another version, by line and key", async () => {
    const { result } = await makeResults(root);
    await writeFile(join(result, "tracks.jsonl"), '{"frame":0,"time_s":0,"object":"1","visible":1,"confidence":1}\n');
    expect(await failure(result)).toMatchObject({
      code: "review/results",
      message: expect.stringMatching(/tracks\.jsonl, line 1 is no row .*: got state: /u),
    });
    await writeFile(join(result, "tracks.jsonl"), "half a li");
    expect(await failure(result)).toMatchObject({ code: "review/results" });
  });
});

describe("a folder of results", () => {
  it("the frame where one mask is lost in the other, with the command that corrects it", async () => {
    const { clip, result } = await makeResults(root, { summary: { cuts: [3] } });
    const { entries, notes, page, leftOut } = await reviewFolder({ folder: result, most: 1 });
    expect([notes, leftOut]).toEqual([["1 less doubtful place left out; --most shows more"], 1]);
    const [entry] = entries;
    expect(entry).toMatchObject({ frame: LOST, timeSec: LOST / 25 });
    expect(entry.findings[0]).toMatchObject({ kind: "merge", things: NAMES });
    expect(entry.findings[0].text).toBe(`bolt 2 disappears, and it's <a>, which it touches, grows`);
    expect(entry.findings.map(({ kind }) => kind)).toContain("area");
    expect(entry.commands).toEqual([
      `cp ${result}/masks/00020.png fixed-00020.png`,
      `tsumugi track '${clip}' --labels fixed-00020.png@20 --out ${result}`,
    ]);
    expect(page).toBe(join(result, "review.html"));
    const html = await readFile(page, "utf8");
    expect(html).toContain("it's &lt;a&gt;");
    expect(html).not.toContain("<a>,");
    expect(html.match(/src="data:image\/jpeg;base64,/gu)).toHaveLength(2);
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/u);
  });

  it("nothing but the page is written, also elsewhere", async () => {
    const { result } = await makeResults(root);
    const { mtimeMs } = await stat(join(result, "tracks.jsonl"));
    const out = join(root, "pages", "monday.html");
    expect((await reviewFolder({ folder: result, out, most: 20 })).page).toBe(out);
    expect(existsSync(join(result, "review.html"))).toBe(false);
    expect((await stat(join(result, "tracks.jsonl"))).mtimeMs).toBe(mtimeMs);
  });

  it("settings of the session come with the command", async () => {
    const { result } = await makeResults(root, { task: { direction: "both", topK: 5, encoding: "shift_jis" } });
    const [{ commands }] = (await reviewFolder({ folder: result, most: 1 })).entries;
    expect(commands.at(-1)).toMatch(new RegExp(`--direction both --config ${result}/task.json --encoding utf-8$`, "u"));
  });

  it("a clip that is gone, moved, or another one", async () => {
    const { clip, result } = await makeResults(root, { task: null });
    await rename(clip, join(root, "moved"));
    const lines: string[] = [];
    const logger = { ...silent, warn: (line: string) => lines.push(line) };
    const { notes, entries } = await reviewFolder({ folder: result, most: 9, logger });
    expect(notes).toEqual([
      `${clip} cannot be read, so the pictures show only what was tracked; --video names the clip`,
    ]);
    expect(lines).toEqual(notes);
    expect(entries[0].frame).toBe(LOST);
    const moved = await reviewFolder({ folder: result, most: 9, video: join(root, "moved") });
    expect(moved.notes).toEqual([]);
    expect(moved.entries[0].commands.at(-1)).toContain(`track ${root}/moved --labels`);
    await mkdir(join(root, "two"));
    const other = await makeResults(join(root, "two"));
    await rm(join(other.clip, "00039.png"));
    expect((await reviewFolder({ folder: result, most: 9, video: other.clip })).notes).toEqual([
      expect.stringContaining("is not the clip that was tracked"),
    ]);
  });

  it("says that the results are not complete; a cut is a place to look at", async () => {
    const { result } = await makeResults(root, { summary: { complete: false, cuts: [3] } });
    const { notes, entries } = await reviewFolder({ folder: result, most: 9 });
    expect(notes).toEqual(["tracking was stopped after 40 frames: the rest is not reviewed"]);
    expect(entries.map(({ frame }) => frame)).toEqual([LOST, 3]);
    expect(entries[1].findings).toMatchObject([{ kind: "cut", text: "the camera cuts to another shot" }]);
    expect(entries[1].commands[0]).toMatch(/^cp .*00003\.png/u);
  });

  it("an aborted signal ends it, without a page", async () => {
    const { result } = await makeResults(root);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(reviewFolder({ folder: result, most: 9, signal })).rejects.toThrow("enough");
    expect(existsSync(join(result, "review.html"))).toBe(false);
  });

  it.runIf(process.platform !== "win32")("a shell makes the files to correct, from names of any kind", async () => {
    const { result } = await makeResults(root);
    const [{ commands }] = (await reviewFolder({ folder: result, most: 1 })).entries;
    execFileSync("/bin/sh", ["-c", commands[0]], { cwd: root });
    expect(await readFile(join(root, "fixed-00020.png"))).toEqual(await readFile(join(result, "masks", "00020.png")));
  });
});
