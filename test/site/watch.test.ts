/** Watching: what arrives is taken in once and whole, it learns when there is reason to, goes back by itself, survives. */
import { appendFileSync, copyFileSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FileLock } from "../../src/core/fileLock.ts";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { Random } from "../../src/core/random.ts";
import { DEFAULT_WEIGHTS } from "../../src/method/node/weightsFile.ts";
import { readAdapt } from "../../src/site/adapt/adaptFile.ts";
import { addModel, readModels, weightsPath, weightsState } from "../../src/site/models.ts";
import { useModel } from "../../src/site/modelUse.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { itemsOf } from "../../src/site/watch/replay.ts";
import { readWatch, type WatchedStretch, type WatchFile, writeWatch } from "../../src/site/watch/watchFile.ts";
import type { RunContext } from "../../src/tasks/task.ts";
import { tasks } from "../../src/tasks/index.ts";
import { type WatchParts, watchSite, type WatchWishes } from "../../src/tasks/site/watchSite.ts";
import { adaptLocked, type AdaptMaterial } from "../../src/tasks/site/adaptSite.ts";
import { scoredAs } from "../../src/tasks/site/trialScores.ts";
import { halfWritten, isThere, tsumugi } from "../cli/cli.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { machine, siteOfClips } from "./smallSite.ts";

/** As little as can be learned. */
const config = { size: 32, pairs: 1, steps: 1, pseudoMotion: { queries: 8, anchors: 0, projector: 8, gaps: [0, 2] } };
const STRETCH = 10;

let base: string;
let root: string;
let folder: SiteFolder;
/** Where recordings arrive. */
let arriving: string;

beforeAll(async () => {
  base = await temporaryFolder();
  await siteOfClips(base, ["one", "two"], 12);
  await makeImageFolder(base, "made", 12);
  // A watch that has begun: nothing has arrived yet.
  await mkdir(join(base, "nothing"));
  await watchSite(join(base, "site"), wishes({ from: [join(base, "nothing")] }), contextOf());
});
afterAll(() => rm(base, { recursive: true }));
beforeEach(async () => {
  root = await temporaryFolder();
  await cp(join(base, "site"), join(root, "site"), { recursive: true });
  folder = new SiteFolder(join(root, "site"));
  arriving = join(root, "録画 in");
  await mkdir(arriving);
});
afterEach(() => rm(root, { recursive: true }));

const wishes = (more: Partial<WatchWishes> = {}): WatchWishes => ({
  from: [arriving],
  every: 0.01,
  once: true,
  settle: 0,
  minutes: 1,
  includePoor: true,
  config,
  ...more,
});
const contextOf = (more: Partial<RunContext> = {}): RunContext => ({
  logger: silent,
  machine,
  signal: new AbortController().signal,
  ...more,
});
const watch = (more: Partial<WatchWishes> = {}, context: Partial<RunContext> = {}, parts: Partial<WatchParts> = {}) =>
  watchSite(folder.root, wishes(more), contextOf(context), { now: () => new Date(), adapt: adaptLocked, ...parts });
const known = async (): Promise<WatchFile> => (await readWatch(folder))!;
const events = async (what: string) => (await folder.history()).filter((event) => event.what === what);

/** Another clip: its pictures differ from those of others with another name. */
const arrive = async (name: string, frames = 12): Promise<string> => {
  const path = join(arriving, name);
  await makeImageFolder(arriving, name, frames, { size: 48 + 4 * name.length });
  return path;
};

