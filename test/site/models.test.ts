/** The registry of a site's models: what is added, used and gone back to, also when it is killed at any moment. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { FileLock } from "../../src/core/fileLock.ts";
import { DEFAULT_WEIGHTS } from "../../src/method/node/weightsFile.ts";
import { addModel, nextNumber, readModels, sha256, weightsPath, weightsState } from "../../src/site/models.ts";
import { usedModels } from "../../src/site/modelUse.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { halfWritten } from "../cli/cli.ts";
import { tsumugiHere } from "../cli/here.ts";
import { type SmallSite, smallSite } from "./smallSite.ts";

let made: SmallSite;
let folder: SiteFolder;
beforeEach(async () => {
  made = await smallSite();
  folder = new SiteFolder(made.site);
});
afterEach(() => rm(made.root, { recursive: true }));

const NANO = "weights/nano.safetensors";
const add = async (accepted = true) => {
  const number = nextNumber(await readModels(folder));
  const scores = { gain: 0.02 };
  const reason = accepted ? "better by 0.020" : "not better";
  return addModel(folder, { number, name: "adapted", parent: 0, config: { size: 32 }, scores, accepted, reason }, NANO);
};
const models = async (action: "list" | "show" | "use" | "rollback" = "list", number?: number) => {
  const more = number === undefined ? {} : { number };
  const outcome = await tasks.site.run({ step: "models", folder: made.site, action, ...more });
  if (outcome.step !== "models") throw new Error(outcome.step);
  return outcome;
};
const inUse = async (): Promise<number> => (await folder.read()).model;

const event = (to: number, why: string) => ({ at: "2026-11-30T10:00:00.000Z", what: "model", to, why });

describe("the registry", () => {
  it("begins with the weights of the package", async () => {
    expect(await models()).toMatchObject({
      inUse: 0,
      before: null,
      models: [{ number: 0, name: "default", inUse: true, weightsState: "whole", accepted: true }],
    });
    expect(weightsPath(folder, (await models()).models[0])).toBe(DEFAULT_WEIGHTS);
  });

  it("keeps every model with its weights and the reason; a number is never given twice", async () => {
    const [first, second] = [await add(), await add(false)];
    expect([first.number, second.number]).toEqual([1, 2]);
    expect(await readdir(folder.at("models"))).toEqual(["0000-default", "0001-adapted", "0002-adapted"]);
    expect(await readFile(weightsPath(folder, second))).toEqual(await readFile(NANO));
    expect(await models("show", 2)).toMatchObject({
      models: [{ number: 2, parent: 0, accepted: false, reason: "not better", sha256: await sha256(NANO) }],
    });
    await rm(folder.at("models", "0001-adapted"), { recursive: true });
    expect((await add()).number).toBe(3);
  });

  it("a model that cannot be written leaves nothing behind", async () => {
    await rm(folder.at("models"), { recursive: true });
    await writeFile(folder.at("models"), "in the way");
    await expect(add()).rejects.toMatchObject({ code: "file/write" });
    expect(await halfWritten(made.site)).toEqual([]);
  });

  it("what a crash left of a model is none, and goes with the next change", async () => {
    const left = folder.at("models", "0001-adapted.999999999.part");
    await mkdir(left, { recursive: true });
    expect((await models()).models).toHaveLength(1);
    await add();
    await models("use", 1);
    expect(await readdir(folder.at("models"))).toEqual(["0000-default", "0001-adapted"]);
  });
});

describe("the model in use", () => {
  it("is changed, and the history says from which to which and why", async () => {
    await add();
    expect(await models("use", 1)).toMatchObject({ inUse: 1, before: 0, models: [{ inUse: false }, { inUse: true }] });
    expect(await models("use", 1)).toMatchObject({ inUse: 1, before: null });
    expect((await folder.history()).filter(({ what }) => what === "model")).toMatchObject([
      { from: 0, to: 1, name: "0001-adapted", why: "use" },
    ]);
  });

  it("going back leads to the one before, and then to the one before that", async () => {
    for (let i = 0; i < 3; i++) await add();
    for (const number of [2, 1, 3]) await models("use", number);
    expect([(await models("rollback")).inUse, (await models("rollback")).inUse]).toEqual([1, 2]);
    await models("use", 3);
    expect([(await models("rollback")).inUse, (await models("rollback")).inUse]).toEqual([2, 0]);
    await expect(models("rollback")).rejects.toMatchObject({ code: "site/no-rollback" });
  });

  it("is known although a crash kept its change from being noted", () => {
    expect(usedModels([], 0)).toEqual([0]);
    expect(usedModels([], 4)).toEqual([0, 4]);
    expect(usedModels([event(1, "use"), event(2, "accepted"), event(1, "rollback")], 1)).toEqual([0, 1]);
    expect(usedModels([event(1, "use"), event(0, "rollback")], 2)).toEqual([0, 2]);
  });

  it("that does not exist, or whose weights are gone or changed, is refused", async () => {
    await expect(models("use", 7)).rejects.toMatchObject({ code: "site/model", message: expect.stringMatching(/7/u) });
    await expect(models("show", 7)).rejects.toMatchObject({ code: "site/model" });
    const model = await add();
    await appendFile(weightsPath(folder, model), "x");
    expect(await weightsState(folder, model)).toBe("changed");
    await expect(models("use", 1)).rejects.toMatchObject({ code: "site/weights" });
    await rm(weightsPath(folder, model));
    await expect(models("use", 1)).rejects.toThrow(/are gone/u);
    expect((await models()).models[1]).toMatchObject({ weightsState: "gone" });
    expect(await inUse()).toBe(0);
  });

  it.each([
    ["show", undefined],
    ["use", undefined],
    ["list", 1],
    ["rollback", 1],
  ] as const)("%s with number %s is refused", async (action, number) => {
    await expect(models(action, number)).rejects.toMatchObject({ code: "task/invalid" });
  });

  it("is not changed while another process works in the site; looking is allowed", async () => {
    await add();
    await using _ = await FileLock.acquire(folder.at("site.lock"), made.site);
    await expect(models("use", 1)).rejects.toMatchObject({ code: "lock/busy" });
    expect((await models()).models).toHaveLength(2);
  });
});

it("on the command line: a list with a star, one in full, using and going back", async () => {
  await add();
  const list = await tsumugiHere(["site", "models", made.site]);
  expect(list.out.trimEnd().split("\n")).toEqual([
    "* 0000-default  accepted: the weights of the package",
    "  0001-adapted  accepted: better by 0.020",
  ]);
  const shown = await tsumugiHere(["site", "models", made.site, "show", "1"]);
  expect(shown.out).toContain("made: ");
  expect(shown.out).toContain("weights: as they were made, SHA-256 ");
  expect(shown.out).toContain("  gain: 0.02\n");
  const used = await tsumugiHere(["site", "models", made.site, "use", "1"]);
  expect(used.out).toContain("model 1 is used from now on (before: 0)");
  expect(used.out).toContain("* 0001-adapted");
  expect((await tsumugiHere(["site", "models", made.site, "rollback"])).out).toContain("model 0 is used from now on");
  const wrong = await tsumugiHere(["site", "models", made.site, "delete"]);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain("list, show, use, rollback");
});

/** Adds models and uses them, one after another, until it is killed. */
const WRITER = `
const [models, use, folders] = await Promise.all(process.argv.slice(1, 4).map((path) => import(path)));
const folder = new folders.SiteFolder(process.argv[4]);
await folder.lock();
for (;;) {
  const number = models.nextNumber(await models.readModels(folder));
  const model = { number, name: "adapted", parent: 0, config: {}, scores: {}, accepted: true, reason: "r" };
  await models.addModel(folder, model, process.argv[5]);
  await use.useModel(folder, await folder.read(), number, "accepted");
}`;

describe("killed at any moment", () => {
  it("the registry is whole: every model has its weights, and the one in use is there", async () => {
    const random = new Random(5);
    const modules = ["models", "modelUse", "siteFolder"].map((name) => pathToFileURL(`dist/site/${name}.js`).href);
    const args = ["--input-type=module", "-e", WRITER, ...modules, made.site, NANO];
    for (let kill = 0; kill < 6; kill++) {
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      const before = (await readModels(folder)).length;
      // From when it works, at random moments of what takes some milliseconds.
      while ((await readModels(folder)).length === before) await setTimeout(2);
      await setTimeout(random.uniform(0, 40));
      child.kill("SIGKILL");
      await once(child, "exit");
      const all = await readModels(folder);
      for (const model of all) expect(await weightsState(folder, model)).toBe("whole");
      const numbers = all.map(({ number }) => number);
      expect(numbers).toEqual(numbers.map((_, i) => i));
      expect(numbers).toContain(await inUse());
      expect(usedModels(await folder.history(), await inUse()).at(-1)).toBe(await inUse());
    }
    await models("use", 0);
    expect(await halfWritten(join(made.site))).toEqual([]);
  }, 60_000);
});
