/** The parts of watching: what is whole, what is kept, what drifts, when it learns. */
import { appendFile, mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, integer, nat, pre, property, uniqueArray } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judge, type Trial } from "../../src/site/adapt/judge.ts";
import { saidOf } from "../../src/site/watch/confidence.ts";
import { afterAdapting, decide, materialOf, stretchesIn, withFirst, withFresh } from "../../src/site/watch/decide.ts";
import { driftOf } from "../../src/site/watch/drift.ts";
import { isWithin, parseWindow } from "../../src/site/watch/nightWindow.ts";
import { itemsOf, type Kept, NOTHING_KEPT, offer } from "../../src/site/watch/replay.ts";
import { jointDistance, lookDistance, lookOfStretch } from "../../src/site/watch/stretchLook.ts";
import { survey } from "../../src/site/watch/survey.ts";
import { emptyWatch, type WatchedStretch, watchFileSchema } from "../../src/site/watch/watchFile.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

const at = (hours: number, minutes: number): Date => new Date(2026, 10, 30, hours, minutes);
const timeOf = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;

describe("the hours for learning", () => {
  it.each([
    ["22:00-05:00", [22, 0], true],
    ["22:00-05:00", [4, 59], true],
    ["22:00-05:00", [5, 0], false],
    ["22:00-05:00", [12, 0], false],
    ["8:30-17:00", [8, 29], false],
    ["8:30-17:00", [16, 59], true],
  ] as const)("%s at %j: %s", (text, [hours, minutes], expected) => {
    expect(isWithin(parseWindow(text), at(hours, minutes))).toBe(expected);
  });
  it.each(["", "22-5", "24:00-05:00", "22:60-05:00", "05:00-05:00", "22:00", "22:00-05:00-06:00"])(
    "%j is none",
    (text) => {
      expect(() => parseWindow(text)).toThrow(expect.objectContaining({ code: "site/window" }));
    },
  );
  it("a window and the one from its end to its begin share the day", () => {
    const minute = integer({ min: 0, max: 1439 });
    assert(
      property(minute, minute, minute, (begin, end, now) => {
        pre(begin !== end);
        const [one, other] = [
          parseWindow(`${timeOf(begin)}-${timeOf(end)}`),
          parseWindow(`${timeOf(end)}-${timeOf(begin)}`),
        ];
        const moment = at(Math.floor(now / 60), now % 60);
        expect(isWithin(one, moment)).not.toBe(isWithin(other, moment));
      }),
    );
  });
});

const rule = (size: number, seed: number) => ({ size, seed, distance: (a: number, b: number) => Math.abs(a - b) });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const filled = (values: readonly number[], size: number, seed = 1): Kept<number> =>
  values.reduce<Kept<number>>((kept, value) => offer(kept, value, rule(size, seed)), NOTHING_KEPT);

describe("the replay buffer", () => {
  it("never has more than its size, and only what was offered, each once", () => {
    const values = uniqueArray(integer({ min: -1000, max: 1000 }), { maxLength: 60 });
    assert(
      property(values, integer({ min: 2, max: 12 }), nat(), (given, size, seed) => {
        const kept = filled(given, size, seed);
        const items = itemsOf(kept);
        expect(items).toHaveLength(Math.min(size, given.length));
        expect(new Set(items).size).toBe(items.length);
        expect(given).toEqual(expect.arrayContaining(items));
        expect(kept.offered).toBe(given.length);
      }),
    );
  });

  it("the reservoir takes early and late ones alike", () => {
    const counts = upTo(40).map(() => 0);
    for (let seed = 0; seed < 400; seed++) for (const value of filled(upTo(40), 16, seed).reservoir) counts[value]++;
    // Each of 40 is among 8 in 80 of 400 draws; five standard deviations are 40.
    for (const count of counts) expect(Math.abs(count - 80)).toBeLessThan(40);
  });

  it("what is rare stays, however much of the usual comes after it", () => {
    const values = [...upTo(5), 5000, 9000, ...upTo(400).map((i) => i % 7)];
    expect(filled(values, 8).diverse).toEqual(expect.arrayContaining([5000, 9000]));
  });
});

