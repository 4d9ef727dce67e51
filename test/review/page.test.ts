/** @file The page in a real browser: it opens from a file, shows its pictures, and asks the network for nothing. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import { reviewFolder } from "../../src/review/reviewFolder.ts";
import { makeResults } from "./folder.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-review-page-"));
});
afterAll(() => rm(root, { recursive: true }));

describe.skipIf(noPages !== undefined)(`the review's page${noPages === undefined ? "" : ` (${noPages})`}`, () => {
  it("shows pictures and commands, on a desk and on a telephone", async () => {
    const { result } = await makeResults(root, { summary: { cuts: [3] } });
    const { page: path } = await reviewFolder({ folder: result, most: 5 });
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("request", (request) => /^(?:file|data):/u.test(request.url()) || problems.push(request.url()));
      await page.goto(pathToFileURL(path).href);
      expect(await page.title()).toBe("Review of my clip");
      const widths = await page.evaluate("[...document.images].map((one) => one.naturalWidth)");
      expect(widths).toEqual([840, 840, 840, 840]);
      expect(await page.locator("pre").first().innerText()).toMatch(
        /\ntsumugi track '.*my clip' --labels fixed-00020\.png@20/u,
      );
      expect(await page.locator("li").first().innerText()).toContain("it's <a>");
      await page.locator("svg a").last().click();
      expect(page.url()).toMatch(/#entry-2$/u);
      const shot = await page.screenshot({ fullPage: true });
      expect(shot.byteLength).toBeGreaterThan(20_000);
      await page.setViewportSize({ width: 400, height: 800 });
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow).toBeLessThanOrEqual(0);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
