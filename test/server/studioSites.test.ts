/** @file A person's way from footage to a decision in the studio, in Debian's Chromium; what jobs do is done in process. */
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { STUDIO_PAGES } from "../../src/server/routes/studio.ts";
import { LabelStore } from "../../src/server/labels/labelStore.ts";
import { takeLabels } from "../../src/server/sites/takeLabels.ts";
import { addModel } from "../../src/site/models.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { axeFindingsInBoth } from "../browser/axe.ts";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import { plan, report, track, truthOf } from "../site/smallSite.ts";
import { makeImageFolder } from "../training/footage.ts";
import { testService, until } from "./service.ts";

const HTML = "<img src=x onerror=document.title=1>";
/** Of a clip, pixels. */
const SIZE = 48;

/** Waits until a frame can be drawn on. */
const shows = (page: Page, frame: number): Promise<unknown> =>
  page.waitForSelector(`.stage[data-ready=true][data-frame="${frame}"]`);
const isSaved = (page: Page): Promise<unknown> => page.waitForSelector(".save[data-state=saved]");

describe.skipIf(noPages !== undefined)(`sites in the studio${noPages === undefined ? "" : ` (${noPages})`}`, () => {
  // Nobody works: what is asked for waits.
  const { get, send, clip, data, url } = testService({ workers: 0, pages: STUDIO_PAGES }, async (root) => {
    await makeImageFolder(join(root, "カメラ"), "部品", 8);
  });
  let browser: Browser;
  let context: BrowserContext;
  let problems: string[];
  let clips: Record<string, string>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    clips = { clip: await clip("clip"), 部品: await clip("カメラ/部品") };
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    problems = [];
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    context.setDefaultTimeout(60_000);
  });
  afterEach(() => context.close());

  async function open(address: string): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(`${url()}/#${address}`);
    return page;
  }

  const folderOf = (id: string): SiteFolder => new SiteFolder(join(data(), "sites", id));
  /** What a job does before it begins. */
  const take = (id: string): Promise<void> =>
    takeLabels(
      folderOf(id),
      Object.entries(clips).map(([key, own]) => ({
        clip: key,
        folder: new LabelStore(join(data(), "labels", own)).folder,
      })),
    );
  const putTruth = (own: string, frame: number) =>
    send("PUT", `/api/clips/${own}/labels/${frame}/mask`, truthOf(frame).data, {
      "content-type": "application/octet-stream",
    });

  it("targets first, then the run, the queue of labels, the report, and from its worst frame to the clip", async () => {
    const found: string[] = [];
    const look = async (on: Page, screen: string): Promise<unknown> =>
      found.push(...(await axeFindingsInBoth(on, screen)));

    const page = await open("/");
    await page.locator("[data-name=go-sites]").click();
    await page.locator("[data-name=new-site]").click();
    expect(await page.locator("[data-name=make-site]").isDisabled()).toBe(true);
    await page.locator("[data-name=site-name]").fill(HTML);
    await page.locator("[data-name=target]").fill("0.5");
    await page.locator("[data-name=choose-all]").click();
    await look(page, "new site");
    await page.locator("[data-name=make-site]").click();
    await page.waitForSelector("[data-name=next][data-next=run]");
    const [site] = (await get("/api/sites")).body.sites;
    expect(site).toMatchObject({ name: HTML, targets: [{ value: 0.5 }] });
    expect(await page.locator("h1").innerText()).toBe(HTML);

    // One button asks for everything; it is stopped before anything was done.
    await page.locator("[data-name=learn-minutes]").fill("0");
    await page.locator("[data-name=run-all]").click();
    await page.waitForSelector("[data-name=working]");
    const [asked] = (await get(`/api/jobs?site=${site.id}`)).body.jobs;
    expect(asked.task).toMatchObject({ step: "run", adaptMinutes: 0, tuneMinutes: 5, language: "en" });
    await page.locator("[data-name=stop]").click();
    await page.locator("[data-name=next]", { hasText: "Stopped; what was done is kept." }).waitFor();
    const root = folderOf(site.id).root;
    await tasks.site.run({ step: "check", folder: root });
    const { frames } = await plan(root);

    // The plan's frames, one after the other: painted, by its truth, and as one in which there is nothing.
    await page.reload();
    await page.waitForSelector("[data-name=next][data-next=label]");
    expect(await page.locator("[data-name=planned]").count()).toBe(frames.length);
    await look(page, "site");
    await page.locator("[data-name=label-next]").click();
    const at = (i: number) => ({ frame: frames[i].frame, clip: clips[frames[i].clip] });
    await shows(page, at(0).frame);
    await page.waitForSelector(`[data-name=queue][data-left="${frames.length}"]`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`[data-name=queue][data-left="${frames.length - 1}"]`);
    await isSaved(page);
    await look(page, "queue");
    await page.keyboard.press("d");
    await until(
      async () => page.url(),
      (now) => now.includes(`${at(1).clip}?`) && now.includes(`site=${site.id}`),
    );
    await shows(page, at(1).frame);
    await page.waitForSelector(`[data-name=queue][data-at="2"][data-left="${frames.length - 1}"]`);
    await page.locator("[data-name=queue-nothing]").click();
    await until(
      async () => (await get(`/api/clips/${at(1).clip}/labels`)).body.frames,
      (all) =>
        all.some(({ frame, mask }: { frame: number; mask: string | null }) => frame === at(1).frame && mask !== null),
    );
    const nothing = await get(`/api/clips/${at(1).clip}/labels/${at(1).frame}/mask?format=raw`);
    expect([nothing.bytes.length, nothing.bytes.some((value) => value !== 0)]).toEqual([SIZE * SIZE, false]);
    await page.waitForSelector("[data-name=queue][data-at='3']");
    await shows(page, at(2).frame);
    await page.keyboard.press("Shift+d");
    await shows(page, at(1).frame);
    await isSaved(page);
    for (const [i] of frames.entries()) if (i !== 1) await putTruth(at(i).clip, at(i).frame);
    await page.locator("[data-name=to-site]").click();
    await page.waitForSelector("[data-name=next][data-next=run]");
    expect(await page.locator("[data-name=planned][data-labelled=true]").count()).toBe(frames.length);

    // What the job would do; the page hears of no job, but whoever comes back to it sees what is new.
    await take(site.id);
    await track(root, 0);
    await report(root);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await page.waitForSelector("[data-name=next][data-next=more]");
    await page.locator("[data-name=part-report]").click();
    const verdict = page.locator("[data-name=report-verdict]");
    await verdict.waitFor();
    expect(await verdict.locator("h2").innerText()).toBe("Verdict: not enough evidence");
    await look(page, "report");
    await page.locator("[data-name=language]").click();
    await until(
      () => verdict.locator("h2").innerText(),
      (text) => text === "判定：判断材料が不足",
    );
    await page.locator("[data-name=language]").click();
    const [whole] = await Promise.all([context.waitForEvent("page"), page.locator("[data-name=report-ja]").click()]);
    await whole.waitForLoadState();
    expect(await whole.locator("h1").innerText()).toBe("判定：判断材料が不足");
    expect(await whole.locator("img").count()).toBeGreaterThan(1);
    await page.locator("[data-name=review]").first().click();
    await page.waitForSelector(".stage[data-ready=true]");
    const worst = (await get(`/api/sites/${site.id}/report`)).body.frames.toSorted(
      (a: { score: number }, b: { score: number }) => a.score - b.score,
    )[0];
    expect(page.url()).toContain(`#/clip/${worst.clip}?frame=${worst.frame}`);
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("a model is looked at, used, and gone back from; targets that are changed after results are asked about", async () => {
    const { body } = await send("POST", "/api/sites", {
      name: "line 3",
      clips: Object.values(clips),
      targets: ["iou=0.8"],
    });
    const folder = folderOf(body.id);
    const weights = join(data(), "nano.safetensors");
    await writeSafetensors(weights, new Map(untrainedWeights("nano").values), { metadata: { variant: "nano" } });
    const metrics = join(data(), "metrics.jsonl");
    for (let step = 1; step <= 40; step++)
      await appendFile(
        metrics,
        `${JSON.stringify({ step, minutes: step / 60, loss: 3 - step / 20, pairsPerSec: 8, learningRate: 1 })}\n`,
      );
    const scores = { gain: -0.012, gainLow: -0.03, stretches: 3 };
    const model = { number: 1, name: "adapted", parent: 0, config: {}, scores, accepted: false };
    await addModel(folder, { ...model, reason: "not better" }, weights, metrics);
    const page = await open(`/site/${body.id}/models`);
    const row = page.locator("[data-name=model][data-number='1']");
    await row.waitFor();
    expect(await row.innerText()).toContain("−1.2 points, at least −3.0 with 95 % certainty, on 3 stretches");
    expect(await row.innerText()).toContain("refused");
    await row.locator("[data-name=why]").click();
    await page.waitForSelector("[data-name=curves][data-steps='40'] polyline");
    expect(await axeFindingsInBoth(page, "models")).toEqual([]);
    await row.locator("[data-name=use]").click();
    await page.waitForSelector("[data-name=model][data-number='1'][data-in-use=true]");
    await page.locator("[data-name=rollback]").click();
    await page.waitForSelector("[data-name=model][data-number='0'][data-in-use=true]");

    await page.locator("[data-name=part-site]").click();
    await page.locator("summary").click();
    await page.locator("[data-name=target]").fill("0.6");
    await page.locator("[data-name=target]").press("Enter");
    await page.locator("[data-name=change-target]").click();
    await until(
      async () => (await get(`/api/sites/${body.id}`)).body.targets[0].value,
      (value) => value === 0.6,
    );
    await page.locator("[data-name=remove-site]").click();
    await page.waitForSelector("[data-name=site]");
    expect((await get(`/api/sites/${body.id}`)).status).toBe(404);
    expect(problems.filter((problem) => !problem.includes(body.id))).toEqual([]);
  });

  it("a training is begun, shows its curve as it grows, is stopped and gone on with", async () => {
    const page = await open("/training");
    await page.locator(".choices label", { hasText: "部品" }).click();
    await page.locator("[data-name=train]").click();
    await page.waitForSelector("[data-name=training][data-state=queued]");
    const [job] = (await get("/api/jobs?task=train")).body.jobs;
    expect(job.task).toMatchObject({
      footage: [`clip:${clips["部品"]}`],
      config: { minutes: 30, init: "default" },
      scoreOn: [`clip:${clips["部品"]}`],
    });
    const files = join(data(), "jobs", job.id, "files");
    await mkdir(files, { recursive: true });
    for (const steps of [3, 60]) {
      for (let step = steps === 3 ? 1 : 4; step <= steps; step++)
        await appendFile(
          join(files, "metrics.jsonl"),
          `${JSON.stringify({ step, minutes: step, loss: 1 / step, pairsPerSec: 5, learningRate: 1, score: 0.5 })}\n`,
        );
      await page.waitForSelector(`[data-name=curves][data-steps="${steps}"]`);
    }
    expect(await page.locator(".curve").count()).toBe(3);
    expect(await axeFindingsInBoth(page, "training")).toEqual([]);
    await page.locator("[data-name=stop]").click();
    await page.waitForSelector("[data-name=training][data-state=cancelled]");
    await page.locator("[data-name=go-on]").click();
    await page.waitForSelector("[data-name=training][data-state=queued]");
    const [resumed] = (await get("/api/jobs?task=resume")).body.jobs;
    expect(resumed.task).toEqual({ task: "resume", run: `job:${job.id}`, scoreOn: job.task.scoreOn });
    expect(problems).toEqual([]);
  });
});