const look = (value: number, motion = 0) => ({ colour: [value, value], motion: [motion], features: [0.1, 0.2] });
const known = (clip: string, value: number, motion = 0) => ({ clip, look: look(value, motion) });

const grey = (level: number) => ({ width: 16, height: 12, data: new Uint8Array(16 * 12 * 3).fill(level) });
/** Two cells: (0.6, 0.8) and (0, 1) times their lengths. */
const encode = async () => ({ channels: 2, width: 2, height: 1, data: Float32Array.of(3, 0, 4, 5) });

describe("looks", () => {
  it("distances by hand: root mean square of one kind, and all kinds in units of what is usual", () => {
    expect(lookDistance(look(10), look(13), "colour")).toBe(3);
    expect(lookDistance(look(10), look(13), "motion")).toBe(0);
    // Distances 1, 2, 3: the median is 2.
    expect(jointDistance([look(0), look(1), look(3)])(look(0), look(4))).toBeCloseTo(2);
  });

  it("of pictures: colours and changes on the grid, features as means of unit vectors", async () => {
    const still = await lookOfStretch([grey(0), grey(0), grey(0), grey(0), grey(255)], encode);
    expect([still.colour.length, still.motion.length]).toEqual([144, 48]);
    // L is 0, then 255: the mean is in the middle, the change 255.
    expect(still.colour[0]).toBe(127.5);
    expect(still.motion[0]).toBe(255);
    // The cells are (0.6, 0.8) and (0, 1).
    expect(still.features[0]).toBeCloseTo(0.3);
    expect(still.features[1]).toBeCloseTo(0.9);
    expect((await lookOfStretch([grey(9)], encode)).motion).toEqual(Array.from({ length: 48 }, () => 0));
  });
});

describe("drift", () => {
  // Nearest neighbours of other recordings lie 2, 2, 3 and 3 apart.
  const learned = [known("a", 0), known("b", 2), known("c", 10), known("d", 13)];
  it("is seen where more than half lie farther than anything learned lies from its nearest", () => {
    const fresh = [17, 17, 17, 12].map((value) => known("new", value));
    expect(driftOf(learned, fresh)).toMatchObject({
      seen: true,
      strange: { colour: 3, motion: 0, features: 0 },
      said: "3 of 4 new stretches have colours unlike anything it learned from",
    });
  });
  it("half of them is not enough, nor what is as far as the learned ones are", () => {
    expect(
      driftOf(
        learned,
        [17, 17, 12, 1].map((value) => known("new", value)),
      ),
    ).toMatchObject({ seen: false });
    expect(
      driftOf(
        learned,
        [16, 16, 16, 5].map((value) => known("new", value)),
      ),
    ).toMatchObject({ seen: false });
  });
  it("motion alone is seen too", () => {
    const fresh = [1, 2, 3, 4].map(() => known("new", 2, 30));
    expect(driftOf(learned, fresh)).toMatchObject({ seen: true, strange: { colour: 0, motion: 4 } });
  });
  it("stretches of one recording do not make the others strange", () => {
    const three = ["a", "b", "c"].flatMap((clip, i) => [known(clip, 10 * i), known(clip, 10 * i + 0.1)]);
    // Each is 0.1 from its twin, but about 10 from other recordings.
    expect(
      driftOf(
        three,
        [25, 25, 25, 25].map((value) => known("new", value)),
      ),
    ).toMatchObject({ seen: false });
  });
  it("with too little on either side nothing is said", () => {
    expect(
      driftOf(
        learned.slice(1),
        [1, 2, 3, 4].map((value) => known("new", value)),
      ),
    ).toBeUndefined();
    expect(driftOf(learned, [known("new", 99)])).toBeUndefined();
  });
});

describe("falling confidence", () => {
  it("is said where it is more than noise", () => {
    expect(saidOf([0.9, 0.91, 0.92], [0.5, 0.52, 0.51])).toMatch(/fell from 0\.91 to 0\.51 in 3 passages/u);
  });
  it.each([
    ["risen", [0.5, 0.51, 0.52], [0.9, 0.91, 0.92]],
    ["within noise", [0.9, 0.5, 0.7], [0.8, 0.4, 0.6]],
    ["too few", [0.9, 0.91], [0.5, 0.52]],
  ])("%s: nothing", (_, before, after) => expect(saidOf(before, after)).toBeUndefined());
});

