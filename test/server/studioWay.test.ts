/** @file A person's way through the studio, in Debian's Chromium, on the small clip of the service's tests. */
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { STUDIO_PAGES } from "../../src/server/routes/studio.ts";
import { serve, type Service } from "../../src/server/serve.ts";
import { axeFindings } from "../browser/axe.ts";
import { CHROMIUM, FLAGS, noPages } from "../browser/page.ts";
import { type Answer, makeFootage, request, until, writeVideo } from "./service.ts";
import { makeImageFolder } from "../training/footage.ts";

const SIZE = 48;
/** Frames of the clip. */
const FRAMES = 8;
/** Of one that takes a while. */
const LONG = 240;
const HTML = "<img src=x onerror=document.title=1>";

/** Waits until a frame can be drawn on. */
const shows = (page: Page, frame: number): Promise<unknown> =>
  page.waitForSelector(`.stage[data-ready=true][data-frame="${frame}"]`);
/** The page has taken in what was done just now. */
const nextPicture = (page: Page): Promise<unknown> =>
  page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))");

/** A change that was made just now shows as unsaved from the next picture of the page on. */
async function isSaved(page: Page): Promise<unknown> {
  await nextPicture(page);
  return page.waitForSelector(".save[data-state=saved]");
}

/** Where a pixel of the clip is on the screen, as long as the whole picture is shown. */
async function placeOf(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await page.locator(".stage canvas").boundingBox();
  if (box === null) throw new Error("no stage");
  const scale = (Math.min(box.width, box.height) - 24) / SIZE;
  return [box.x + (box.width - SIZE * scale) / 2 + x * scale, box.y + (box.height - SIZE * scale) / 2 + y * scale];
}