describe("recordings", () => {
  it("are taken in once each, with a line in the history, and a copy is not", async () => {
    const first = await arrive("部品 1");
    expect(await watch()).toMatchObject({
      taken: [{ path: first, clip: "部品 1", stretches: 1 }],
      refused: [],
      waiting: [],
    });
    expect((await folder.read()).footage.map(({ key }) => key)).toEqual(["one", "two", "部品 1"]);
    await cp(first, join(arriving, "copy"), { recursive: true });
    const again = await watch({ from: [] });
    expect(again.taken).toEqual([]);
    expect(again.refused).toEqual([{ path: join(arriving, "copy"), why: `it shows the same as ${first}` }]);
    expect(await events("arrived")).toMatchObject([{ state: "taken", path: first }, { state: "refused" }]);
    expect(await watch()).toMatchObject({ taken: [], refused: [] });
    expect(await readdir(folder.at("watch/stretches"))).toEqual(["one@00000", "two@00000", "部品 1@00000"]);
  });

  it("are not taken in while they grow, nor before they were seen twice", async () => {
    const path = await arrive("growing", 10);
    const stopping = new AbortController();
    const [taken, waits]: [string[], string[]] = [[], []];
    let looks = 0;
    const logger = {
      ...silent,
      info: (line: string) => void (line.includes(" is clip ") && taken.push(`look ${looks + 1}`)),
      progress: (line: string): void => {
        if (!line.includes("next look")) return;
        looks++;
        waits.push(/\d+ waiting/u.exec(line)![0]);
        // It grows after the first and the second look, and stays as it is from then on.
        if (looks < 3) copyFileSync(join(path, "00000.png"), join(path, `0001${looks}.png`));
        if (looks === 5) stopping.abort(new Interrupted("stop"));
      },
    };
    await expect(watch({ once: false }, { logger, signal: stopping.signal })).rejects.toThrow("stop");
    // Seen at look 1, larger at 2 and 3, the same at 4.
    expect(taken).toEqual(["look 4"]);
    expect(waits).toEqual(["1 waiting", "1 waiting", "1 waiting", "0 waiting", "0 waiting"]);
  });

  it("that are no video are refused with the reason, and looked at again when they change", async () => {
    const path = join(arriving, "broken.mp4");
    await writeFile(path, "this is no video");
    const { refused } = await watch();
    expect(refused).toMatchObject([{ path, why: expect.stringContaining("broken.mp4") }]);
    expect((await watch()).refused).toEqual([]);
    appendFileSync(path, ", still not");
    expect((await watch()).refused).toHaveLength(1);
    expect((await folder.read()).footage).toHaveLength(2);
  });

  it("that are too short, or that the footage check finds poor, are refused", async () => {
    await arrive("short", 4);
    const dark = await makeImageFolder(arriving, "dark", 12);
    const black = { create: { width: 48, height: 48, channels: 3 as const, background: "black" } };
    for (const name of await readdir(dark)) await sharp(black).png().toFile(join(dark, name));
    const { refused, taken } = await watch({ includePoor: false });
    expect(taken).toEqual([]);
    expect(refused.map(({ why }) => why).toSorted()).toEqual([
      expect.stringMatching(/^the footage check finds it poor: /u),
      "too short to learn from: 4 frames",
    ]);
  });

  it("may be removed later: their stretches stay, and one that comes back is known", async () => {
    const path = await arrive("gone");
    await watch();
    await rename(path, join(root, "elsewhere"));
    expect(await watch()).toMatchObject({ taken: [], refused: [] });
    expect((await known()).recordings).toMatchObject({ [path]: { state: "taken", clip: "gone" } });
    expect(await readdir(folder.at("watch/stretches"))).toContain("gone@00000");
    await rename(join(root, "elsewhere"), path);
    await watch();
    expect((await folder.read()).footage.map(({ key }) => key)).toEqual(["one", "two", "gone"]);
  });

  it("that were moved keep their name; another one under a name that was used is refused", async () => {
    const path = await arrive("a");
    const other = await arrive("other");
    await watch();
    const moved = join(arriving, "later", "a");
    await mkdir(join(arriving, "later"));
    await rename(path, moved);
    await rm(other, { recursive: true });
    await makeImageFolder(arriving, "other", 14);
    const { taken, refused } = await watch();
    expect(taken).toEqual([{ path: moved, clip: "a", stretches: 0 }]);
    expect(refused).toEqual([{ path: other, why: expect.stringMatching(/^another recording had this name before/u) }]);
    expect((await folder.read()).footage.map((clip) => [clip.key, clip.path]).slice(2)).toEqual([
      ["a", moved],
      ["other", other],
    ]);
    // Also when it is looked at again.
    await makeImageFolder(arriving, "other", 15);
    expect((await watch()).refused).toHaveLength(1);
  });

  it("taken in before a crash kept that from being known: the same again, noted once", async () => {
    const path = await arrive("twice");
    await watch({ from: [arriving] });
    const after = await known();
    const crashed = { ...after, recordings: { [path]: { ...after.recordings[path], state: "seen" as const } } };
    await writeWatch(folder, { ...crashed, fresh: { learn: after.buffer, judge: [] } });
    await watch();
    expect((await folder.read()).footage).toHaveLength(3);
    expect(await events("arrived")).toHaveLength(1);
  });
});