const trials = (score: (stretch: number) => number) =>
  [0, 1, 2, 3, 4, 5].map((stretch) => ({ stretch, kind: "made" as const, score: score(stretch) }));
const isOlder = ({ stretch }: Trial): boolean => stretch >= 4;

const judged = (onOlder: number) =>
  judge({
    before: trials(() => 0.5),
    after: trials((stretch) => 0.5 + (stretch < 4 ? 0.1 + stretch / 100 : onOlder)),
    tuning: [],
    isOlder,
  });

describe("the older footage in a judgement", () => {
  it("gains nothing by it, and is refused where it loses more than half a point there", () => {
    expect(judged(0.3)).toMatchObject({
      accepted: true,
      scores: { gain: expect.closeTo(0.115), gainOlder: expect.closeTo(0.3), olderTrials: 2 },
    });
    expect(judged(-0.004)).toMatchObject({ accepted: true, reason: expect.stringContaining("−0.4 on older footage") });
    expect(judged(-0.02)).toMatchObject({
      accepted: false,
      reason: "it forgets: −2.0 points without labels on older footage, in 2 trials",
    });
  });
});

const stretch = (i: number, role: "learn" | "judge", value = i): WatchedStretch => ({
  key: `${role}-${i}`,
  clip: `clip-${i}`,
  frames: 24,
  role,
  look: look(value),
});
const some = (count: number, role: "learn" | "judge", from = 0, value?: number): WatchedStretch[] =>
  Array.from({ length: count }, (_, i) => stretch(from + i, role, value));

describe("deciding", () => {
  const begun = withFirst(emptyWatch(["/in"]), [...some(8, "learn"), ...some(4, "judge", 100)], 1);

  it("what the site has is replayed and known; what is set aside stays so", () => {
    expect(itemsOf(begun.buffer)).toHaveLength(8);
    expect(begun.older.fixed.map(({ key }) => key)).toEqual(["judge-100", "judge-101", "judge-102", "judge-103"]);
    expect(begun.learned).toHaveLength(8);
    expect(watchFileSchema.parse(structuredClone(begun))).toEqual(begun);
  });

  it("learns when enough is new", () => {
    const almost = withFresh(begun, [...some(11, "learn", 20, 3), ...some(6, "judge", 20, 3)], 1);
    expect(decide(almost, undefined)).toMatchObject({
      due: false,
      why: expect.stringContaining("12 and 6 are needed; no drift is seen"),
    });
    const enough = withFresh(almost, some(1, "learn", 40, 3), 1);
    expect(decide(enough, undefined)).toMatchObject({ due: true, why: expect.stringMatching(/^enough is new: 12 /u) });
  });

  it("learns from less where drift is seen, or where confidence fell", () => {
    const strange = withFresh(begun, [...some(6, "learn", 20, 500), ...some(6, "judge", 20, 500)], 1);
    expect(decide(strange, undefined)).toMatchObject({
      due: true,
      why: expect.stringMatching(/^drift is seen: 12 of 12/u),
    });
    const usual = withFresh(begun, [...some(6, "learn", 20, 3), ...some(6, "judge", 20, 3)], 1);
    expect(decide(usual, undefined).due).toBe(false);
    expect(decide(usual, "confidence fell")).toMatchObject({
      due: true,
      why: expect.stringContaining("confidence fell"),
    });
  });

  it("replays as much as is new, judges by the latest and by what is older, and learns from nothing that it judges by", () => {
    const file = withFresh(begun, [...some(5, "learn", 20), ...some(10, "judge", 20)], 1);
    const { learn, replay, aside, older } = materialOf(file, 1, 1);
    expect([learn.length, replay.length, aside.length, older.length]).toEqual([5, 5, 8, 4]);
    expect(aside.map(({ key }) => key)).toContain("judge-29");
    expect(aside.map(({ key }) => key)).not.toContain("judge-20");
    expect([...learn, ...replay].every(({ role }) => role === "learn")).toBe(true);
    expect([...aside, ...older].every(({ role }) => role === "judge")).toBe(true);
    expect(materialOf(file, 1, 1)).toEqual(materialOf(file, 1, 1));
  });

  it.each([true, false])(
    "afterwards (accepted: %s) nothing is new any more, and what was new is replayed",
    (accepted) => {
      const file = withFresh(begun, [...some(12, "learn", 20), ...some(8, "judge", 20)], 1);
      const { learn, replay, aside } = materialOf(file, 1, 1);
      const used = [...learn, ...aside].map(({ key }) => key);
      const late = withFresh(
        { ...file, adapting: { number: 1, why: "w", used, replayed: replay.map(({ key }) => key) } },
        some(1, "learn", 77),
        1,
      );
      const after = afterAdapting(late, { accepted, model: 1, before: 0 }, 1);
      expect(itemsOf(after.fresh.learn).map(({ key }) => key)).toEqual(["learn-77"]);
      expect(after.fresh.judge).toEqual([]);
      expect(itemsOf(after.buffer)).toHaveLength(20);
      expect(itemsOf(after.older.later)).toHaveLength(4);
      expect(after.older.fixed).toEqual(begun.older.fixed);
      expect(after.adapting).toBeNull();
      expect(after.probation).toEqual(accepted ? { model: 1, before: 0 } : null);
      expect(after.learned).toHaveLength(accepted ? 12 + replay.length : 8);
    },
  );

  it("is of bounded size, whatever comes", () => {
    let file = begun;
    for (let i = 0; i < 60; i++)
      file = withFresh(file, [...some(4, "learn", 1000 + 4 * i), ...some(2, "judge", 1000 + 2 * i)], 1);
    expect([itemsOf(file.fresh.learn).length, file.fresh.judge.length]).toEqual([48, 24]);
    expect(stretchesIn(file)).toHaveLength(48 + 24 + 8 + 4);
  });
});

