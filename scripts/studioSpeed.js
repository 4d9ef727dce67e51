// Prints how fast the studio is in Debian's Chromium on this machine: node scripts/studioSpeed.js CLIP (after npm run build).
// Nothing of it is a test: it depends on what else the machine does.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { STUDIO_PAGES } from "../dist/server/routes/studio.js";
import { openStudio, requireUse } from "./openStudio.js";

/** Labelled frames, over which is played. */
const FRAMES = 48;
const STEPS = 40;
const STROKE = 120;

const say = (what, value) => process.stdout.write(`${what}: ${value}\n`);
const shows = (page, frame) => page.waitForSelector(`.stage[data-ready=true][data-frame="${frame}"]`);
const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];

const [clip] = process.argv.slice(2);
requireUse(clip !== undefined, "node scripts/studioSpeed.js CLIP");
const folder = mkdtempSync(join(tmpdir(), "tsumugi-speed-"));
const root = join(folder, "footage");
cpSync(clip, join(root, basename(clip)), { recursive: true });
const { service, browser, close } = await openStudio({ root, data: join(folder, "data") });
try {
  await measure();
} finally {
  await close();
  rmSync(folder, { recursive: true });
}

async function measure() {
  const json = async (path, init) => (await fetch(service.url + path, init)).json();
  const [{ id }] = (await json("/api/clips")).clips;
  const { width, height, frameCount } = await json(`/api/clips/${id}`);
  say("clip", `${width}x${height}, ${frameCount} frames; load ${loadavg()[0].toFixed(1)}`);
  await labelFrames(id, { width, height });

  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${service.url}/`);
  await page.waitForSelector("[data-name=clip]");
  const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  say("first paint", `${paint.toFixed(0)} ms; first load ${firstLoad().toFixed(0)} KiB gzipped`);

  await page.goto(`${service.url}/#/clip/${id}`);
  await shows(page, 0);
  say("step to the next frame, p95", `${percentile(await steps(page), 0.95).toFixed(0)} ms`);
  say("playing with 3 masks", `${(await playing(page)).toFixed(1)} frames/s`);
  const strokes = await stroke(page);
  say("while a stroke is drawn, p95", `${percentile(strokes, 0.95).toFixed(1)} ms between pictures of the screen`);
  say("smart click, ready frame", `${(await clicks(id, { width, height })).toFixed(0)} ms, median of 5`);
}

/** All files of the pages, KiB. */
function firstLoad() {
  const files = readdirSync(STUDIO_PAGES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Three squares in each of the first frames. */
async function labelFrames(id, { width, height }) {
  const side = Math.floor(height / 5);
  const mask = new Uint8Array(width * height);
  for (let object = 1; object <= 3; object++)
    for (let y = side; y < 2 * side; y++)
      mask.fill(object, y * width + object * side, y * width + object * side + side - 4);
  const headers = { "content-type": "application/octet-stream" };
  for (let frame = 0; frame < FRAMES; frame++)
    await fetch(`${service.url}/api/clips/${id}/labels/${frame}/mask`, { method: "PUT", headers, body: mask });
}

/** From the key to the frame on the stage that can be drawn on, ms each. */
async function steps(page) {
  return page.evaluate(`(async () => {
    const times = [];
    const stage = document.querySelector(".stage");
    for (let n = 1; n <= ${STEPS}; n++) {
      const begin = performance.now();
      dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      while (stage.dataset.frame !== String(n) || stage.dataset.ready !== "true") await new Promise(requestAnimationFrame);
      times.push(performance.now() - begin);
    }
    return times;
  })()`);
}

/** Frames shown in a second; the clip's own speed is the most there is. */
async function playing(page) {
  await page.keyboard.press("Home");
  await shows(page, 0);
  return page.evaluate(`(async () => {
    const stage = document.querySelector(".stage");
    const begin = performance.now();
    dispatchEvent(new KeyboardEvent("keydown", { key: " " }));
    dispatchEvent(new KeyboardEvent("keyup", { key: " " }));
    while (Number(stage.dataset.frame) < ${FRAMES - 1}) await new Promise(requestAnimationFrame);
    const seconds = (performance.now() - begin) / 1000;
    return ${FRAMES - 1} / seconds;
  })()`);
}

async function stroke(page) {
  await page.keyboard.press("Home");
  await shows(page, 0);
  return page.evaluate(`(async () => {
    const canvas = document.querySelector(".stage canvas");
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const send = (name, n) => canvas.dispatchEvent(new PointerEvent(name, {
      pointerId: 1, button: 0, bubbles: true,
      clientX: left + width * (0.3 + 0.3 * Math.cos(n / 10)), clientY: top + height * (0.5 + 0.2 * Math.sin(n / 7)),
    }));
    canvas.setPointerCapture = () => {};
    const times = [];
    send("pointerdown", 0);
    for (let n = 1, last = await new Promise(requestAnimationFrame); n <= ${STROKE}; n++) {
      send("pointermove", n);
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    send("pointerup", ${STROKE});
    return times;
  })()`);
}

async function clicks(id, { width, height }) {
  const times = [];
  for (let n = -1; n < 5; n++) {
    const places = n < 0 ? [] : [{ x: width * (0.3 + 0.1 * n), y: height * 0.5, inside: true }];
    const begin = performance.now();
    const body = JSON.stringify({ clicks: places });
    const headers = { "content-type": "application/json" };
    await (await fetch(`${service.url}/api/clips/${id}/frames/0/region`, { method: "POST", headers, body })).json();
    if (n >= 0) times.push(performance.now() - begin);
  }
  return percentile(times, 0.5);
}