describe("one writer", () => {
  it("a second watch of a site is refused, and says who watches", async () => {
    await using _ = await FileLock.acquire(folder.at("watch", "watch.lock"), "watch");
    await expect(watch()).rejects.toMatchObject({
      code: "lock/busy",
      message: expect.stringContaining("this process"),
    });
  });

  it("while another command works in the site, it waits for the next look; a single look says so", async () => {
    await watch();
    await arrive("later");
    const lock = await FileLock.acquire(folder.at("site.lock"), folder.root);
    await expect(watch()).rejects.toMatchObject({ code: "lock/busy" });
    const stopping = new AbortController();
    const warned: string[] = [];
    const logger = {
      ...silent,
      warn: (line: string): void => {
        warned.push(line);
        void lock[Symbol.asyncDispose]();
      },
      info: (line: string): void => {
        if (line.includes("is clip later")) stopping.abort(new Interrupted("stop"));
      },
    };
    await expect(watch({ once: false }, { logger, signal: stopping.signal })).rejects.toThrow("stop");
    expect(warned[0]).toMatch(/is working in .*: waiting for the next look/u);
  });
});

describe("wrong input", () => {
  it.each([
    ["no folder named", { from: [] }, "site/watch-from"],
    ["a folder that is not there", { from: ["/no such folder"] }, "site/watch-from"],
    ["hours that are none", { night: "at night" }, "site/window"],
  ] as const)("%s", async (_, more, code) => {
    await rm(folder.at("watch"), { recursive: true });
    await expect(watch(more)).rejects.toMatchObject({ code });
    expect(await isThere(folder.at("watch", "watch.json"))).toBe(false);
  });

  it("a folder that goes away is waited for, and nothing is forgotten", async () => {
    await arrive("clip");
    await watch();
    const before = (await known()).recordings;
    await rename(arriving, `${arriving} away`);
    expect(await watch({ from: [] })).toMatchObject({ waiting: [{ path: arriving, why: "the folder is not there" }] });
    expect((await known()).recordings).toEqual(before);
    await rename(`${arriving} away`, arriving);
    expect(await watch({ from: [] })).toMatchObject({ taken: [], waiting: [] });
  });

  it("a site or a watch of a newer version", async () => {
    await watch();
    await folder.writeJson(["watch", "watch.json"], { ...(await known()), format: 2 });
    await expect(watch()).rejects.toMatchObject({ code: "site/newer", message: expect.stringContaining("watch.json") });
    await folder.writeJson(["site.json"], { ...(await folder.read()), format: 99 });
    await expect(watch()).rejects.toMatchObject({ code: "site/newer" });
  });
});

/** A watch in which enough has arrived. */
async function enoughArrived(): Promise<WatchFile> {
  await watch();
  const file = await known();
  const stretch = async (i: number, role: WatchedStretch["role"]): Promise<WatchedStretch> => {
    const key = `${role}-${i}`;
    await cp(join(base, "made"), folder.at("watch/stretches", key), { recursive: true });
    return { key, clip: key, frames: STRETCH, role, look: { colour: [i], motion: [i], features: [i] } };
  };
  const all = (count: number, role: WatchedStretch["role"]): Promise<WatchedStretch[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => stretch(i, role)));
  const learn = { reservoir: await all(12, "learn"), diverse: [], offered: 12 };
  const older = { ...file.older, fixed: await all(2, "judge") };
  const next = { ...file, older, fresh: { learn, judge: await all(6, "judge") } };
  await writeWatch(folder, next);
  return next;
}

const hours = (hour: number) => ({ now: () => new Date(2026, 10, 30, hour) });

/** Learning takes long; this one has learned already. */
const learned =
  (accepted: boolean): WatchParts["adapt"] =>
  async (site, wanted, _context, choose) => {
    const material = await choose(await site.read());
    expect(wanted).toMatchObject({ minutes: 1, anew: false });
    const given = { number: 1, name: "watched-2026-11-30", parent: 0, config: {}, scores: {}, accepted, reason: "r" };
    const model = await addModel(site, given, "weights/nano.safetensors");
    if (accepted) await useModel(site, await site.read(), 1, "accepted");
    return { ...material, model, inUse: accepted ? 1 : 0, seconds: 1 };
  };

const stopAt = (pattern: RegExp) => {
  const stopping = new AbortController();
  const progress = (line: string): void => {
    if (pattern.test(line)) stopping.abort(new Interrupted("stop"));
  };
  return { logger: { ...silent, progress }, signal: stopping.signal };
};

