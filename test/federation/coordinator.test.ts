/** @file Rounds of a federation, with sites that say what the test wants, and a clock of its own. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { Coordinator, type CoordinatorOptions } from "../../src/federation/coordinator.ts";
import { PROTOCOL, type SiteScores, type Turn } from "../../src/federation/messages.ts";
import { bytesOfWeights, hashOfBytes, WeightsStore } from "../../src/federation/weightsStore.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { temporaryFolder } from "../training/footage.ts";
import { settings } from "./sites.ts";

const hello = { protocol: PROTOCOL, version: "0.1.0" };
const MINUTE = 60_000;

/** Scores of a site that gained so much. */
const gained = (gain: number): SiteScores => ({
  before: [{ stretch: 0, kind: "cycle", score: 0.5 }],
  after: [{ stretch: 0, kind: "cycle", score: 0.5 + gain }],
});

let root: string;
let folder: string;
let now: number;
let open: Coordinator[];
beforeAll(async () => (root = await temporaryFolder()));
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = join(root, String(Math.random()).slice(2));
  now = 1_000_000;
  open = [];
});
afterEach(async () => {
  for (const one of open) await one[Symbol.asyncDispose]();
});

async function lead(more: Partial<CoordinatorOptions["settings"]> = {}, options: Partial<CoordinatorOptions> = {}) {
  const given = { folder, settings: { ...settings, ...more }, init: "none", logger: silent, now: () => now };
  const coordinator = await Coordinator.open({ ...given, ...options });
  open.push(coordinator);
  return coordinator;
}

/** What the process left when it was killed, elsewhere; opened there. */
async function killed(): Promise<void> {
  const copy = `${folder}-after`;
  await cp(folder, copy, { recursive: true });
  await rm(join(copy, "federation.lock"));
  folder = copy;
}

const turn = (coordinator: Coordinator, site: string): Promise<Turn> => coordinator.turn(site, hello);

/** The common weights, all of one parameter moved. */
async function learned(coordinator: Coordinator, by: number): Promise<Uint8Array> {
  const weights = await new WeightsStore(join(folder, "weights")).weights(coordinator.state.weights);
  const values = new Map(weights.values);
  const head = values.get("head.bias");
  if (head === undefined) throw new Error("no head");
  values.set("head.bias", { ...head, data: head.data.map((value) => value + by) });
  return bytesOfWeights({ ...weights, values });
}

const headOf = async (path: string): Promise<number> =>
  (await readEncoderWeights(path)).values.get("head.bias")?.data[0] ?? Number.NaN;

/** A site learns in round `round`. */
async function sends(coordinator: Coordinator, site: string, { by = 0.001, frames = 100, round = 1 } = {}) {
  expect(await turn(coordinator, site)).toMatchObject({ do: "train", round });
  await coordinator.update(site, round, frames, await learned(coordinator, by));
}

async function compares(coordinator: Coordinator, site: string, gain: number, round = 1): Promise<void> {
  expect(await turn(coordinator, site)).toMatchObject({ do: "score", round });
  await coordinator.scores(site, round, gained(gain));
}

describe("a round", () => {
  it("averages by frames, and keeps the mean that the sites find better", async () => {
    const coordinator = await lead({ rounds: 1 });
    const start = await headOf(join(folder, "weights.safetensors"));
    await sends(coordinator, "a", { by: 0.0001, frames: 300 });
    expect(await turn(coordinator, "a")).toMatchObject({ do: "wait", why: "1 of at least 2 sites are done" });
    await sends(coordinator, "b", { by: 0.0003, frames: 100 });
    await compares(coordinator, "a", 0.1);
    await compares(coordinator, "b", 0.2);
    const end = await turn(coordinator, "b");
    expect(end).toMatchObject({ do: "end", last: { round: 1, kept: true, reason: expect.stringMatching(/^better/u) } });
    expect((await headOf(join(folder, "weights.safetensors"))) - start).toBeCloseTo(0.00015, 7);
    expect(end.weights).toBe(hashOfBytes(await readFile(join(folder, "weights.safetensors"))));
    const { metadata } = await readEncoderWeights(join(folder, "weights.safetensors"));
    expect(JSON.parse(metadata["config"])).toMatchObject({ variant: "nano", similarity: "cosine" });
    expect(await readdir(join(folder, "updates"))).toHaveLength(2);
  });

  it("that the sites find worse leaves the old weights, and says why", async () => {
    const coordinator = await lead({ rounds: 2 });
    const { weights } = coordinator.state;
    for (const site of ["a", "b"]) await sends(coordinator, site);
    for (const site of ["a", "b"]) await compares(coordinator, site, -0.1);
    const next = await turn(coordinator, "a");
    expect(next).toMatchObject({ do: "train", round: 2, weights, last: { kept: false } });
    expect(next.last?.reason).toMatch(/^not better: −10\.0 points/u);
    expect(await readdir(join(folder, "weights"))).toEqual([`${weights}.safetensors`]);
    expect(await readdir(join(folder, "updates"))).toEqual([]);
  });

  it("gives each site and each round another seed, and all sites the same configuration", async () => {
    const coordinator = await lead();
    const [a, b] = [await turn(coordinator, "a"), await turn(coordinator, "b")];
    if (a.do !== "train" || b.do !== "train") throw new Error("not asked to train");
    expect(a.seed).not.toBe(b.seed);
    expect(a.config).toEqual(b.config);
    expect(Object.keys(a.config)).not.toContain("init");
    expect(await turn(coordinator, "a")).toEqual(a);
  });

  it("is the same whoever is faster", async () => {
    const weights: string[] = [];
    for (const order of [
      ["a", "b"],
      ["b", "a"],
    ]) {
      folder = join(root, order.join(""));
      const coordinator = await lead();
      for (const site of order) await sends(coordinator, site, { by: site === "a" ? 0.0001 : 0.0002 });
      weights.push(coordinator.state.rounds[0].candidate ?? "none");
    }
    expect(weights[0]).toBe(weights[1]);
  });

  it("of one site is its own learning", async () => {
    const coordinator = await lead({ minimumSites: 1, rounds: 1 });
    await sends(coordinator, "a");
    await compares(coordinator, "a", 0.01);
    expect(await turn(coordinator, "a")).toMatchObject({ do: "end", last: { kept: true } });
    // Who comes when all is over gets the weights.
    expect(await turn(coordinator, "z")).toMatchObject({ do: "end", weights: coordinator.state.weights });
  });
});

