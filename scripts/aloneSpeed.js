// Tracks a clip in Debian's Chromium with the page of `studio --static`, and with the command in mode fast; prints how fast both are
// and how alike their masks, and takes a picture: node scripts/aloneSpeed.js FOLDER [CLIP MASK.png] (after npm run build). The mask
// is that of frame 0; without a clip one is rendered.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { parseMaskPng } from "../dist/browser.js";
import { serveAlone } from "../dist/server/alone/serveAlone.js";
import { renderProductionLine } from "../dist/synthetic/productionLine.js";
import { writeMaskPng } from "../dist/video/masks/maskPng.js";
import { openVideoWriter } from "../dist/video/writing/writer.js";
import { CHROMIUM, FLAGS, quiet, requireUse } from "./openStudio.js";

const MINUTES = 60_000;
const say = (what, value) => process.stdout.write(`${what}: ${value}\n`);

const [folder, clip = join(folder, "line.mp4"), mask = join(folder, "line.png")] = process.argv.slice(2);
requireUse(folder !== undefined, "node scripts/aloneSpeed.js FOLDER [CLIP MASK.png]");
mkdirSync(folder, { recursive: true });
if (process.argv[3] === undefined) await renderClip();
say("machine", `${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);
const page = await inPage();
say("in the page", page.outcome);
const command = inCommand();
say("by the command", `${command.pace.toFixed(1)} frames/s`);
const ious = alike(page.masks, command.masks);
say(
  "IoU of their masks",
  `mean ${mean(ious).toFixed(4)}, least ${Math.min(...ious).toFixed(4)}, ${page.masks.size} frames`,
);

/** The clip of the demo, shorter. */
async function renderClip() {
  const writer = await openVideoWriter(clip, { width: 480, height: 272, fps: 24 });
  for (const { frame, labels } of renderProductionLine({ frames: 24 })) {
    if (frame.index === 0) await writeMaskPng(mask, labels);
    await writer.write(frame.data);
  }
  await writer.finish();
}

/** As a person would: choose, load the mask, track, save. */
async function inPage() {
  const service = await serveAlone({ folder: join(folder, "page"), port: 0, logger: quiet });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20 * MINUTES);
    page.on("console", (line) => line.type() === "error" && process.stderr.write(`${line.text()}\n`));
    await page.goto(service.url);
    await page.setInputFiles("[data-name=clip-files]", clip);
    await page.waitForSelector(".stage[data-ready=true]");
    await page.setInputFiles("[data-name=mask-file]", mask);
    await page.click("[data-name=track]:enabled");
    await page.waitForSelector("[data-state=done], [data-state=failed]");
    const outcome = await page.textContent("[data-name=state]");
    await page.keyboard.press("End");
    await page.waitForTimeout(1000);
    await sharp(await page.screenshot())
      .webp({ quality: 82 })
      .toFile(join(folder, "studio-alone.webp"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-name=save]")]);
    const files = unzipSync(readFileSync(await download.path()));
    const masks = Object.entries(files).filter(([name]) => name.endsWith(".png"));
    return { outcome, masks: new Map(masks.map(([name, bytes]) => [name, parseMaskPng(name, bytes).data])) };
  } finally {
    await browser.close();
    await service[Symbol.asyncDispose]();
  }
}

/** Its speed is that of its summary, without start and results. */
function inCommand() {
  const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const out = join(folder, "command");
  const flags = ["--labels", mask, "--out", out, "--mode", "fast", "--no-overlay", "--no-pictures"];
  execFileSync(process.execPath, [main, "track", clip, ...flags], { stdio: ["ignore", "ignore", "inherit"] });
  const summary = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  const read = (name) => parseMaskPng(name, readFileSync(join(out, name))).data;
  return { pace: summary.framesPerSecond, masks: { get: read } };
}

/** IoU of every object in every frame but the labelled one. */
function alike(ours, theirs) {
  return [...ours.keys()]
    .sort()
    .slice(1)
    .flatMap((name) => iousOf(ours.get(name), theirs.get(name)));
}

function iousOf(a, b) {
  const [both, either] = [new Map(), new Map()];
  const count = (map, id) => map.set(id, (map.get(id) ?? 0) + 1);
  for (let p = 0; p < a.length; p++) {
    if (a[p] !== 0) count(either, a[p]);
    if (b[p] !== 0 && b[p] !== a[p]) count(either, b[p]);
    if (a[p] !== 0 && a[p] === b[p]) count(both, a[p]);
  }
  return [...either].map(([id, size]) => (both.get(id) ?? 0) / size);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
