// Makes the pictures of docs/studio.md in Debian's Chromium: node scripts/studioPictures.js FOLDER [LANGUAGE] [THEME] (after
// npm run build). Footage is rendered; what was computed stays in the folder, so that a second call only takes the pictures.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { writeFileAtomic } from "../dist/core/files.js";
import { STUDIO_PAGES } from "../dist/server/routes/studio.js";
import { serve } from "../dist/server/serve.js";
import { renderProductionLine } from "../dist/synthetic/productionLine.js";
import { PART_NAMES } from "../dist/synthetic/scene.js";
import { encodeJpeg } from "../dist/video/writing/jpeg.js";
import { writeMaskPng } from "../dist/video/masks/maskPng.js";

const CHROMIUM = "/usr/bin/chromium";
const SIZE = { width: 1280, height: 800 };
/** Clips of the site, enough for a verdict. */
const CLIPS = 20;
const FRAMES = 10;
const SITE = "line 3";
const logger = { info() {}, warn: (line) => process.stderr.write(`${line}\n`), progress() {} };

const [out, language = "en", theme = "light"] = process.argv.slice(2);
if (out === undefined || !existsSync(CHROMIUM)) {
  process.stderr.write(`usage: node scripts/studioPictures.js FOLDER [en|ja] [light|dark], with ${CHROMIUM}\n`);
  process.exit(2);
}
const root = join(out, "footage");
const truth = join(out, "truth");
mkdirSync(root, { recursive: true });
await render("demo/clip", { fps: 24 });
for (let i = 1; i <= CLIPS; i++)
  await render(`line 3/part ${String(i).padStart(2, "0")}`, {
    width: 224,
    height: 128,
    fps: 24,
    frames: FRAMES,
    seed: i,
  });
const service = await serve({
  folders: [root],
  data: join(out, "data"),
  port: 0,
  workers: 1,
  machine: { device: "cpu" },
  logger,
  pages: STUDIO_PAGES,
});
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
try {
  await pictures();
} finally {
  await browser.close();
  await service[Symbol.asyncDispose]();
}

/** Writes a clip and its masks, unless they are there. */
async function render(name, options) {
  if (existsSync(join(truth, name, "done"))) return;
  for (const { frame, labels } of renderProductionLine(options)) {
    await writeFileAtomic(join(root, name, `${frame.name}.jpg`), await encodeJpeg(frame));
    await writeMaskPng(join(truth, name, `${frame.name}.png`), labels);
  }
  await writeFileAtomic(join(truth, name, "done"), "");
}

async function ask(path, method = "GET", body = undefined) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(service.url + path, { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(json));
  return json;
}

async function ended(job) {
  for (;;) {
    const { state, error } = await ask(`/api/jobs/${job.id}`);
    if (state === "done") return;
    if (state === "failed" || state === "cancelled") throw new Error(JSON.stringify(error ?? state));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Labels a frame by the truth. */
async function label({ id, place }, frame) {
  const path = join(truth, place, `${String(frame).padStart(5, "0")}.png`);
  const body = readFileSync(path);
  await fetch(`${service.url}/api/clips/${id}/labels/${frame}/mask`, {
    method: "PUT",
    headers: { "content-type": "image/png" },
    body,
  });
}

async function trackedClip(clip) {
  const names = PART_NAMES.map((name, i) => ({ id: i + 1, name }));
  await ask(`/api/clips/${clip.id}/objects`, "PUT", names);
  const known = (await ask(`/api/sessions?clip=${clip.id}`)).sessions;
  if (known.length > 0) return;
  await label(clip, 0);
  const settings = { mode: "fast", overlay: false, pictures: false };
  const { id } = await ask("/api/sessions", "POST", { clip: clip.id, settings });
  await ended(await ask(`/api/sessions/${id}/track`, "POST", {}));
}

async function reportedSite(clips) {
  const known = (await ask("/api/sites")).sites.find(({ name }) => name === SITE);
  const ids = clips.map(({ id }) => id);
  const { id } = known ?? (await ask("/api/sites", "POST", { name: SITE, clips: ids, targets: ["iou=0.6"] }));
  if (known?.decision != null) return id;
  const run = (more) => ask("/api/jobs", "POST", { task: { task: "site", folder: `site:${id}`, ...more } });
  await ended(await run({ step: "run", adaptMinutes: 0, tuneMinutes: 0 }));
  const { frames } = await ask(`/api/sites/${id}/plan`);
  for (const { clip, frame } of frames.slice(0, -5))
    await label(
      clips.find((one) => one.id === clip),
      frame,
    );
  await ended(await run({ step: "run", adaptMinutes: 1, tuneMinutes: 0, corrections: 0 }));
  return id;
}

async function pictures() {
  const { clips } = await ask("/api/clips");
  const demo = clips.find(({ place }) => place.startsWith("demo"));
  await trackedClip(demo);
  const site = await reportedSite(clips.filter(({ place }) => place.startsWith("line 3")));
  const { frames } = await ask(`/api/sites/${site}/plan`);
  const open = frames.find(({ labelled }) => !labelled) ?? frames[0];

  const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: 1 });
  await context.addInitScript(
    `localStorage.setItem("tsumugi.language", '"${language}"'); localStorage.setItem("tsumugi.theme", '"${theme}"')`,
  );
  const page = await context.newPage();
  const take = async (name, address, ready, act = async () => {}) => {
    await page.goto(`${service.url}/#${address}`);
    await page.reload();
    await page.waitForSelector(ready);
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {});
    await act();
    await page.waitForTimeout(500);
    const file = join(out, `${name}-${language}-${theme}.webp`);
    await sharp(await page.screenshot())
      .webp({ quality: 82 })
      .toFile(file);
    process.stdout.write(`${file}\n`);
  };
  const stage = (frame) => `.stage[data-ready=true][data-frame="${frame}"]`;
  await take("studio", `/clip/${demo.id}?frame=24`, stage(24));
  await take("queue", `/clip/${open.clip}?frame=${open.frame}&site=${site}`, `${stage(open.frame)}, [data-name=queue]`);
  await take("footage", "/", ".card");
  await take("sites", "/sites", "[data-name=site]");
  await take("site", `/site/${site}`, "[data-name=planned]");
  await take("models", `/site/${site}/models`, "[data-name=model]", async () => {
    await page.locator("[data-name=why]").first().click();
  });
  await take("report", `/site/${site}/report`, "[data-name=report-verdict]");
  await take("training", "/training", ".choices li");
  await page.goto(`${service.url}/#/sites`);
  await page.locator("[data-name=new-site]").click();
  await page.waitForTimeout(800);
  await sharp(await page.screenshot())
    .webp({ quality: 82 })
    .toFile(join(out, `new-${language}-${theme}.webp`));
}
