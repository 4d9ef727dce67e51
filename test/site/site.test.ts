/** A site from its footage to its report, on clips so small that everything is quick; and what goes wrong on the way. */
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { escaped } from "../../src/core/html.ts";
import { Interrupted } from "../../src/core/errors.ts";
import { FileLock } from "../../src/core/fileLock.ts";
import { silent } from "../../src/core/log.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { FRAMES, label, machine, plan, report, type SmallSite, smallSite, track, truthOf } from "./smallSite.ts";

let made: SmallSite;
let site: string;
const at = (...names: readonly string[]): string => join(site, ...names);
const siteJson = async () => JSON.parse(await readFile(at("site.json"), "utf8"));
const history = async (): Promise<string[]> => (await new SiteFolder(site).history()).map(({ what }) => what);

let tracked: SmallSite;

beforeAll(async () => {
  tracked = await smallSite();
  await label(tracked.site);
  await track(tracked.site);
});
afterAll(() => rm(tracked.root, { recursive: true }));
beforeEach(async () => {
  made = await smallSite();
  ({ site } = made);
});
afterEach(() => rm(made.root, { recursive: true }));

/** The site becomes one whose passages are labelled and tracked. */
async function alreadyTracked(): Promise<void> {
  await rm(site, { recursive: true });
  await cp(tracked.site, site, { recursive: true });
}

const changed = async (change: object): Promise<void> =>
  writeFile(at("site.json"), JSON.stringify({ ...(await siteJson()), ...change }));

/** Of the label of a frame. */
const file = (frame: number): string => `${String(frame).padStart(5, "0")}.png`;