describe("learning", () => {
  const night = "22:00-05:00";
  it("waits for the night, and says so", async () => {
    await enoughArrived();
    const { models, why } = await watch({ night }, {}, hours(12));
    expect(models).toEqual([]);
    expect(why).toMatch(/^waits for 22:00-05:00: enough is new: 12 /u);
    expect(await events("watch")).toHaveLength(1);
  });

  it("stopped while it learns, it goes on with what it began", async () => {
    await enoughArrived();
    await expect(watch({ night }, stopAt(/model in use, 2 of 16/u), hours(23))).rejects.toThrow("stop");
    expect((await known()).adapting).toMatchObject({ number: 1, used: expect.arrayContaining(["learn-0", "judge-5"]) });
    const begun = (await readAdapt(folder))!;
    expect([begun.by, begun.learn.length, begun.aside.length, begun.older.length]).toEqual(["watched", 12, 6, 2]);
    // What comes meanwhile is for later.
    await arrive("meanwhile");
    await watch({ night }, {}, hours(12));
    expect(await readAdapt(folder)).toEqual(begun);
    await expect(watch({ night }, stopAt(/model in use, 2 of 16/u), hours(4))).rejects.toThrow("stop");
    expect(await readAdapt(folder)).toEqual(begun);
    expect(await events("watch")).toMatchObject([
      { decision: "begin" },
      { decision: "adapt", number: 1, why: expect.stringMatching(/^enough is new: 12 /u) },
    ]);
  });

  it.each([true, false])(
    "afterwards (accepted: %s) what was new is old, and nothing is learned from it again",
    async (accepted) => {
      await enoughArrived();
      await mkdir(folder.at("watch/stretches/nobody names this"));
      const { models, inUse } = await watch({ night }, {}, { ...hours(23), adapt: learned(accepted) });
      expect([models.length, inUse]).toEqual([1, accepted ? 1 : 0]);
      const after = await known();
      expect([itemsOf(after.fresh.learn), after.fresh.judge, after.adapting]).toEqual([[], [], null]);
      expect(after.probation).toEqual(accepted ? { model: 1, before: 0 } : null);
      expect(itemsOf(after.buffer).map(({ key }) => key)).toEqual(expect.arrayContaining(["learn-0", "learn-11"]));
      expect(await readdir(folder.at("watch/stretches"))).not.toContain("nobody names this");
      expect((await watch()).models).toEqual([]);
    },
  );

  it("killed after the model was there, before that was known: it is known at the next look", async () => {
    const file = await enoughArrived();
    const used = ["learn-0", "judge-0"];
    await writeWatch(folder, { ...file, adapting: { number: 1, why: "w", used, replayed: [] } });
    await learned(false)(
      folder,
      { minutes: 1, config: {}, anew: false },
      contextOf(),
      async () => ({}) as AdaptMaterial,
    );
    await arrive("next");
    await watch({ night }, {}, hours(12));
    const after = await known();
    expect(after.adapting).toBeNull();
    expect(itemsOf(after.fresh.learn).map(({ key }) => key)).not.toContain("learn-0");
    expect(after.fresh.judge.map(({ key }) => key)).not.toContain("judge-0");
  });

  it("what another command finished is taken for what it is", async () => {
    const file = await enoughArrived();
    const adapting = { number: 1, why: "w", used: ["learn-0"], replayed: [] };
    const given = { number: 1, parent: 0, config: {}, scores: {}, accepted: false, reason: "r" };
    await writeWatch(folder, { ...file, adapting });
    await addModel(folder, { ...given, name: "adapted-2026-11-30" }, DEFAULT_WEIGHTS);
    await arrive("new");
    // By day nothing is learned.
    await watch({ night }, {}, hours(12));
    expect((await known()).adapting).toBeNull();
    expect(itemsOf((await known()).fresh.learn).map(({ key }) => key)).toContain("learn-0");
  });
});

