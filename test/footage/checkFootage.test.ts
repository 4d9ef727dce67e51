/** @file The check as a whole: its two files, clips that cannot be read, and odd ones. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseHTML } from "linkedom";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import type { Logger } from "../../src/core/log.ts";
import { checkSchema, type CheckedClip } from "../../src/footage/checkFile.ts";
import { checkFootage, type CheckOptions, type CheckOutcome } from "../../src/footage/checkFootage.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { hasEncoder, writeClip } from "../video/media.ts";
import { clouds, drawn, flat, type Scene } from "./clips.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-check-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder of pictures. */
async function folderOf(name: string, scenes: readonly Scene[], size = { width: 160, height: 120 }): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  for (const [i, scene] of scenes.entries())
    await writeFile(
      join(folder, `${String(i).padStart(3, "0")}.png`),
      await encodePng({ ...size, data: drawn(scene, size) }),
    );
  return folder;
}

const pan = (count: number): Scene[] =>
  Array.from(
    { length: count },
    (_, i): Scene =>
      (x, y) =>
        clouds(x - 2 * i, y),
  );

let outs = 0;
async function check(clips: string[], more: Partial<CheckOptions> = {}): Promise<CheckOutcome> {
  return checkFootage({ clips, out: join(root, `out-${outs++}`), language: "en", threads: 1, ...more });
}

/** The one clip of a check, which could be read. */
function clipIn({ check: { clips } }: CheckOutcome): CheckedClip {
  const [clip] = clips;
  if (clip.verdict === "unreadable") throw new Error(clip.error.message);
  return clip;
}