describe("a look at the folders", () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryFolder();
  });
  afterEach(() => rm(root, { recursive: true }));

  it("sees files and folders of pictures, but neither other files nor what lies in the site", async () => {
    await makeImageFolder(join(root, "in"), "部品 1", 3);
    await writeFile(join(root, "in", "a.mp4"), "12345");
    await writeFile(join(root, "in", "notes.txt"), "no footage");
    await makeImageFolder(join(root, "in", "site", "watch"), "stretch", 3);
    const { found, missing } = await survey([join(root, "in"), join(root, "gone")], join(root, "in", "site"));
    expect(found.map(({ path }) => path).toSorted()).toEqual([join(root, "in", "a.mp4"), join(root, "in", "部品 1")]);
    expect(found.find(({ path }) => path.endsWith("a.mp4"))).toMatchObject({ size: 5 });
    expect(missing).toEqual([join(root, "gone")]);
  });

  it("a folder of pictures grows with each of them, and an empty folder holds nothing yet", async () => {
    const folder = await makeImageFolder(root, "clip", 2);
    const before = await survey([folder], "/site");
    await writeFile(join(folder, "00002.png"), "x");
    const after = await survey([folder], "/site");
    expect(after.found[0].size).toBe(before.found[0].size + 1);
    await mkdir(join(root, "empty"));
    expect(await survey([join(root, "empty")], "/site")).toEqual({ found: [], missing: [] });
  });

  it("knows a file by its size and time, whatever the clock says", async () => {
    const path = join(root, "a.mp4");
    await writeFile(path, "1");
    await utimes(path, new Date("2050-01-01"), new Date("2050-01-01"));
    const [future] = (await survey([root], "/site")).found;
    expect(future).toEqual({ path, size: 1, modified: Date.parse("2050-01-01") });
    await appendFile(path, "2");
    await utimes(path, new Date("1990-01-01"), new Date("1990-01-01"));
    expect((await survey([root], "/site")).found).toEqual([{ path, size: 2, modified: Date.parse("1990-01-01") }]);
  });
});