describe("a site that is late or lost", () => {
  it("is waited for until the time is over, then the round goes on without it", async () => {
    const coordinator = await lead({ deadlineMinutes: 10 });
    for (const site of ["a", "b", "lost"]) await turn(coordinator, site);
    await sends(coordinator, "a");
    await sends(coordinator, "b");
    now += 9 * MINUTE;
    expect(await turn(coordinator, "a")).toMatchObject({ do: "wait", why: expect.stringMatching(/^1 more sites/u) });
    now += 1 * MINUTE;
    expect(await turn(coordinator, "a")).toMatchObject({ do: "score", round: 1 });
    await expect(coordinator.update("lost", 1, 100, await learned(coordinator, 0.001))).rejects.toMatchObject({
      code: "federation/round",
      message: expect.stringContaining("got round 1, comparing"),
    });
  });

  it("comes back in the next round", async () => {
    const coordinator = await lead({ deadlineMinutes: 10 });
    await turn(coordinator, "late");
    for (const site of ["a", "b"]) await sends(coordinator, site);
    now += 10 * MINUTE;
    for (const site of ["a", "b"]) await compares(coordinator, site, 0.1);
    await sends(coordinator, "late", { round: 2 });
    for (const site of ["a", "b"]) await sends(coordinator, site, { round: 2 });
    expect(coordinator.state.rounds[1].updates.map(({ site }) => site)).toEqual(["late", "a", "b"]);
  });

  it("of the round before is expected in the next, and lost while comparing does not stop it", async () => {
    const coordinator = await lead({ deadlineMinutes: 10 });
    for (const site of ["a", "b", "lost"]) await turn(coordinator, site);
    for (const site of ["a", "b", "lost"]) await sends(coordinator, site);
    for (const site of ["a", "b"]) await compares(coordinator, site, 0.1);
    expect(await turn(coordinator, "a")).toMatchObject({ do: "wait" });
    now += 10 * MINUTE;
    expect(await turn(coordinator, "a")).toMatchObject({ do: "train", round: 2, last: { kept: true } });
  });

  it("too few of them are waited for, as long as it takes", async () => {
    const coordinator = await lead({ deadlineMinutes: 10 });
    await sends(coordinator, "a");
    now += 100_000 * MINUTE;
    expect(await turn(coordinator, "a")).toMatchObject({ do: "wait" });
    await sends(coordinator, "b");
    expect(await turn(coordinator, "b")).toMatchObject({ do: "score" });
  });
});

