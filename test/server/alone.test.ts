/** @file The page that tracks in the browser alone: as a folder, and in Debian's Chromium against the engine in Node. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { DEFAULT_WEIGHTS } from "../../src/method/node/weightsFile.ts";
import { labelOverlaps } from "../../src/metrics/labelOverlap.ts";
import { serveAlone } from "../../src/server/alone/serveAlone.ts";
import { writeAlone } from "../../src/server/alone/writeAlone.ts";
import type { Service } from "../../src/server/serve.ts";
import { type LabelledFrame, renderProductionLine } from "../../src/synthetic/productionLine.ts";
import { modes } from "../../src/tracking/modes.ts";
import { propagateMasks } from "../../src/tracking/propagation.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";
import { parseMaskPng } from "../../src/video/masks/maskBytes.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";
import { axeFindingsInBoth } from "../browser/axe.ts";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import { temporaryFolder } from "../training/footage.ts";
import { request } from "./service.ts";

const SIZE = { width: 176, height: 104 };
const FRAMES = 6;

/** The first frames of a belt that takes four times as long. */
function belt(): LabelledFrame[] {
  const line = renderProductionLine({ ...SIZE, frames: 4 * FRAMES });
  return Array.from({ length: FRAMES }, () => line.next().value as LabelledFrame);
}

/** As a video, and as pictures that every decoder reads alike. @returns the pictures */
async function writeClip(frames: readonly LabelledFrame[], video: string, folder: string): Promise<string[]> {
  const writer = await openVideoWriter(video, { ...SIZE, fps: 25 });
  await mkdir(folder);
  const pictures: string[] = [];
  for (const { frame } of frames) {
    await writer.write(frame.data);
    const picture = join(folder, `${frame.name}.png`);
    await writeFile(picture, await encodePng(frame));
    pictures.push(picture);
  }
  await writer.finish();
  return pictures;
}

/** As `tsumugi track` does by default. */
async function inNode(clip: string, first: LabelMap): Promise<LabelMap[]> {
  await using source = await openFrameSource(clip);
  await using encoder = await openEncoder({ weights: DEFAULT_WEIGHTS });
  const found: LabelMap[] = [];
  const options = { encoder, source, first, protocol: resolveProtocol("default"), mode: modes.fast };
  for await (const { labels } of propagateMasks(options)) found.push(labels);
  return found;
}

async function savedMasks(page: Page): Promise<Map<string, LabelMap>> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-name=save]:enabled")]);
  const files = Object.entries(unzipSync(await readFile(await download.path())));
  return new Map(files.filter(([name]) => name.endsWith(".png")).map(([name, png]) => [name, parseMaskPng(name, png)]));
}

const ends = (page: Page): Promise<unknown> => page.waitForSelector("[data-state=done]", { timeout: 600_000 });
const shows = (page: Page, frame: number): Promise<unknown> =>
  page.waitForSelector(`.stage[data-ready=true][data-frame="${frame}"]`);

describe("the folder of the page", () => {
  it("is written anew where it was written before, and never over anything else", async () => {
    const around = await temporaryFolder();
    const own = join(around, "page");
    await writeAlone(own);
    await writeFile(join(own, "kernels", "match.wasm"), "damaged");
    await writeAlone(own);
    expect((await readFile(join(own, "kernels", "match.wasm"))).length).toBeGreaterThan(1000);
    expect(await readdir(join(own, "kernels", "host"))).toContain("webThread.js");
    const other = join(around, "other");
    await mkdir(other);
    await writeFile(join(other, "thesis.txt"), "years of work");
    await expect(writeAlone(other)).rejects.toMatchObject({
      code: "service/static",
      message: expect.stringContaining("thesis.txt") as string,
    });
    expect(await readdir(other)).toEqual(["thesis.txt"]);
    await expect(writeAlone(join(other, "thesis.txt"))).rejects.toMatchObject({ code: "service/static" });
  });
});

describe.skipIf(noPages !== undefined)(`in the browser alone${noPages === undefined ? "" : ` (${noPages})`}`, () => {
  const frames = belt();
  let service: Service;
  let browser: Browser;
  let video: string;
  let clip: string;
  let pictures: string[];
  let mask: string;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    [video, clip, mask] = [join(folder, "belt.mp4"), join(folder, "belt"), join(folder, "first.png")];
    pictures = await writeClip(frames, video, clip);
    await writeMaskPng(mask, frames[0].labels);
    service = await serveAlone({ folder: join(folder, "page"), port: 0, logger: silent });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
  });

  it("nothing that is served may reach anything but the page's own server", async () => {
    for (const path of ["/", "/kernels/host/webThread.js"]) {
      const { status, headers } = await request(service.url + path);
      expect(status).toBe(200);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).toContain("connect-src 'self'");
    }
  });

  it("a clip is tracked as in Node, corrected, tracked again and saved, and axe finds nothing", async () => {
    const page = await browser.newPage();
    const [problems, asked]: [string[], string[]] = [[], []];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => line.type() === "error" && problems.push(line.text()));
    page.on("request", (one) => asked.push(`${one.method()} ${new URL(one.url()).origin}`));
    await page.goto(service.url);
    await page.setInputFiles("[data-name=clip-files]", video);
    await shows(page, 0);
    await page.keyboard.press("End");
    await shows(page, FRAMES - 1);
    await page.setInputFiles("[data-name=clip-files]", pictures.toReversed());
    await shows(page, 0);
    expect(await page.locator("[data-name=track]").isDisabled()).toBe(true);

    // What is no mask of this clip is told, and changes nothing.
    await page.setInputFiles("[data-name=mask-file]", {
      name: "no.png",
      mimeType: "image/png",
      buffer: Buffer.from("no"),
    });
    expect(await page.locator("[data-name=problem]").innerText()).toContain("cannot read the mask no.png");
    await page.setInputFiles("[data-name=mask-file]", mask);
    await page.locator("[data-name=track]").click();
    await ends(page);
    const first = await savedMasks(page);
    const wanted = await inNode(clip, frames[0].labels);
    expect([...first.keys()]).toEqual(wanted.map((_, i) => `masks/0000${i}.png`));
    for (const [i, theirs] of wanted.entries()) {
      const overlap = labelOverlaps(first.get(`masks/0000${i}.png`) as LabelMap, theirs);
      for (const id of [1, 2, 3, 4]) expect(overlap(id).iou, `object ${id} in frame ${i}`).toBeGreaterThanOrEqual(0.99);
    }

    // A dab on a later frame is a correction: it is there, and the frames before stay as they were.
    for (let frame = 1; frame <= 3; frame++) {
      await page.keyboard.press("ArrowRight");
      await shows(page, frame);
    }
    await page.keyboard.press("2");
    await page.locator(".stage canvas").click();
    await page.keyboard.press("g");
    await page.waitForSelector("[data-state=loading]");
    await ends(page);
    const second = await savedMasks(page);
    const at = (SIZE.height / 2) * SIZE.width + SIZE.width / 2;
    expect(second.get("masks/00003.png")?.data[at]).toBe(2);
    expect(second.get("masks/00002.png")).toEqual(first.get("masks/00002.png"));
    expect(second.get("masks/00004.png")).not.toEqual(first.get("masks/00004.png"));

    expect(await axeFindingsInBoth(page, "page")).toEqual([]);
    expect(problems).toEqual([]);
    expect(new Set(asked.filter((one) => !one.endsWith("null")))).toEqual(new Set([`GET ${service.url}`]));
  });
});