async function stroke(page: Page, ...places: [x: number, y: number][]): Promise<void> {
  for (const [i, [x, y]] of places.entries()) {
    await page.mouse.move(...(await placeOf(page, x, y)), { steps: i === 0 ? 1 : 5 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

/** The colour on the stage at a pixel of the clip. */
async function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  const [left, top] = await placeOf(page, x, y);
  return page.evaluate(`(() => {
    const canvas = document.querySelector(".stage canvas");
    const box = canvas.getBoundingClientRect();
    return [...canvas.getContext("2d").getImageData(${left} - box.left, ${top} - box.top, 1, 1).data];
  })()`);
}

const count = (mask: Uint8Array, id: number): number => mask.filter((value) => value === id).length;

async function track(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await page.waitForSelector("[data-name=stop]");
  await page.waitForSelector("[data-name=outcome]", { timeout: 100_000 });
}

describe.skipIf(noPages !== undefined)(`the studio${noPages === undefined ? "" : ` (${noPages})`}`, () => {
  let browser: Browser;
  let service: Service;
  let data: string;
  let root: string;
  let context: BrowserContext;
  let problems: string[];

  const start = (port: number): Promise<Service> =>
    serve({
      folders: [root],
      data,
      port,
      workers: 1,
      machine: { device: "cpu", threads: 1 },
      logger: { ...silent, warn: (line) => problems.push(line) },
      beat: 50,
      pages: STUDIO_PAGES,
    });
  beforeAll(async () => {
    const footage = await makeFootage(FRAMES);
    ({ root } = footage);
    data = join(footage.around, "data");
    await makeImageFolder(root, "second", FRAMES);
    await makeImageFolder(root, "third", FRAMES);
    await makeImageFolder(root, "long", LONG);
    await mkdir(join(root, "odd"));
    await rename(await makeImageFolder(root, "fourth", 2), join(root, "odd", HTML));
    service = await start(0);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    problems = [];
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    context.setDefaultTimeout(90_000);
  });
  afterEach(() => context.close());

  const get = (path: string): Promise<Answer> => request(`${service.url}${path}`);
  async function clipNamed(name: string): Promise<string> {
    const { clips } = (await get("/api/clips")).body as { clips: { id: string; name: string }[] };
    return clips.find((clip) => clip.name === name)?.id ?? "";
  }

  async function newPage(): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", async (response) => {
      if (response.status() >= 400 && response.status() !== 412)
        problems.push(`${response.request().method()} ${response.url()}: ${await response.text()}`);
    });
    return page;
  }

  async function openClip(name: string, frame = 0): Promise<Page> {
    const page = await newPage();
    await page.goto(`${service.url}/#/clip/${await clipNamed(name)}?frame=${frame}`);
    await shows(page, frame);
    return page;
  }

  async function maskOf(clip: string, frame: number): Promise<Uint8Array> {
    const { status, bytes } = await get(`/api/clips/${clip}/labels/${frame}/mask?format=raw`);
    return status === 200 ? bytes : new Uint8Array(SIZE * SIZE);
  }
  it("opens, paints, tracks, shows masks, corrects, tracks again, reloads and exports", async () => {
    const page = await newPage();
    await page.goto(service.url);
    await page.locator("[data-name=clip]", { hasText: /^clip/u }).click();
    await shows(page, 0);
    const clip = await clipNamed("clip");
    const plain = await colourAt(page, 14, 24);

    await stroke(page, [10, 20], [18, 20], [18, 28], [10, 28]);
    await isSaved(page);
    const painted = await maskOf(clip, 0);
    expect(count(painted, 1)).toBeGreaterThan(150);
    expect(painted[24 * SIZE + 14]).toBe(1);
    expect(painted[2 * SIZE + 40]).toBe(0);
    expect(await colourAt(page, 14, 24)).not.toEqual(plain);

    await page.keyboard.press("Control+z");
    await isSaved(page);
    expect(count(await maskOf(clip, 0), 1)).toBe(0);
    await page.keyboard.press("Control+Shift+Z");
    await isSaved(page);
    expect(await maskOf(clip, 0)).toEqual(painted);

    await track(page, "g");
    const [session] = (await get(`/api/sessions?clip=${clip}`)).body.sessions;
    expect(session).toMatchObject({ begun: true, complete: true, settings: { mode: "fast" } });
    await page.keyboard.press("End");
    await shows(page, FRAMES - 1);
    const tracked = (await get(`/api/sessions/${session.id}/masks/${FRAMES - 1}?format=raw`)).bytes;
    expect(count(tracked, 1)).toBeGreaterThan(100);
    const inside = tracked.findIndex((_, p) => [p - SIZE, p - 1, p, p + 1, p + SIZE].every((at) => tracked[at] === 1));
    const [x, y] = [(inside % SIZE) + 0.5, Math.floor(inside / SIZE) + 0.5];
    const masked = await colourAt(page, x, y);
    await page.keyboard.press("o");
    await page.keyboard.press("o");
    await until(
      () => colourAt(page, x, y),
      (colour) => String(colour) !== String(masked),
    );
    await page.keyboard.press("o");

    // The correction begins with what was tracked.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await shows(page, 5);
    const before = (await get(`/api/sessions/${session.id}/masks/5?format=raw`)).bytes;
    await until(
      () => page.getAttribute(".lane-names li", "title"),
      (name) => name === "Object 1",
    );
    await stroke(page, [40, 40], [42, 42]);
    await isSaved(page);
    const corrected = await maskOf(clip, 5);
    expect(corrected[41 * SIZE + 41]).toBe(1);
    expect(before.every((value, p) => value === 0 || corrected[p] === value)).toBe(true);
    const [first] = (await get(`/api/jobs?session=${session.id}`)).body.jobs;
    await track(page, "g");
    const [second] = (await get(`/api/jobs?session=${session.id}`)).body.jobs;
    expect(second.id).not.toBe(first.id);
    const { result } = (await get(`/api/jobs/${second.id}/result`)).body;
    expect(result.tracked).toBe(FRAMES - 5);

    await page.reload();
    await shows(page, 5);
    await page.waitForSelector("[data-name=outcome]");
    await page.keyboard.press("q");
    await shows(page, 0);
    expect(await page.locator(".tag").count()).toBe(1);

    const name = page.locator(".objects input[type=text]").first();
    await name.fill("車");
    await name.press("Enter");
    await until(
      () => page.getAttribute(".lane-names li", "title"),
      (title) => title === "車",
    );
    await page.locator("[data-name=export]").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-name=download]").click()]);
    expect(download.suggestedFilename()).toBe("clip-coco.json");
    const coco = JSON.parse(await readFile(await download.path(), "utf8")) as {
      images: unknown[];
      annotations: unknown[];
      categories: { name: string }[];
    };
    expect([coco.images.length, coco.annotations.length]).toEqual([FRAMES, FRAMES]);
    expect(coco.categories.map(({ name }) => name)).toEqual(["車"]);
    expect(problems).toEqual([]);
  });

  it("takes files that are dropped on it, goes on with broken uploads, checks what comes in, and says what is wrong", async () => {
    const made = join(data, "..", "made.mp4");
    await writeVideo(join(root, "clip"), made);
    const file = { name: "line 3.mp4", mimeType: "video/mp4", buffer: await readFile(made) };
    const page = await newPage();
    let [begun, breaks] = [0, 2];
    await page.route("**/api/uploads", (route) => {
      begun++;
      return route.continue();
    });
    await page.route("**/api/uploads/*", (route) =>
      route.request().method() === "PATCH" && breaks-- > 0 ? route.abort() : route.continue(),
    );
    await page.goto(service.url);
    await page.waitForSelector("[data-name=clip]");
    const drop = (name: string, bytes: Buffer): Promise<unknown> =>
      page.evaluate(`(() => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString("base64"))}), (one) => one.charCodeAt(0));
        data.items.add(new File([bytes], ${JSON.stringify(name)}, { lastModified: 1 }));
        dispatchEvent(new DragEvent("dragover", { dataTransfer: data, cancelable: true }));
        dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
      })()`);
    await drop(file.name, file.buffer);
    await page.waitForSelector("[data-name=upload][data-state=done]");
    expect([begun, breaks]).toEqual([1, -1]);
    const card = page.locator(".card", { hasText: file.name });
    await card.locator("[data-name=verdict]").waitFor();
    expect(await card.locator("[data-name=verdict]").innerText()).toBe("usable");
    await card.locator("summary").click();
    expect(await card.locator("em").first().innerText()).toMatch(/[a-z]/u);
    await page.locator("[data-name=language]").click();
    await until(
      () => card.locator("em").first().innerText(),
      (text) => /[ぁ-ん]/u.test(text),
    );
    await page.locator("[data-name=language]").click();

    // A page that is closed in the middle: the same file finds the bytes that have arrived.
    breaks = 100;
    await drop("other.mp4", file.buffer);
    await page.waitForSelector("[data-name=upload][data-state=sending]");
    await until(
      () => Promise.resolve(begun),
      (count) => count === 2,
    );
    await until(
      () => page.evaluate("localStorage.getItem('tsumugi.uploads')"),
      (kept) => String(kept).includes("other.mp4"),
    );
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await page.waitForSelector("[data-name=clip]");
    breaks = 0;
    await drop("other.mp4", file.buffer);
    await page.waitForSelector("[data-name=upload][data-state=done]");
    expect(begun).toBe(2);

    // Of the same name; then one that is no video, by its name and by what is in it.
    await drop("other.mp4", Buffer.from("another one"));
    await page.waitForSelector("[data-name=upload][data-state=known]");
    await drop("notes.txt", Buffer.from("no video"));
    const failed = page.locator("[data-name=upload][data-state=failed]");
    expect(await failed.innerText()).toContain("notes.txt is no video file by its name");
    await page.locator("[data-name=upload-begin]").first().click();
    const broken = page.locator(".card", { hasText: "This clip cannot be opened." });
    await broken.waitFor();
    expect(await broken.innerText()).toContain("cannot read other.mp4 as a video: ");
    await broken.locator("[data-name=remove-clip]").click();
    await until(
      () => broken.count(),
      (count) => count === 0,
    );
    // What the service refused, and nothing else.
    expect(problems.filter((problem) => !/notes\.txt|other\.mp4/u.test(problem))).toEqual([]);
  });

  it("tracking survives a reload, can be stopped and goes on where it was", async () => {
    const page = await openClip("long");
    // A second tab follows.
    const other = await openClip("long");
    const clip = await clipNamed("long");
    await stroke(page, [10, 20], [18, 20], [18, 28], [10, 28]);
    await page.keyboard.press("g");
    const [session] = await until(
      async () => (await get(`/api/sessions?clip=${clip}`)).body.sessions,
      (sessions) => sessions[0]?.begun === true,
    );
    await page.reload();
    await shows(page, 0);
    await page.waitForSelector("[data-name=stop]");
    await until(
      () => page.locator(".lane-names output").first().innerText(),
      (text) => text.endsWith("%"),
    );
    await page.keyboard.press("c");
    const outcome = page.locator("[data-name=outcome]");
    await until(
      () => outcome.innerText(),
      (text) => text.startsWith("Stopped; what was done is kept."),
    );
    const { records } = (await get(`/api/sessions/${session.id}/records`)).body;
    expect(records.length).toBeGreaterThan(0);
    expect(records.length).toBeLessThan(LONG);
    await page.keyboard.press("g");
    await until(
      () => outcome.innerText(),
      (text) => text.startsWith("Done."),
    );
    await until(
      () => other.locator("[data-name=outcome]").innerText(),
      (text) => text.startsWith("Done."),
    );
    const [job] = (await get(`/api/jobs?session=${session.id}`)).body.jobs;
    expect((await get(`/api/jobs/${job.id}/result`)).body.result.tracked).toBeLessThan(LONG);
    await page.keyboard.press("End");
    await shows(page, LONG - 1);
    await until(
      () => page.locator(".lane-names output").first().innerText(),
      (text) => text !== "",
    );
    expect(problems).toEqual([]);
  });

  it("works with the keyboard alone: cursor, tools, objects, help", async () => {
    const page = await openClip("third");
    const clip = await clipNamed("third");
    for (const key of ["k", "k", "Enter", "a", "p"]) await page.keyboard.press(key);
    for (const move of ["l", "j", "i"]) {
      for (let i = 0; i < 2; i++) await page.keyboard.press(move);
      await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("t");
    await page.keyboard.press("Enter");
    await isSaved(page);
    const mask = await maskOf(clip, 0);
    expect(count(mask, 1)).toBeGreaterThan(50);
    expect(count(mask, 2)).toBeGreaterThan(20);
    const { body } = await get(`/api/clips/${clip}/labels/0/shapes`);
    expect(body.points.map(({ name }: { name: string }) => name)).toEqual(["point 2.1"]);
    await page.keyboard.press("?");
    expect(await page.locator("dialog dt").count()).toBe(25);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    await nextPicture(page);
    await page.keyboard.press("Delete");
    await isSaved(page);
    expect((await get(`/api/clips/${clip}/labels`)).body.frames).toEqual([]);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.title")).toContain("Back to the footage");
    expect(problems).toEqual([]);
  });

  it("a smart click finds the edges, another takes a part away, labels are copied to the next frame, and a pixel tells why", async () => {
    const page = await openClip("third", 4);
    const clip = await clipNamed("third");
    const maskNow = (frame = 4): Promise<Uint8Array> => isSaved(page).then(() => maskOf(clip, frame));
    const area = (frame = 4): Promise<number> => maskNow(frame).then((mask) => count(mask, 1));
    await page.keyboard.press("w");
    const at = await placeOf(page, 14.5, 24.5);
    await page.mouse.click(...at, { button: "right" });
    await page.waitForSelector(".stage-note");
    await page.mouse.click(...at);
    const grown = await until(area, (pixels) => pixels > 0);
    expect((await maskNow())[24 * SIZE + 14]).toBe(1);
    expect(grown).toBeLessThan(SIZE * SIZE * 0.6);
    await page.keyboard.down("Shift");
    await page.mouse.click(...(await placeOf(page, 14.5, 24.5)));
    await page.keyboard.up("Shift");
    await until(area, (pixels) => pixels < grown);
    await page.keyboard.press("Control+z");
    await until(area, (pixels) => pixels === grown);

    await page.keyboard.press("ArrowRight");
    await shows(page, 5);
    await page.keyboard.press("v");
    await until(
      () => area(5),
      (pixels) => pixels === grown,
    );
    await page.keyboard.press("Control+z");
    await until(
      () => area(5),
      (pixels) => pixels === 0,
    );

    // Where the label of a pixel comes from; on the frame that it is about, and nowhere else.
    await page.keyboard.press("y");
    await page.mouse.click(...at);
    const found = page.locator(".found li");
    await found.first().waitFor();
    expect(await found.count()).toBe(1);
    expect(await found.innerText()).toBe("Frame 4: 100 % of the weight");
    await found.locator("button").click();
    await shows(page, 4);
    expect(await found.count()).toBe(0);

    // The same frame as the method sees it, and as it is.
    const grey = await colourAt(page, 40, 40);
    await page.keyboard.press("u");
    await page.waitForSelector("[data-name=layers][data-drawn=true]");
    await nextPicture(page);
    expect(await colourAt(page, 40, 40)).not.toEqual(grey);
    await page.locator("[data-name=layer]").selectOption("picture");
    await nextPicture(page);
    expect(await colourAt(page, 40, 40)).toEqual(grey);
    expect(problems).toEqual([]);
  });

  it("every screen can be used by everybody: axe finds nothing, in English and light, in Japanese and dark", async () => {
    const page = await openClip("second", 1);
    await stroke(page, [8, 8], [12, 8]);
    await isSaved(page);
    const found: string[] = [];
    const look = async (screen: string): Promise<unknown> => found.push(...(await axeFindings(page, screen)));
    for (const settings of ["English, light", "Japanese, dark"]) {
      await look(`clip, ${settings}`);
      await page.keyboard.press("?");
      await look(`help, ${settings}`);
      await page.keyboard.press("Escape");
      await page.locator(".brand").click();
      await page.waitForSelector("[data-name=check]");
      await look(`footage, ${settings}`);
      await page.goBack();
      await shows(page, 1);
      for (const name of ["language", "theme"]) await page.locator(`[data-name=${name}]`).click();
    }
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("two tabs on one frame: it is said, and neither's labels are lost", async () => {
    const clip = await clipNamed("second");
    const [mine, other] = [await openClip("second", 3), await openClip("second", 3)];
    await stroke(other, [8, 8], [12, 8]);
    await isSaved(other);
    const theirs = await maskOf(clip, 3);
    await stroke(mine, [38, 38], [42, 38]);
    await mine.waitForSelector("[data-name=conflict]");
    expect(await maskOf(clip, 3)).toEqual(theirs);
    await mine.locator("[data-name=take-theirs]").click();
    await isSaved(mine);
    await mine.keyboard.press("Control+z");
    await isSaved(mine);
    const own = await maskOf(clip, 3);
    expect([own[8 * SIZE + 10], own[38 * SIZE + 40]]).toEqual([0, 1]);
    await stroke(other, [8, 40], [12, 40]);
    await other.locator("[data-name=keep-mine]").click();
    await isSaved(other);
    const kept = await maskOf(clip, 3);
    expect([kept[8 * SIZE + 10], kept[40 * SIZE + 10], kept[38 * SIZE + 40]]).toEqual([1, 1, 0]);
    expect(problems).toEqual([]);
  });

  it("a service that is gone is said, and labels are saved when it is back", async () => {
    const page = await openClip("second", 6);
    const clip = await clipNamed("second");
    await service[Symbol.asyncDispose]();
    await stroke(page, [20, 20], [24, 20]);
    await page.waitForSelector("[data-name=offline]");
    expect(await page.locator(".save").innerText()).toBe("Waiting for the service");
    service = await start(Number(new URL(page.url()).port));
    await isSaved(page);
    expect(count(await maskOf(clip, 6), 1)).toBeGreaterThan(50);
    expect(await page.locator("[data-name=offline]").count()).toBe(0);
  });

  it("names are text, whatever is in them", async () => {
    const page = await newPage();
    await page.goto(service.url);
    await page.locator("[data-name=clip]", { hasText: HTML }).click();
    await shows(page, 0);
    expect(await page.locator("h1").innerText()).toBe(HTML);
    const name = page.locator(".objects input[type=text]").first();
    await name.fill(HTML);
    await name.press("Enter");
    await until(
      () => page.getAttribute(".lane-names li", "title"),
      (title) => title === HTML,
    );
    await page.locator("[data-name=language]").click();
    expect(await page.locator("h2").allInnerTexts()).toEqual([
      "物体",
      "追跡",
      "手法が見ているもの",
      "書き出し",
      "ヘルプ",
    ]);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.title()).toBe("tsumugi studio");
    expect(problems).toEqual([]);
  });
});