describe("init", () => {
  it("finds the clips by camera, with a name each, and copies nothing", async () => {
    const { footage, format, model } = await siteJson();
    expect([format, model]).toEqual([1, 0]);
    expect(footage.map(({ key, camera, frames }: Record<string, unknown>) => [key, camera, frames])).toEqual([
      ["clip", "camera b", FRAMES],
      ["部品 <2>", "camera b", FRAMES],
      ["カメラ A-clip", "カメラ A", FRAMES],
    ]);
    expect((await readdir(site)).sort()).toEqual(["history.jsonl", "models", "site.json"]);
    expect(JSON.parse(await readFile(at("models/0000-default/model.json"), "utf8"))).toMatchObject({
      number: 0,
      weights: null,
      accepted: true,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
  });

  it("again: keeps names, adds footage, changes targets and prices", async () => {
    const more = await tasks.site.run({
      step: "init",
      folder: site,
      targets: ["iou=0.6"],
      prices: { maskSec: 20 },
      objects: { 1: "歯車" },
    });
    expect(more).toMatchObject({ existed: true, changedAfterResults: false });
    const { targets, prices, objects, footage } = await siteJson();
    expect(targets.map(({ value }: { value: number }) => value)).toEqual([0.5, 0.6]);
    expect(prices).toMatchObject({ maskSec: 20, correctionSec: 30 });
    expect(objects).toEqual({ 1: "歯車" });
    expect(footage).toHaveLength(3);
    expect(await history()).toEqual(["init", "changed"]);
  });

  it("the seed is kept, and one that is given too late is told", async () => {
    const warnings: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warnings.push(line) };
    await tasks.site.run({ step: "init", folder: site, seed: 1 }, { logger });
    await tasks.site.run({ step: "init", folder: site, seed: 2 }, { logger });
    expect((await siteJson()).seed).toBe(1);
    expect(warnings).toEqual(["the seed stays 1: it is chosen when the site is made"]);
  });

  it.each([{ 0: "ground" }, { 255: "void" }, { gear: "" }, { 1: "" }])(
    "%o is no name of an object",
    async (objects) => {
      const task = { step: "init" as const, folder: site, objects };
      await expect(tasks.site.run(task)).rejects.toMatchObject({
        code: "task/invalid",
        message: expect.stringMatching(/objects\..*: expected (?:the value of an object in masks, 1 to 254|a name)$/u),
      });
    },
  );

  it("without footage says that it is needed", async () => {
    const task = { step: "init" as const, folder: join(made.root, "new") };
    await expect(tasks.site.run(task)).rejects.toThrow(/a new site needs footage: .*; name it with --footage$/u);
  });

  it("what cannot be read is left out and named", async () => {
    await writeFile(join(made.footage, "camera b", "broken.mp4"), "no video");
    const outcome = await tasks.site.run({ step: "init", folder: site, footage: [made.footage] });
    expect(outcome).toMatchObject({ refused: [{ path: expect.stringContaining("broken.mp4") }] });
    expect((await siteJson()).footage).toHaveLength(3);
  });

  it.each([
    ["a folder without clips", { footage: ["EMPTY"] }, "training/no-clips"],
    ["nothing that can be read", { footage: ["BROKEN"] }, "site/footage"],
    ["no footage at all", { footage: [] }, "site/footage"],
    ["a target above 1", { footage: ["CLIPS"], targets: ["iou=80"] }, "site/target"],
    ["an unknown metric", { footage: ["CLIPS"], targets: ["accuracy=0.8"] }, "site/target"],
  ])("%s: an error, and no folder is made", async (_, { footage, ...more }, code) => {
    const [empty, broken] = [join(made.root, "empty"), join(made.root, "broken")];
    await mkdir(empty);
    await mkdir(broken);
    await writeFile(join(broken, "a.mp4"), "x");
    const places: Record<string, string> = { EMPTY: empty, BROKEN: broken, CLIPS: made.footage };
    const folder = join(made.root, "new");
    const task = { step: "init" as const, folder, footage: footage.map((name) => places[name]), ...more };
    await expect(tasks.site.run(task)).rejects.toMatchObject({ code });
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });
});

describe("site.json", () => {
  it("of a newer version is refused, whatever else is in it", async () => {
    await changed({ format: 2, wonders: true });
    await expect(plan(site)).rejects.toMatchObject({ code: "site/newer" });
  });

  it.each([
    ["an unknown key", { targest: [] }, /targest/u],
    [
      "a target above 1",
      { targets: [{ metric: "iou", value: 3, set: "2026-11-30T10:00:00.000Z", afterResults: false }] },
      /targets\[0\]\.value/u,
    ],
    ["no clips", { footage: [] }, /footage/u],
  ])("with %s is refused", async (_, change, says) => {
    await changed(change);
    await expect(plan(site)).rejects.toThrow(says);
  });

  it("a folder without one is no site", async () => {
    const task = { step: "report" as const, folder: join(made.root, "nowhere") };
    await expect(tasks.site.run(task)).rejects.toMatchObject({ code: "site/missing" });
  });
});

describe("plan", () => {
  it("lists frames in order, with pictures to draw on and where their labels go", async () => {
    const { frames, passages, available } = await plan(site);
    expect([passages, available]).toEqual([3, 3]);
    expect(frames.map(({ order }) => order)).toEqual(frames.map((_, i) => i + 1));
    expect(frames[0]).toMatchObject({ role: "start", frame: 0, labelled: false });
    for (const { picture, label: path, clip } of frames) {
      expect(path).toMatch(new RegExp(`^labels/${clip}/\\d{5}\\.png$`, "u"));
      await stat(at(picture));
    }
    const page = await readFile(at("plan/plan.html"), "utf8");
    expect(page).toContain("部品 &lt;2&gt;, frame 0");
    expect(page).toContain(`src="frames/${encodeURIComponent("部品 <2>")}/00000.png"`);
  });

  it("again: the same frames, those with labels marked, and clips are not looked at twice", async () => {
    const first = await plan(site);
    const [{ label: path, frame }] = first.frames;
    await writeMaskPng(at(path), truthOf(frame));
    const looks = await Promise.all((await readdir(at("plan/looks"))).map((name) => stat(at("plan/looks", name))));
    const second = await plan(site);
    expect(second.frames.map((one) => [one.clip, one.frame, one.role])).toEqual(
      first.frames.map((one) => [one.clip, one.frame, one.role]),
    );
    expect(second.frames.map(({ labelled }) => labelled)).toEqual(first.frames.map((_, i) => i === 0));
    expect(second.labelSec).toBeLessThan(first.labelSec);
    expect(second.objectsPerFrame).toBe(1);
    const after = await Promise.all((await readdir(at("plan/looks"))).map((name) => stat(at("plan/looks", name))));
    expect(after.map(({ mtimeMs }) => mtimeMs)).toEqual(looks.map(({ mtimeMs }) => mtimeMs));
  });

  it("again without a word: what was asked for before still counts", async () => {
    const first = await plan(site, { passageSec: 0.1, passages: 2, tuning: 1, reach: 0.2 });
    expect(first).toMatchObject({ passages: 2, asked: { passageSec: 0.1, passages: 2, tuning: 1, reach: 0.2 } });
    expect(first.available).toBeGreaterThan(3);
    const again = await tasks.site.run({ step: "plan", folder: site });
    expect(again).toMatchObject({ plan: { passages: 2, asked: first.asked, frames: first.frames } });
    const grown = await tasks.site.run({ step: "plan", folder: site, passages: 4 });
    if (grown.step !== "plan") throw new Error(grown.step);
    expect(grown.plan).toMatchObject({ passages: 4, perPassage: first.perPassage, asked: { passageSec: 0.1 } });
    expect(grown.plan.frames.slice(0, first.frames.length)).toEqual(first.frames);
  });

  it("stopped in the middle, it resumes to the same plan", async () => {
    const whole = await plan(site);
    await rm(at("plan"), { recursive: true });
    await rm(at("labels"), { recursive: true });
    const stopping = new AbortController();
    const logger = {
      ...silent,
      progress: (line: string) => /picture 3/u.test(line) && stopping.abort(new Interrupted("stop")),
    };
    const task = { step: "plan" as const, folder: site, tuning: 2 };
    await expect(tasks.site.run(task, { logger, signal: stopping.signal })).rejects.toThrow("stop");
    expect((await readdir(at("plan"))).sort()).toEqual(["frames", "looks"]);
    expect((await plan(site)).frames).toEqual(whole.frames);
  });

  it("what is planned counts as footage, whatever the length of passages is now", async () => {
    const first = await plan(site);
    const again = await plan(site, { passageSec: 0.1 });
    expect([again.passages, again.available]).toEqual([first.passages, first.passages]);
    await rename(join(made.footage, "カメラ A"), join(made.root, "elsewhere"));
    expect(await plan(site)).toMatchObject({ passages: 3, available: 3 });
  });

  it("a clip that is gone is left out with a word; when all are, that is an error", async () => {
    const warnings: string[] = [];
    await rename(join(made.footage, "カメラ A"), join(made.root, "elsewhere"));
    const logger = { ...silent, warn: (line: string) => void warnings.push(line) };
    const outcome = await tasks.site.run({ step: "plan", folder: site }, { logger });
    expect(outcome).toMatchObject({ plan: { passages: 2 } });
    expect(warnings.join()).toContain("is gone: left out");
    await rm(made.footage, { recursive: true });
    await expect(plan(site)).rejects.toMatchObject({ code: "site/footage" });
  });
});

describe("track", () => {
  it("before a plan, and before any label, says what to do", async () => {
    const task = { step: "report" as const, folder: site };
    for (const step of [track(site), tasks.site.run(task)])
      await expect(step).rejects.toMatchObject({
        code: "site/no-plan",
        message: expect.stringContaining(`run tsumugi site plan '${site}'`),
      });
    await plan(site);
    await expect(track(site)).rejects.toMatchObject({ code: "site/no-labels" });
    await label(site, ({ role }) => role === "verdict");
    await expect(track(site)).rejects.toMatchObject({ code: "site/no-labels" });
  });

  it("labels of no clip are told", async () => {
    await label(site);
    await cp(at("labels", "clip"), at("labels", "Clip 2"), { recursive: true });
    const warnings: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warnings.push(line) };
    await tasks.site.run({ step: "report", folder: site }, { logger });
    expect(warnings).toEqual([`left out labels of no clip of the site: ${at("labels", "Clip 2")}`]);
  });

  it("tracks each passage with all that is compared, once; the verdict's labels are never given", async () => {
    await alreadyTracked();
    expect((await readdir(at("runs"))).sort()).toEqual(["0000-default", "untrained"]);
    expect((await readdir(at("runs/0000-default"))).sort()).toEqual(["0", "1"]);
    const split = JSON.parse(await readFile(at("labels/split.json"), "utf8"));
    for (const { key, verdict } of split.passages)
      for (const corrections of ["0", "1"]) {
        const given = await readdir(at("runs/0000-default", corrections, key, "given")).catch(() => []);
        expect(given.map((name) => Number.parseInt(name, 10)).some((frame) => verdict.includes(frame))).toBe(false);
      }
    expect(await track(site)).toMatchObject({ tracked: 0, kept: 8 });
  });

  it("a label that changed is tracked again, the others are kept", async () => {
    await alreadyTracked();
    await writeMaskPng(at("labels/clip/00000.png"), truthOf(0, 2));
    expect(await track(site, 0)).toMatchObject({ tracked: 2, kept: 4 });
    const mask = await readMaskPng(at("runs/0000-default/0/clip@00000/masks/00003.png"));
    expect(new Set(mask.data)).toEqual(new Set([0, 2]));
  });

  it("stopped in the middle of a clip, it resumes to the same masks", async () => {
    await label(site);
    const stopping = new AbortController();
    const logger = {
      ...silent,
      progress: (line: string) => /tracking 3/u.test(line) && stopping.abort(new Interrupted("stop")),
    };
    const task = { step: "track" as const, folder: site, corrections: 0 };
    await expect(tasks.site.run(task, { logger, machine, signal: stopping.signal })).rejects.toThrow("stop");
    await track(site, 0);
    const mask = "runs/0000-default/0/clip@00000/masks/00005.png";
    expect(await readMaskPng(at(mask))).toEqual(await readMaskPng(join(tracked.site, mask)));
  });

  it.each([
    ["of another size", "00000.png", { width: 24, height: 24, data: new Uint8Array(24 * 24).fill(1, 0, 90) }, "24x24"],
    ["of a frame that the clip does not have", "00099.png", truthOf(0), '"00099"'],
  ])("a label %s stops it before anything is tracked, naming the file", async (_, name, mask, says) => {
    await label(site);
    await writeMaskPng(at("labels/clip", name), mask);
    await expect(track(site)).rejects.toMatchObject({ code: "site/label", message: expect.stringContaining(says) });
    await expect(stat(at("runs"))).rejects.toThrow("ENOENT");
  });

  it("an empty first mask: the passage starts from the next label that shows something", async () => {
    await label(site);
    await writeMaskPng(at("labels/clip/00000.png"), { ...truthOf(0), data: new Uint8Array(48 * 48) });
    const empty = await track(site, 0);
    const run = JSON.parse(await readFile(at("runs/0000-default/0/clip@00000/run.json"), "utf8").catch(() => "null"));
    const split = JSON.parse(await readFile(at("labels/split.json"), "utf8"));
    const { tuning } = split.passages.find(({ clip }: { clip: string }) => clip === "clip");
    if (tuning.length === 0) expect(empty.passages).toBe(2);
    else expect(run.identity.labels[0].frame).toBe(tuning[0]);
  });

  it("a clip that vanishes after it was labelled: the others are tracked, and the report names it", async () => {
    await label(site);
    await rm(join(made.footage, "カメラ A"), { recursive: true });
    expect(await track(site, 0)).toMatchObject({ passages: 2, failed: [] });
    const { report: data, page } = await report(site);
    expect(data.footage.gone).toEqual(["カメラ A-clip"]);
    expect(await readFile(page, "utf8")).toContain("カメラ A-clip");
  });
});