describe("what a site sends", () => {
  it("twice counts once; other bytes replace what it sent before", async () => {
    const coordinator = await lead();
    await sends(coordinator, "a");
    const bytes = await learned(coordinator, 0.002);
    await coordinator.update("a", 1, 50, bytes);
    expect(coordinator.state.rounds[0].updates).toMatchObject([{ site: "a", frames: 50, sha256: hashOfBytes(bytes) }]);
    await sends(coordinator, "b");
    // The answer was lost, the round is in its second half, and the site sends again.
    await coordinator.update("a", 1, 50, bytes);
    await compares(coordinator, "a", 0.1);
    await coordinator.scores("a", 1, gained(-0.9));
    expect(coordinator.state.rounds[0].scores).toEqual([{ site: "a", ...gained(0.1) }]);
  });

  it("without being asked, or in another's round, is refused", async () => {
    const coordinator = await lead();
    const bytes = await learned(coordinator, 0.001);
    await expect(coordinator.update("a", 1, 100, bytes)).rejects.toMatchObject({
      code: "federation/round",
      message: expect.stringContaining("a site that was not asked"),
    });
    await turn(coordinator, "a");
    await expect(coordinator.update("a", 2, 100, bytes)).rejects.toMatchObject({ code: "federation/round" });
    await expect(coordinator.scores("a", 1, gained(1))).rejects.toMatchObject({ code: "federation/round" });
    await expect(coordinator.weights("0".repeat(64))).rejects.toMatchObject({ code: "federation/missing" });
  });

  it("too far from the round's weights is clipped, with a word; absurdly far is refused", async () => {
    const lines: string[] = [];
    const coordinator = await lead({}, { logger: { ...silent, warn: (line) => void lines.push(line) } });
    const start = await headOf(join(folder, "weights.safetensors"));
    await sends(coordinator, "a", { by: 0.05 });
    const [{ factor, stored }] = coordinator.state.rounds[0].updates;
    expect(factor).toBeLessThan(1);
    expect(lines.join()).toContain("the update of a went too far");
    const moved = (await headOf(join(folder, "updates", `${stored}.safetensors`))) - start;
    expect(moved).toBeCloseTo(0.05 * factor, 4);
    await turn(coordinator, "b");
    await expect(coordinator.update("b", 1, 1, await learned(coordinator, 1e6))).rejects.toMatchObject({
      code: "federation/update",
    });
  });

  it("of another version is refused", async () => {
    const coordinator = await lead();
    await expect(coordinator.turn("a", { protocol: PROTOCOL + 1, version: "9.9" })).rejects.toMatchObject({
      code: "federation/version",
      message: expect.stringContaining("tsumugi 9.9"),
    });
  });
});

describe("a coordinator that was killed", () => {
  it("goes on at every moment, with the same end", async () => {
    const undisturbed = await lead({ rounds: 1 });
    const all = ["a", "b"];
    for (const site of all) await sends(undisturbed, site);
    for (const site of all) await compares(undisturbed, site, 0.1);
    const { weights } = undisturbed.state;
    folder = join(root, "again");
    const steps: ((coordinator: Coordinator) => Promise<unknown>)[] = [
      (coordinator) => turn(coordinator, "a"),
      (coordinator) => sends(coordinator, "a"),
      (coordinator) => sends(coordinator, "b"),
      (coordinator) => compares(coordinator, "a", 0.1),
      (coordinator) => compares(coordinator, "b", 0.1),
    ];
    for (const step of steps) {
      await step(await lead({ rounds: 1 }));
      await killed();
    }
    expect((await lead({ rounds: 1 })).state).toMatchObject({ weights, rounds: [{ phase: "kept" }] });
  });

  it("gives sites that waited for it all the time again, and forgets what a crash left", async () => {
    const coordinator = await lead({ deadlineMinutes: 10 });
    for (const site of ["a", "b", "c"]) await turn(coordinator, site);
    await sends(coordinator, "a");
    await sends(coordinator, "b", { by: 0.002 });
    await writeFile(join(folder, "updates", `${"1".repeat(64)}.safetensors`), "half");
    await killed();
    now += 60 * MINUTE;
    const again = await lead({ deadlineMinutes: 10 });
    expect(await readdir(join(folder, "updates"))).toHaveLength(2);
    await sends(again, "c");
    expect(again.state.rounds[0].updates).toHaveLength(3);
  });
});

describe("a folder", () => {
  it("goes on with more rounds or other limits, not with another way to learn", async () => {
    const coordinator = await lead({ rounds: 1, minimumSites: 1 });
    await sends(coordinator, "a");
    await compares(coordinator, "a", 0.1);
    await killed();
    const more = await lead({ rounds: 3, minimumSites: 2, deadlineMinutes: 1 });
    expect(await turn(more, "a")).toMatchObject({ do: "train", round: 2 });
    await killed();
    await expect(lead({ rounds: 3, steps: 9 })).rejects.toMatchObject({ code: "federation/other" });
    await expect(lead({ rounds: 3, seed: 9 })).rejects.toMatchObject({ code: "federation/other" });
  });

  it("has one coordinator at a time", async () => {
    await lead();
    await expect(lead()).rejects.toMatchObject({ code: "lock/busy" });
  });

  it("of a newer version, or that is damaged, is refused", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "federation.json"), '{"format": 2}');
    await expect(lead()).rejects.toMatchObject({ code: "service/data" });
    await writeFile(join(folder, "federation.json"), '{"format": 1}');
    await expect(lead()).rejects.toMatchObject({ code: "json/invalid" });
  });

  it("whose weights were changed is not served", async () => {
    const coordinator = await lead();
    const { weights } = coordinator.state;
    await writeFile(join(folder, "weights", `${weights}.safetensors`), "other");
    await expect(coordinator.weights(weights)).rejects.toMatchObject({ message: expect.stringContaining("changed") });
  });
});
