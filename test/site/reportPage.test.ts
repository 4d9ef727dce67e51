/** The page: its words in both languages, what it says for each verdict, and how a browser takes it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Language } from "../../src/footage/texts/languages.ts";
import type { ReportPicture } from "../../src/site/report/pictures.ts";
import { reportOf } from "../../src/site/report/reportData.ts";
import { reportHtml } from "../../src/site/report/reportPage.ts";
import { en, type TextKey } from "../../src/site/report/texts/en.ts";
import { ja } from "../../src/site/report/texts/ja.ts";
import { Words } from "../../src/site/report/words.ts";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import { around, evidenceOf, type MadeEvidence, set, stamp } from "./evidence.ts";

const html = (made: MadeEvidence, language: Language = "en", pictures: readonly ReportPicture[] = []): string =>
  reportHtml(reportOf(evidenceOf(made), stamp), pictures, new Words(language));
/** An expression that a page evaluates. */
const FACTS = `({
  wide: document.documentElement.scrollWidth,
  broken: [...document.images].filter((image) => image.naturalWidth === 0 || image.alt === "").length,
  images: document.images.length,
  language: document.documentElement.lang,
  first: document.querySelector("h1").textContent,
  scripts: document.scripts.length,
})`;
const names = (text: string): string[] => [...new Set(text.match(/\{\w+\}/gu))].toSorted();

async function pictures(): Promise<ReportPicture[]> {
  const jpeg = await sharp({ create: { width: 480, height: 270, channels: 3, background: "#456" } })
    .jpeg()
    .toBuffer();
  const kinds = ["best", "median", "worst", "worst", "worst", "worst"] as const;
  return kinds.map((kind, i) => ({ kind, clip: "クリップ", frame: i, score: 0.5, truth: jpeg, found: jpeg }));
}

describe("the words", () => {
  const keys = Object.keys(en) as TextKey[];

  it("exist in Japanese, each with the names of the English one", () => {
    expect(Object.keys(ja)).toEqual(keys);
    for (const key of keys) expect([key, names(ja[key])]).toEqual([key, names(en[key])]);
  });

  it("in Japanese are Japanese: nothing but names, metrics, options and units is in Latin letters", () => {
    const known =
      /\{\w+\}|tsumugi(?: site (?:init|track|check))?|SITE|--[a-z-]+|iou=0\.80|IoU|PCK@|ROC|MB|site\.json|check\/check\.html|site init|\{/gu;
    const latin = keys.filter((key) => /[A-Za-z]{2,}/u.test(ja[key].replaceAll(known, "")));
    expect(latin).toEqual([]);
  });

  it("need all their values", () => {
    expect(() => new Words("en").say("moreNeeded", { passages: 3 })).toThrow(
      "internal: the text moreNeeded needs more",
    );
  });

  it.each([
    [1 / 3600, "1 s", "1秒"],
    [0.5, "30 min", "30分"],
    [3.25, "3.3 h", "3.3時間"],
    [1234, "1,234 h", "1,234時間"],
  ])("%f hours are %s", (hours, english, japanese) => {
    expect(new Words("en").time(hours)).toBe(english);
    expect(new Words("ja").time(hours)).toBe(japanese);
  });
});

describe("the page says", () => {
  it.each([
    ["go", { passages: around(0.9, 24) }, "Verdict: go", "the whole interval lies at or above the target of 0.8"],
    ["no-go", { passages: around(0.6, 24) }, "Verdict: no-go", "the whole interval lies below the target of 0.8"],
    ["not-enough", { passages: around(0.8, 24) }, "Verdict: not enough evidence", "it may be met or missed"],
    ["not-enough", { passages: around(0.9, 5) }, "Verdict: not enough evidence", "needs at least 20"],
  ])("%s, with the sentence that makes it", (kind, made, title, sentence) => {
    const page = html(made);
    expect(page).toContain(`<div class="verdict ${kind}"><h1>${title}</h1>`);
    expect(page).toContain(sentence);
  });

  it("how many labels would settle what is open, and what corrections would do", () => {
    const page = html({ passages: around(0.79, 24, 0.1), corrected: 0.15 });
    expect(page).toMatch(
      /about \d+ passages in all would settle it: \d+ more, that is about \d+ more labelled frames/u,
    );
    expect(page).toContain("With one correction in each passage: go.");
    // Evidence without a plan has no more footage than what was labelled.
    expect(page).toContain("The footage has only 24 passages: that takes more recordings too.");
  });

  it("when a target was moved after the results", () => {
    const targets = [
      { metric: "iou", value: 0.9, set, afterResults: false },
      { metric: "iou", value: 0.8, set: "2026-11-29T10:00:00.000Z", afterResults: true },
    ];
    expect(html({ passages: around(0.9, 24), targets })).toContain(
      "IoU: Changed on 2026-11-29, after results had been seen (before: 0.9 (2026-11-01)).",
    );
  });

  it("names as they are, not as HTML", () => {
    const page = html({ passages: around(0.9, 24) });
    expect(page).toContain("ライン &lt;3&gt;");
    expect(page).toContain("camera &lt;b&gt;");
    expect(page).not.toContain("<b>");
  });

  it("what it costs, only where there is a wage", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    expect(html({ passages: around(0.9, 24) })).toContain("Cost (EUR)");
    const free = { ...evidence, site: { ...evidence.site, prices: { ...evidence.site.prices, wagePerHour: null } } };
    const page = reportHtml(reportOf(free, stamp), [], new Words("en"));
    expect(page).not.toContain("Cost (");
    expect(page).toContain("No wage is set");
  });

  it("where a gain comes from, and that a model that learned here has seen the footage", () => {
    const evidence = evidenceOf({ passages: around(0.9, 24) });
    const learned = { ...evidence.model, number: 3, name: "adapted", parent: 0, weights: "weights.safetensors" };
    const [copy, untrained, model] = evidence.methods;
    const methods = [
      copy,
      untrained,
      { ...untrained, method: "default" as const },
      { ...copy, method: "untuned" as const },
      model,
    ];
    const preset = { name: "tuned-1", tracker: { topK: 5 } };
    const page = reportHtml(
      reportOf({ ...evidence, model: learned, methods, site: { ...evidence.site, preset } }, stamp),
      [],
      new Words("en"),
    );
    expect(page).toContain("<td>weights of the package, usual settings</td>");
    expect(page).toContain("<td>model 0003-adapted, usual settings</td>");
    expect(page).toContain("<td>model 0003-adapted with settings tuned-1</td>");
    expect(page).toContain("The model has learned from this footage");
    expect(page).toContain("{&quot;topK&quot;:5}");
    expect(html({ passages: around(0.9, 24) })).not.toContain("The model has learned from this footage");
  });

  it("which look this is, from the second on", () => {
    expect(html({ passages: around(0.9, 24) })).not.toContain("look number");
    expect(html({ passages: around(0.9, 24), looks: 2 })).toContain("look number 3");
  });
});