/** Model 1 is used, and its trials and those of the model before it are done. */
const use = async (scores: readonly [model: number, before: number]): Promise<void> => {
  const given = { number: 1, name: "watched-1", parent: 0, config: {}, scores: {}, accepted: true, reason: "r" };
  const model = await addModel(folder, given, "weights/nano.safetensors");
  await useModel(folder, await folder.read(), 1, "accepted");
  const file = await enoughArrived();
  // Too little to learn from, enough to judge by.
  const learn = { reservoir: [], diverse: [], offered: 0 };
  await writeWatch(folder, { ...file, fresh: { ...file.fresh, learn }, probation: { model: 1, before: 0 } });
  const keys = [0, 1, 2, 3, 4, 5].flatMap((stretch) => [`made ${stretch}`, `cycle ${stretch}`]);
  const kept = [weightsPath(folder, model), DEFAULT_WEIGHTS].map(async (path, i) => [
    await scoredAs(path, {}),
    Object.fromEntries(keys.map((key) => [key, scores[i]])),
  ]);
  await folder.writeJson(["watch", "proof-1.json"], Object.fromEntries(await Promise.all(kept)));
};

describe("after a change", () => {
  it("a model that does worse on newer footage than the one before it is not used any more", async () => {
    await use([0.5, 0.53]);
    const { rolledBack, inUse } = await watch();
    const why = "it was no gain after all: −3.0 points without labels on 6 newer stretches, against model 0";
    expect(rolledBack).toEqual([{ from: 1, to: 0, why }]);
    expect(inUse).toBe(0);
    expect((await events("model")).at(-1)).toMatchObject({ from: 1, to: 0, why: "rollback", reason: why });
    expect(await known()).toMatchObject({ probation: null });
    expect(await isThere(folder.at("watch/proof-1.json"))).toBe(false);
  });

  it("one that does about as well stays, and is not asked again", async () => {
    await use([0.5, 0.504]);
    expect(await watch()).toMatchObject({ rolledBack: [], inUse: 1 });
    expect((await events("watch")).at(-1)).toMatchObject({ decision: "proved", gain: expect.closeTo(-0.004) });
    expect(await known()).toMatchObject({ probation: null });
  });

  it("nor is one that a person has chosen another one for", async () => {
    await use([0.5, 0.9]);
    await useModel(folder, await folder.read(), 0, "use");
    await watch();
    expect(await known()).toMatchObject({ probation: null });
    expect(await events("watch")).toHaveLength(1);
  });
});

it("on the command line: killed at random moments nothing is half, the same command goes on, and Ctrl-C ends it", async () => {
  await enoughArrived();
  await arrive("new");
  const random = new Random(3);
  const set = Object.entries(config).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
  const args = ["site", "watch", folder.root, "--from", arriving, "--settle", "0", "--threads", "1", ...set];
  for (let kill = 0; kill < 2; kill++) {
    const begin = async (): Promise<boolean> => {
      if (!(await isThere(folder.at("watch/watch.lock")))) return false;
      await setTimeout(random.uniform(0, 2000));
      return true;
    };
    await tsumugi([...args, "--once", "--include-poor"], begin, "SIGKILL");
    const models = await readModels(folder);
    for (const model of models) expect(await weightsState(folder, model)).toBe("whole");
    expect(models.map(({ number }) => number)).toContain((await folder.read()).model);
    for (const { key } of itemsOf((await known()).buffer))
      expect(await readdir(folder.at("watch/stretches"))).toContain(key);
  }
  // Learning was killed as well; this one only looks: an hour that is not now.
  const hour = (new Date().getHours() + 12) % 24;
  const byNight = [...args, "--include-poor", "--night", `${hour}:00-${hour}:30`];
  const ended = await tsumugi([...byNight, "--once"]);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out).toMatch(/model 0 is in use/u);
  expect((await folder.read()).footage.map(({ key }) => key)).toEqual(["one", "two", "new"]);
  expect(await events("arrived")).toHaveLength(1);
  expect(await halfWritten(folder.root)).toEqual([]);
  const last = await arrive("last one");
  const isTaken = async (): Promise<boolean> => (await known()).recordings[last]?.state === "taken";
  const stopped = await tsumugi([...byNight, "--every", "0.2"], isTaken);
  expect(stopped.code).toBe(130);
  expect(stopped.err).toContain("Ctrl-C ends it");
  expect(await isThere(folder.at("watch/watch.lock"))).toBe(false);
}, 120_000);

it("is a step of the task, with its result as JSON", async () => {
  const json = join(root, "result.json");
  const task = { step: "watch" as const, folder: folder.root, from: [arriving], once: true, settle: 0, json };
  const outcome = await tasks.site.run(task, { machine });
  expect(outcome).toMatchObject({
    step: "watch",
    taken: [],
    refused: [],
    waiting: [],
    models: [],
    inUse: 0,
    drift: null,
  });
  expect(await isThere(json)).toBe(true);
});
