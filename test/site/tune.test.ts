/** Tuning a site's settings, on clips so small that it takes seconds. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { label, machine, siteOfClips, truthOf } from "./smallSite.ts";

let base: string;
let tuned: Awaited<ReturnType<typeof tune>>;
const lines: string[] = [];
let root: string;
let folder: SiteFolder;
const tune = async (more: object = {}, context: object = {}) => {
  const task = { step: "tune" as const, folder: folder.root, minutes: 0.01, ...more };
  const outcome = await tasks.site.run(task, { machine, ...context });
  if (outcome.step !== "tune") throw new Error(outcome.step);
  return outcome;
};
/** A context that stops when progress says something. */
const stopAt = (pattern: RegExp) => {
  const stopping = new AbortController();
  const progress = (line: string): void => {
    if (pattern.test(line)) stopping.abort(new Interrupted("stop"));
  };
  return { logger: { ...silent, progress }, signal: stopping.signal };
};

beforeAll(async () => {
  base = await temporaryFolder();
  folder = new SiteFolder(await siteOfClips(base, ["one", "部品 2"], 20));
  tuned = await tune({}, { logger: { ...silent, info: (line: string) => void lines.push(line) } });
});
afterAll(() => rm(base, { recursive: true }));
beforeEach(async () => {
  root = await temporaryFolder();
  await cp(join(base, "site"), join(root, "site"), { recursive: true });
  folder = new SiteFolder(join(root, "site"));
});
afterEach(() => rm(root, { recursive: true }));

it("tries as many settings as there is time for, and draws speed against score", async () => {
  const { preset, tried, by, reason, picture } = tuned;
  expect(by).toBe("made clips");
  expect(lines.join()).toMatch(/there is time for 3 settings of \d+; all take about/u);
  // Four stretches: two to choose by, two to judge by.
  expect(tried.map(({ tests }) => tests)).toEqual([4, 4, 4, 4]);
  expect(tried[0]).toMatchObject({ name: "usual", settings: {} });
  for (const { framesPerSecond, score } of tried) {
    expect(framesPerSecond).toBeGreaterThan(0);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  }
  expect(reason).not.toBe("");
  expect((await readdir(folder.at("tune"))).sort()).toEqual([
    "scores.json",
    "tradeoff.png",
    "tradeoff.svg",
    "tune.json",
  ]);
  expect(await readFile(picture ?? "", "utf8")).toContain("usual");
  expect((await folder.read()).preset).toEqual(preset);
  expect((await folder.history()).at(-1)).toMatchObject({ what: "tune", preset: preset?.name ?? null, by });
});

it("a speed that the usual settings do not reach: a preset that does, with which clips are tracked", async () => {
  // What was measured is kept: with other speeds in the file, the usual settings, which come first, are too slow.
  const path = folder.at("tune/scores.json");
  const kept = Object.entries<Record<string, number>>(JSON.parse(await readFile(path, "utf8")));
  const slowed = kept.map(([id, scores], i) => [
    id,
    Object.fromEntries(
      Object.entries(scores).map(([key, value]) => [key, key.endsWith("frames/s") ? (i === 0 ? 1 : 100) : value]),
    ),
  ]);
  await writeFile(path, JSON.stringify(Object.fromEntries(slowed)));
  const { preset, reason } = await tune({ fps: 50 });
  expect(preset?.name).toBe("tuned-2");
  expect(reason).toMatch(/^the best of those that are fast enough/u);
  await tasks.site.run({ step: "plan", folder: folder.root, tuning: 0 });
  await label(folder.root, ({ clip }) => clip === "one");
  const track = { step: "track" as const, folder: folder.root, corrections: 0 };
  await tasks.site.run(track, { machine });
  expect((await readdir(folder.at("runs"))).sort()).toEqual(["0000-default", "0000-default+tuned-2", "untrained"]);
  const outcome = await tasks.site.run({ step: "report", folder: folder.root });
  if (outcome.step !== "report") throw new Error(outcome.step);
  expect(outcome.report.metrics[0].methods.map(({ method }) => method)).toEqual([
    "copy-first",
    "untrained",
    "default",
    "model",
  ]);
  expect(outcome.report.provenance).toMatchObject({ preset: "tuned-2", tracker: preset?.tracker });
  const back = await tune({ usual: true });
  expect(back).toMatchObject({ preset: null, reason: "tuned-2 is no longer used", by: null });
  expect((await folder.read()).preset).toBeNull();
  expect((await tune({ usual: true })).reason).toBe("the usual settings were in use already");
});

it("stopped, what was measured is kept and not measured again", async () => {
  await rm(folder.at("tune"), { recursive: true });
  await expect(tune({}, stopAt(/test 4 of/u))).rejects.toThrow("stop");
  const path = folder.at("tune/scores.json");
  const [[id, kept]] = Object.entries<object>(JSON.parse(await readFile(path, "utf8")));
  expect(Object.keys(kept)).toHaveLength(2 * 3);
  const changed = JSON.stringify({ [id]: Object.fromEntries(Object.keys(kept).map((key) => [key, 0.5])) });
  await writeFile(path, changed);
  await expect(tune({}, stopAt(/test 4 of/u))).rejects.toThrow("stop");
  expect(await readFile(path, "utf8")).toBe(changed);
  expect(await readdir(folder.at("tune"))).toEqual(["scores.json"]);
});

it("with tuning labels in eight passages these are what counts", async () => {
  await tasks.site.run({ step: "plan", folder: folder.root, passageSec: 0.2, passages: 8, reach: 0.4, tuning: 0 });
  const { passages } = JSON.parse(await readFile(folder.at("labels/split.json"), "utf8"));
  expect(passages).toHaveLength(8);
  for (const { clip, start, end, verdict } of passages)
    for (let frame = start; frame < end; frame++) {
      if (verdict.includes(frame)) continue;
      await writeMaskPng(folder.at("labels", clip, `${String(frame).padStart(5, "0")}.png`), truthOf(frame));
    }
  await rm(folder.at("tune"), { recursive: true });
  await expect(tune({}, stopAt(/test 3 of about 8/u))).rejects.toThrow("stop");
  const [kept] = Object.values<object>(JSON.parse(await readFile(folder.at("tune/scores.json"), "utf8")));
  const keys = Object.keys(kept).filter((key) => !key.endsWith("frames/s"));
  expect(keys.map((key) => key.includes("@"))).toEqual([true, true]);
});

it("too little footage to tell settings apart is an error", async () => {
  const short = await makeImageFolder(join(root, "short"), "clip", 12);
  const site = join(root, "short site");
  await tasks.site.run({ step: "init", folder: site, footage: [short] });
  await expect(tune({ folder: site })).rejects.toMatchObject({ code: "site/too-little" });
});