describe.skipIf(noPages !== undefined)(`in a browser${noPages === undefined ? "" : ` (skipped: ${noPages})`}`, () => {
  let browser: Browser;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "report-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    await rm(root, { recursive: true });
  });

  async function opened(language: Language, width: number, problems: string[]): Promise<Page> {
    const path = join(root, `レポート ${language}.html`);
    await writeFile(
      path,
      html({ passages: [...around(0.75, 20), ...around(0.2, 8)], corrected: 0.1 }, language, await pictures()),
    );
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|data):/u.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  it.each([
    ["en", 1200],
    ["en", 390],
    ["ja", 1200],
    ["ja", 390],
  ] as const)(
    "%s, %i px wide: nothing leaves, no error, all pictures, nothing wider than the page",
    async (language, width) => {
      const problems: string[] = [];
      const page = await opened(language, width, problems);
      const found = await page.evaluate<Record<string, unknown>>(FACTS);
      expect(problems).toEqual([]);
      expect(found).toMatchObject({ wide: width, broken: 0, images: 12, language, scripts: 0 });
      expect(found["first"]).toBe(language === "en" ? "Verdict: no-go" : "判定：導入は見送り");
      await page.close();
    },
  );

  it("prints on a few pages", async () => {
    const page = await opened("ja", 1200, []);
    const path = join(root, "report.pdf");
    await page.pdf({ path, format: "A4" });
    const pages = (await readFile(path, "latin1")).match(/\/Type \/Page\b/gu) ?? [];
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.length).toBeLessThan(10);
    await page.close();
  });

  it("Japanese text has no English sentence in it", async () => {
    const page = await opened("ja", 1200, []);
    const text = await page.locator("main").innerText();
    const english = text.split("\n").filter((line) => /[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/u.test(line));
    expect(english.filter((line) => !line.includes("tsumugi site"))).toEqual([]);
    await page.close();
  });
});
