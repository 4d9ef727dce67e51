/** Learning on a site's own footage, on clips so small that it takes seconds; what stops it, and what it makes of that. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { Random } from "../../src/core/random.ts";
import { silent } from "../../src/core/log.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { KeptScores } from "../../src/site/adapt/adaptFile.ts";
import { addModel, readModels, weightsPath, weightsState } from "../../src/site/models.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { readMetrics } from "../../src/training/runFiles.ts";
import { halfWritten, isThere, tsumugi } from "../cli/cli.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { label, machine, siteOfClips, track } from "./smallSite.ts";

/** As little as can be learned. */
const config = { size: 32, pairs: 1, steps: 2, pseudoMotion: { queries: 8, anchors: 0, projector: 8, gaps: [0, 2] } };
const SETTINGS = Object.entries({ ...config, pseudoMotion: undefined })
  .filter(([, value]) => value !== undefined)
  .flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`])
  .concat(["--set", `pseudoMotion=${JSON.stringify(config.pseudoMotion)}`]);

let base: string;
let root: string;
let folder: SiteFolder;
const adapt = async (more: object = {}, context: object = {}) => {
  const cache = join(root, "cache");
  const task = { step: "adapt" as const, folder: folder.root, minutes: 1, config, cache, ...more };
  const outcome = await tasks.site.run(task, { machine, ...context });
  if (outcome.step !== "adapt") throw new Error(outcome.step);
  return outcome;
};

beforeAll(async () => {
  base = await temporaryFolder();
  await siteOfClips(base, ["one", "部品 2", "three"], 50);
});
afterAll(() => rm(base, { recursive: true }));
beforeEach(async () => {
  root = await temporaryFolder();
  await cp(join(base, "site"), join(root, "site"), { recursive: true });
  folder = new SiteFolder(join(root, "site"));
});
afterEach(() => rm(root, { recursive: true }));

const heard = () => {
  const lines: string[] = [];
  const add = (line: string): void => void lines.push(line);
  return { lines, logger: { ...silent, info: add, warn: add } };
};

/** A context that stops when progress says something. */
const stopAt = (pattern: RegExp, logger = silent) => {
  const stopping = new AbortController();
  const progress = (line: string): void => {
    if (pattern.test(line)) stopping.abort(new Interrupted("stop"));
  };
  return { logger: { ...logger, progress }, signal: stopping.signal };
};

describe("adapting", () => {
  it("learns, judges, and keeps the model with its numbers whether it is better or not", async () => {
    const { lines, logger } = heard();
    // Scores without labels are watched where it is said how often.
    const { model, inUse, learn, aside, replay } = await adapt({ config: { ...config, sampleMinutes: 9 } }, { logger });
    expect(model).toMatchObject({ number: 1, parent: 0, name: expect.stringMatching(/^adapted-\d{4}-\d\d-\d\d$/u) });
    expect(model.reason).toMatch(model.accepted ? /^better by/u : /^(?:not better|one of)/u);
    expect(inUse).toBe(model.accepted ? 1 : 0);
    expect((await folder.read()).model).toBe(inUse);
    expect([learn.length, aside.length, replay.length]).toEqual([3, 6, 0]);
    expect(model.scores).toMatchObject({ stretches: 3, trials: expect.any(Number), share: expect.any(Number) });
    expect(model.config).toMatchObject({ steps: 2, size: 32, learningRate: 1e-4, share: model.scores["share"] });
    expect(await readdir(folder.at("models"))).toEqual(["0000-default", `0001-${model.name}`]);
    expect(await weightsState(folder, model)).toBe("whole");
    const rows = await readMetrics(folder.at("models", `0001-${model.name}`));
    expect(rows.map(({ step, score }) => [step, score !== undefined && score > 0 && score <= 1])).toEqual([
      [1, true],
      [2, true],
    ]);
    const [mine, theirs] = await Promise.all(
      [weightsPath(folder, model), DEFAULT_WEIGHTS].map((p) => readEncoderWeights(p)),
    );
    expect(mine.variant).toBe(theirs.variant);
    const [event] = (await folder.history()).filter(({ what }) => what === "adapt");
    expect(event).toMatchObject({ model: 1, parent: 0, accepted: model.accepted, reason: model.reason });
    expect(lines.join("\n")).toContain("the footage was not checked");
    expect(lines.join("\n")).toContain("no other clips to replay");
  });

  it("with tuning labels and other clips: both count; masks of verdict frames are not even opened", async () => {
    await tasks.site.run({ step: "plan", folder: folder.root, tuning: 2 });
    await label(folder.root, ({ role }) => role !== "verdict");
    const { passages } = JSON.parse(await readFile(folder.at("labels/split.json"), "utf8"));
    for (const { clip, verdict } of passages)
      for (const frame of verdict)
        await writeFile(folder.at("labels", clip, `${String(frame).padStart(5, "0")}.png`), "this is no mask");
    // Whoever measures by them finds out.
    await expect(track(folder.root)).rejects.toMatchObject({ message: expect.stringContaining(".png") });
    const old = await makeImageFolder(root, "old", 40);
    await expect(adapt({ replay: [old] }, stopAt(/^learning: step 1/u))).rejects.toThrow("stop");
    expect(JSON.parse(await readFile(folder.at("models/next/adapt.json"), "utf8"))).toMatchObject({
      replay: [{ path: old, start: 0 }],
      trainMinutes: expect.any(Number),
    });
    const kept = Object.values<object>(JSON.parse(await readFile(folder.at("models/next/scores.json"), "utf8")));
    const measured = kept.flatMap((one) => Object.keys(one)).filter((key) => key.includes("@"));
    const tuning = passages.flatMap(({ key, tuning }: { key: string; tuning: number[] }) =>
      tuning.map((frame) => [key, frame].join(" ")),
    );
    // KEY SHA FRAME SHA; keys may have spaces.
    expect(measured.map((key) => key.replace(/ [0-9a-f]{64}/gu, "")).toSorted()).toEqual(tuning.toSorted());
  });

  it("clips that the check refused are left out, with a word; all of them refused is an error", async () => {
    await tasks.site.run({ step: "check", folder: folder.root }, { machine });
    const path = folder.at("check/check.json");
    const check = JSON.parse(await readFile(path, "utf8"));
    const judged = (verdicts: readonly string[]): Promise<void> =>
      writeFile(
        path,
        JSON.stringify({
          ...check,
          clips: check.clips.map((one: object, i: number) => ({ ...one, verdict: verdicts[i] })),
        }),
      );
    await judged(["poor", "poor", "poor"]);
    await expect(adapt()).rejects.toMatchObject({ code: "site/refused" });
    await judged(["good", "poor", "usable"]);
    const { lines, logger } = heard();
    await expect(adapt({}, stopAt(/model in use, 1 of/u, logger))).rejects.toThrow("stop");
    const begun = async () => JSON.parse(await readFile(folder.at("models/next/adapt.json"), "utf8"));
    expect(await begun()).toMatchObject({ learn: [{}, {}], leftOut: [{ why: expect.any(String) }] });
    expect(lines.join("\n")).toMatch(/is left out, the check refused it: /u);
    await expect(adapt({ includePoor: true, anew: true }, stopAt(/model in use, 1 of/u))).rejects.toThrow("stop");
    expect(await begun()).toMatchObject({ learn: [{}, {}, {}], leftOut: [] });
  });

  it("too little footage is an error, and nothing is begun", async () => {
    const short = await makeImageFolder(join(root, "short"), "clip", 20);
    const site = join(root, "short site");
    await tasks.site.run({ step: "init", folder: site, footage: [short] });
    await expect(adapt({ folder: site })).rejects.toMatchObject({ code: "site/too-little" });
    expect(await readdir(join(site, "models"))).toEqual(["0000-default"]);
  });

  it("a wrong key of the configuration is named, and the next try may have another one", async () => {
    await expect(adapt({ config: { learningRat: 1 } })).rejects.toMatchObject({
      code: "training/config",
      message: expect.stringContaining("learningRate"),
    });
    expect(await readdir(folder.at("models"))).toEqual(["0000-default"]);
  });
});

describe("stopped", () => {
  it("while it compares: what was measured is not measured again", async () => {
    await expect(adapt({}, stopAt(/model in use, 4 of/u))).rejects.toThrow("stop");
    const kept = JSON.parse(await readFile(folder.at("models/next/scores.json"), "utf8"));
    const [[id, first]] = Object.entries<Record<string, number>>(kept);
    expect(Object.keys(first)).toHaveLength(3);
    await writeFile(folder.at("models/next/scores.json"), JSON.stringify({ [id]: { ...first, "made 1": -9 } }));
    await expect(adapt({}, stopAt(/model in use, 5 of/u))).rejects.toThrow("stop");
    const after = JSON.parse(await readFile(folder.at("models/next/scores.json"), "utf8"));
    expect(after[id]).toMatchObject({ ...first, "made 1": -9 });
  });

  it("begun from a model that is no longer used: it is thrown away, and begun from the one that is", async () => {
    const given = { number: 1, name: "other", parent: 0, config: {}, scores: {}, accepted: true, reason: "r" };
    await addModel(folder, given, DEFAULT_WEIGHTS);
    const use = (number: number) => tasks.site.run({ step: "models", folder: folder.root, action: "use", number });
    await use(1);
    await expect(adapt({}, stopAt(/model in use, 2 of/u))).rejects.toThrow("stop");
    await use(0);
    const { lines, logger } = heard();
    await expect(adapt({}, stopAt(/model in use, 2 of/u, logger))).rejects.toThrow("stop");
    expect(JSON.parse(await readFile(folder.at("models/next/adapt.json"), "utf8"))).toMatchObject({
      number: 2,
      parent: 0,
    });
    expect(lines.join("\n")).toContain("it learned from model 1, and model 0 is used by now");
  });

  it("other minutes than it was begun with are told, and --anew begins anew", async () => {
    await expect(adapt({}, stopAt(/model in use, 2 of/u))).rejects.toThrow("stop");
    const { lines, logger } = heard();
    await expect(adapt({ minutes: 3 }, stopAt(/model in use, 2 of/u, logger))).rejects.toThrow("stop");
    await expect(adapt({ minutes: 3, anew: true }, stopAt(/model in use, 2 of/u, logger))).rejects.toThrow("stop");
    expect(lines.join("\n")).toMatch(/it goes on with 1 minutes.*\n.*thrown away: as asked/u);
    expect(JSON.parse(await readFile(folder.at("models/next/adapt.json"), "utf8"))).toMatchObject({ minutes: 3 });
  });

  it("after the model was added, before it was used: the rest is done, and nothing is learned again", async () => {
    await expect(adapt({}, stopAt(/model in use, 2 of/u))).rejects.toThrow("stop");
    const given = {
      number: 1,
      name: "adapted",
      parent: 0,
      config: {},
      scores: { gain: 0.1 },
      accepted: true,
      reason: "r",
    };
    await addModel(folder, given, DEFAULT_WEIGHTS);
    const { model, inUse } = await adapt();
    expect([model.number, inUse]).toEqual([1, 1]);
    expect((await folder.history()).map(({ what }) => what).slice(-2)).toEqual(["adapt", "model"]);
    expect(await isThere(folder.at("models/next"))).toBe(false);
  });
});

const fail = (): Promise<number> => Promise.reject(new Error("measured again"));

it("scores are kept as they come, also those that are no number", async () => {
  const kept = await KeptScores.open(folder, "models", "scores.json");
  expect(await kept.of("a", "x", async () => 0.5)).toBe(0.5);
  expect(await kept.of("a", "y", async () => Number.NaN)).toBeNaN();
  const again = await KeptScores.open(folder, "models", "scores.json");
  expect([await again.of("a", "x", fail), await again.of("a", "y", fail)]).toEqual([0.5, Number.NaN]);
  await expect(again.of("b", "x", fail)).rejects.toThrow("measured again");
});

it("killed at random moments, the same command goes on until the model is there", async () => {
  const random = new Random(2);
  const args = [
    "site",
    "adapt",
    folder.root,
    "--minutes",
    "1",
    "--threads",
    "1",
    "--cache",
    join(root, "cache"),
    ...SETTINGS,
  ];
  for (let kill = 0; kill < 2; kill++) {
    let isLater = false;
    const begin = async (): Promise<boolean> => {
      if (!(await isThere(folder.at("models/next/adapt.json")))) return false;
      if (!isLater) await setTimeout(random.uniform(0, 2500));
      return (isLater = true);
    };
    await tsumugi(args, begin, "SIGKILL");
    for (const model of await readModels(folder)) expect(await weightsState(folder, model)).toBe("whole");
    expect((await readModels(folder)).map(({ number }) => number)).toContain((await folder.read()).model);
  }
  const ended = await tsumugi(args);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out).toMatch(/^000\d-adapted-\S+ (?:accepted|refused): /u);
  expect(await halfWritten(folder.root)).toEqual([]);
  expect(await isThere(folder.at("models/next"))).toBe(false);
}, 120_000);