describe("a check", () => {
  it("writes what it found as data that its schema knows, and as a page", async () => {
    const bright = await folderOf(
      "burnt",
      Array.from({ length: 14 }, () => (x: number) => (x < 100 ? ([255, 255, 255] as const) : ([90, 80, 70] as const))),
    );
    const outcome = await check([bright]);
    const data = checkSchema.parse(JSON.parse(await readFile(outcome.json, "utf8")));
    expect(data).toEqual(outcome.check);
    const clip = clipIn(outcome);
    expect(clip).toMatchObject({ path: bright, width: 160, height: 120, frames: 14, verdict: "poor" });
    const burnt = clip.readings.find(({ key }) => key === "burnt");
    expect(burnt?.value).toBeCloseTo(62, -1);
    expect(burnt?.todo).toContain("reduce the exposure");
    const { document } = parseHTML(await readFile(outcome.page, "utf8"));
    expect(document.documentElement.lang).toBe("en");
    expect(document.body.textContent).toContain(burnt?.said ?? "?");
    expect([...document.querySelectorAll("img")].every((image) => image.getAttribute("src")?.startsWith("data:"))).toBe(
      true,
    );
  });

  it("tells the same in Japanese", async () => {
    const { check: data, page } = await check([await folderOf("日本語 の クリップ", pan(14))], { language: "ja" });
    const html = await readFile(page, "utf8");
    expect(parseHTML(html).document.documentElement.lang).toBe("ja");
    expect(html).toContain("映像品質チェック");
    expect(html).toContain("日本語 の クリップ");
    expect(data.language).toBe("ja");
    const shown = parseHTML(html).document.querySelector("details")?.textContent ?? "";
    expect(shown).not.toMatch(/[a-z]{5,}/u);
  });

  it("a place that cannot be written ends it before any clip is read, and is no fault of a clip", async () => {
    const clip = await folderOf("fine", pan(6));
    const out = join(root, "file.txt");
    await writeFile(out, "");
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const logger = { info: say, warn: say, progress: say };
    await expect(check([clip, clip], { out, logger })).rejects.toMatchObject({ code: "file/write" });
    expect(said).toEqual([]);
  });

  it("readings that cannot be kept, as on a full disk, are no fault of a clip", async () => {
    const clip = await folderOf("fine", pan(6));
    const out = join(root, "blocked");
    await mkdir(out);
    await writeFile(join(out, "readings"), "in the way");
    const warnings: string[] = [];
    const logger = { info() {}, progress() {}, warn: (line: string) => void warnings.push(line) };
    await expect(check([clip, clip], { out, logger })).rejects.toMatchObject({ code: "file/write" });
    expect(warnings).toEqual([]);
  });

  it("says what is wrong with one of several clips, and checks the others", async () => {
    const empty = join(root, "empty.mp4");
    await writeFile(empty, "");
    const warnings: string[] = [];
    const logger: Logger = { info() {}, warn: (line) => warnings.push(line), progress() {} };
    const { check: data, page } = await check([empty, await folderOf("fine", pan(14)), join(root, "gone.mp4")], {
      logger,
    });
    expect(data.clips.map(({ verdict }) => verdict)).toEqual(["unreadable", "good", "unreadable"]);
    expect(data.clips[0]).toMatchObject({ error: { code: "video/empty" } });
    expect(data.clips[2]).toMatchObject({ error: { code: "video/missing" } });
    expect(data.verdict).toBe("good");
    expect(warnings).toHaveLength(2);
    expect(await readFile(page, "utf8")).toContain("This clip could not be checked");
  });

  it.each([
    ["an empty file", "video/empty", async (path: string) => writeFile(path, "")],
    ["no video", "video/unreadable", async (path: string) => writeFile(path, "this is text, not a video\n".repeat(50))],
    ["a folder without pictures", "video/no-images", async (path: string) => mkdir(path)],
    ["nothing", "video/missing", async () => {}],
  ])("%s alone is an error, and nothing is written", async (name, code, make) => {
    const path = join(root, `wrong ${name}`);
    await make(path);
    const out = join(root, `none ${name}`);
    await expect(check([path], { out })).rejects.toMatchObject({ code });
    await expect(readdir(out)).rejects.toThrow("ENOENT");
  });

  it("a single frame, and sizes that are odd or tiny, are told what can be told", async () => {
    for (const [name, count, size] of [
      ["one frame", 1, { width: 160, height: 120 }],
      ["odd", 5, { width: 161, height: 97 }],
      ["tiny", 3, { width: 9, height: 7 }],
      ["thin", 3, { width: 200, height: 3 }],
    ] as const) {
      const clip = clipIn(await check([await folderOf(name, pan(count), size)]));
      expect(clip).toMatchObject({ ...size, frames: count });
      for (const { value, said } of clip.readings) {
        expect(Number.isFinite(value)).toBe(true);
        expect(said).not.toMatch(/NaN|Infinity|undefined/u);
      }
      expect(clip.readings.some(({ key }) => key === "frameRate")).toBe(count > 1);
    }
  });

  it("goes on where it was stopped, in any language, unless a clip has changed", async () => {
    const out = join(root, "resumed");
    const [first, second] = [await folderOf("first", pan(14)), await folderOf("second", pan(14))];
    const stop = new AbortController();
    const lines: string[] = [];
    const logger: Logger = { info() {}, warn() {}, progress: (line) => lines.push(line) };
    const stopping: Logger = {
      ...logger,
      progress: (line) => line.startsWith(second) && stop.abort(new Error("enough")),
    };
    await expect(check([first, second], { out, logger: stopping, signal: stop.signal })).rejects.toThrow("enough");
    expect(await readdir(out)).toEqual(["readings"]);
    const { check: data } = await check([first, second], { out, logger, language: "ja" });
    expect(lines.some((line) => line.startsWith(first))).toBe(false);
    expect(lines.some((line) => line.startsWith(second))).toBe(true);
    expect(data.clips).toEqual((await check([first, second], { language: "ja" })).check.clips);
    // A damaged file is no obstacle, and another clip in the same place is read.
    for (const name of await readdir(join(out, "readings"))) await writeFile(join(out, "readings", name), "{");
    await folderOf("first", pan(14).toReversed());
    lines.length = 0;
    await check([first, second], { out, logger });
    await folderOf(
      "first",
      Array.from({ length: 14 }, () => flat(80)),
    );
    await check([first], { out, logger });
    expect(lines.filter((line) => line.startsWith(first)).length).toBeGreaterThanOrEqual(28);
  });

  it("stops when it is told to, and writes nothing", async () => {
    const stop = new AbortController();
    const out = join(root, "stopped");
    const logger: Logger = { info() {}, warn() {}, progress: () => stop.abort(new Error("enough")) };
    await expect(check([await folderOf("long", pan(30))], { out, logger, signal: stop.signal })).rejects.toThrow(
      "enough",
    );
    await expect(readdir(out)).rejects.toThrow("ENOENT");
  });

  it("a clip that vanishes while it is read is an error that names it", async () => {
    const folder = await folderOf("vanishes", pan(20));
    let gone: Promise<void> | undefined;
    const logger: Logger = { info() {}, warn() {}, progress: () => (gone ??= rm(folder, { recursive: true })) };
    await expect(check([folder], { logger })).rejects.toThrow("vanishes");
    await gone;
  });

  it.skipIf(!hasEncoder)("a video file's bits are counted; its name may have spaces and signs", async () => {
    const path = await writeClip(join(root, `a "b" <i> 映像.mp4`), { count: 20, width: 160, height: 120 });
    const outcome = await check([path]);
    const bits = clipIn(outcome).readings.find(({ key }) => key === "bitsPerPixel");
    const { length } = await readFile(path);
    expect(bits?.value).toBeCloseTo((8 * length) / (160 * 120 * 20), 9);
    const { document } = parseHTML(await readFile(outcome.page, "utf8"));
    expect(document.querySelector("h2")?.textContent).toContain(`a "b" <i> 映像.mp4`);
    expect(document.querySelectorAll("i")).toHaveLength(0);
  });

  it("a dark clip is told to be dark, not anything else", async () => {
    const clip = clipIn(
      await check([
        await folderOf(
          "dark",
          Array.from({ length: 6 }, () => flat(9)),
        ),
      ]),
    );
    expect(clip.readings.find(({ key }) => key === "dark")?.verdict).toBe("poor");
    expect(clip.readings.find(({ key }) => key === "burnt")?.verdict).toBe("good");
  });
});

describe.skipIf(noPages !== undefined)(`the check's page${noPages === undefined ? "" : ` (${noPages})`}`, () => {
  it("fits a telephone and a desk, asks the network for nothing, and shows its pictures", async () => {
    const burnt = await folderOf(
      "white <b>",
      Array.from({ length: 14 }, () => (x: number) => (x < 100 ? ([255, 255, 255] as const) : ([9, 80, 70] as const))),
    );
    const { page: path } = await check([burnt, await folderOf("fine", pan(14)), join(root, "none.mp4")]);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      for (const width of [360, 1200]) {
        const page = await browser.newPage({ viewport: { width, height: 800 } });
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(error.message));
        page.on("request", (request) => /^(?:file|data):/u.test(request.url()) || problems.push(request.url()));
        await page.goto(pathToFileURL(path).href);
        await page.locator("summary").first().click();
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        expect(await page.evaluate("[...document.images].every((one) => one.naturalWidth > 0)")).toBe(true);
        expect(await page.locator("h2").first().innerText()).toContain("white <b>");
        expect(problems).toEqual([]);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