describe("two processes in one site", () => {
  it.each(["plan", "track", "report", "init"] as const)(
    "%s waits for nobody: it is told who works there",
    async (step) => {
      await plan(site);
      await using _ = await FileLock.acquire(at("site.lock"), site);
      await expect(tasks.site.run({ step, folder: site })).rejects.toMatchObject({ code: "lock/busy" });
    },
  );

  it("the lock of one that was killed is no obstacle, and what it left half-written goes", async () => {
    await writeFile(at("site.lock"), `999999999 ${(await import("node:os")).hostname()}\n`);
    await writeFile(at("site.json.999999999.part"), "{");
    await plan(site);
    expect(await readdir(site)).not.toContain("site.json.999999999.part");
  });
});

describe("report", () => {
  it("without labels says what can be said", async () => {
    await plan(site);
    const { report: data, page } = await report(site);
    expect(data).toMatchObject({ decision: "not-enough", metrics: [], labour: null, confidence: null });
    const html = await readFile(page, "utf8");
    expect(html).toContain("Verdict: not enough evidence");
    expect(html).toContain("nothing has been measured yet");
    expect(html).not.toContain("If the mean stays where it is");
    expect(html).toContain("The footage has only 3 passages: that takes more recordings too.");
    expect(html).toContain("run tsumugi site track");
  });

  it("with a few clips: numbers, but no verdict; a frame that was copied is worse", async () => {
    await alreadyTracked();
    const { report: data, page } = await report(site);
    expect(data).toMatchObject({ decision: "not-enough", verdicts: [{ why: "too-few", passagesNeeded: 20 }] });
    const [{ methods, cameras, passages }] = data.metrics;
    expect(methods.map(({ method, corrections }) => [method, corrections])).toEqual([
      ["copy-first", 0],
      ["untrained", 0],
      ["model", 0],
      ["model", 1],
    ]);
    const [copy, , model] = methods;
    expect(model.score.mean).toBeGreaterThan(0.7);
    expect(copy.score.mean).toBeLessThan(model.score.mean);
    expect(copy.difference?.mean).toBeCloseTo(copy.score.mean - model.score.mean, 9);
    expect(cameras.map(({ name }) => name).toSorted()).toEqual(["camera b", "カメラ A"]);
    expect(passages).toBe(3);
    expect(data.labour).toMatchObject({ frames: 3 * FRAMES, passages: 3, objectsPerFrame: 1, objectsMeasured: true });
    const html = await readFile(page, "utf8");
    expect(html).toContain("needs at least 20");
    expect(html).toContain("カメラ A");
    expect((await readdir(at("report/pictures"))).length).toBeGreaterThan(2);
  });

  it("one clip alone: the interval is everything", async () => {
    await alreadyTracked();
    for (const other of ["部品 <2>", "カメラ A-clip"]) await rm(at("labels", other), { recursive: true });
    const { report: data } = await report(site);
    expect(data.verdicts[0].score).toMatchObject({ clusters: 1, low: 0, high: 1 });
    expect(data.decision).toBe("not-enough");
  });

  it("a target that is changed after results were seen is marked, with its date and what it was", async () => {
    await alreadyTracked();
    await report(site);
    const outcome = await tasks.site.run({ step: "init", folder: site, targets: ["iou=0.4"] });
    expect(outcome).toMatchObject({ changedAfterResults: true });
    const { report: data, page } = await report(site);
    expect(data.verdicts).toMatchObject([{ target: 0.4, afterResults: true, before: [{ value: 0.5 }] }]);
    expect(await readFile(page, "utf8")).toMatch(
      /Changed on \d{4}-\d\d-\d\d, after results had been seen \(before: 0\.5/u,
    );
  });

  it("frames that were passed over and frames that were not measured are told", async () => {
    await alreadyTracked();
    const { passages } = JSON.parse(await readFile(at("labels/split.json"), "utf8"));
    const [first, second] = passages;
    for (const frame of first.verdict) await rm(at("labels", first.clip, file(frame)));
    for (const frame of [second.start, ...second.tuning]) await rm(at("labels", second.clip, file(frame)));
    const { report: data, page } = await report(site);
    expect(data.labels).toMatchObject({ skipped: first.verdict.length, unmeasured: second.verdict.length });
    const html = await readFile(page, "utf8");
    expect(html).toContain(`${first.verdict.length} verdict frames that come earlier in the plan have no label`);
    expect(html).toContain(`${second.verdict.length} labelled verdict frames are not measured`);
  });

  it("a target that was changed in site.json by hand is told", async () => {
    await alreadyTracked();
    expect((await report(site)).report.targetsEdited).toBe(false);
    const [target] = (await siteJson()).targets;
    await changed({ targets: [{ ...target, value: 0.1 }] });
    const { report: data, page } = await report(site);
    expect(data.targetsEdited).toBe(true);
    expect(await readFile(page, "utf8")).toContain("were changed by hand");
  });

  it("looks are counted by their labels, not by how often they are printed", async () => {
    await alreadyTracked();
    await report(site);
    expect((await report(site, "ja")).report.provenance.looks).toBe(0);
    await rm(at("labels", "部品 <2>"), { recursive: true });
    expect((await report(site)).report.provenance.looks).toBe(1);
  });

  it("without a target there is no verdict, and it says how to set one", async () => {
    const other = join(made.root, "no target");
    await tasks.site.run({ step: "init", folder: other, footage: [made.footage] });
    await plan(other);
    const { report: data, page } = await report(other);
    expect(data.decision).toBeNull();
    expect(await readFile(page, "utf8")).toContain("No verdict: no target is set");
  });
});

describe("check", () => {
  it("is the footage check of all clips, which the report sums up", async () => {
    await tasks.site.run({ step: "check", folder: site }, { machine });
    await plan(site);
    expect(await readdir(at("check"))).toEqual(expect.arrayContaining(["check.html", "check.json"]));
    const { report: data, page } = await report(site);
    const { good, usable, poor, unreadable } = data.check ?? { good: 0, usable: 0, poor: 0, unreadable: 0 };
    expect([good + usable + poor, unreadable]).toEqual([3, 0]);
    const html = await readFile(page, "utf8");
    expect(html).toContain(`Footage check: ${good} clips are good, ${usable} usable, ${poor} poor`);
    const [finding] = data.check?.findings ?? [];
    expect(finding.said).not.toBe("");
    expect(html).toContain(escaped(finding.said));
    const { page: japanese } = await report(site, "ja");
    expect(await readFile(japanese, "utf8")).not.toContain(escaped(finding.said));
  });
});

it("every step notes itself in the history, and writes its result where --json says", async () => {
  await alreadyTracked();
  const json = join(made.root, "report.json");
  await tasks.site.run({ step: "report", folder: site, json });
  expect(await history()).toEqual(["init", "plan", "track", "report"]);
  expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({ step: "report", report: { format: 1 } });
});
