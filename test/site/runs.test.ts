/** Which labels are given in which order, what is tracked, and what is observed of it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { grouped } from "../../src/core/grouped.ts";
import { silent } from "../../src/core/log.ts";
import { type SiteLabel, siteLabels, SiteMasks } from "../../src/site/labels.ts";
import { copyFirst, observePassage, trackedIn } from "../../src/site/observations.ts";
import type { Split } from "../../src/site/plan/planFile.ts";
import { correctionOrder, labelledPassages, plannedRuns, runFolder, runnerKey } from "../../src/site/runPlan.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { makeImageFolder } from "../training/footage.ts";
import { evidenceOf } from "./evidence.ts";
import { truthOf } from "./smallSite.ts";

let root: string;
let folder: SiteFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runs-"));
  folder = new SiteFolder(join(root, "site"));
  await makeImageFolder(root, "clip", 10);
});
afterEach(() => rm(root, { recursive: true }));

const passage = { key: "clip@00000", clip: "clip", camera: "c", start: 0, end: 10, verdict: [4, 7], tuning: [2] };
const split: Split = { format: 1, passages: [passage], order: [] };
const site = () => {
  const clip = { key: "clip", camera: "c", path: join(root, "clip"), frames: 10, width: 48, height: 48, seconds: 0.36 };
  return { ...evidenceOf({ passages: [] }).site, footage: [clip] };
};
const save = (frame: number, value = 1): Promise<void> =>
  writeMaskPng(folder.at("labels", "clip", `0000${frame}.png`), truthOf(frame, value));
const labelsOf = (): Promise<SiteLabel[]> => siteLabels(folder, site(), split, silent);

const line = (confidence: number): string => JSON.stringify({ frame: 4, objects: [{ id: 1, confidence }], points: [] });

const painted = async (frame: number, colour: readonly number[]): Promise<void> => {
  const { width, height, data } = truthOf(frame);
  const rgb = Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)] * colour[i % 3]);
  await mkdir(folder.at("labels", "clip"), { recursive: true });
  await writeFile(folder.at("labels", "clip", `0000${frame}.png`), await encodePng({ width, height, data: rgb }));
};

describe("labels", () => {
  it("have the role that the plan gives their frame; others in a passage may be given", async () => {
    for (const frame of [7, 0, 5, 4]) await save(frame);
    expect((await labelsOf()).map(({ frame, role }) => [frame, role])).toEqual([
      [0, "start"],
      [4, "verdict"],
      [5, "tuning"],
      [7, "verdict"],
    ]);
  });

  it("outside of every passage are left out with a word, hidden files and others without one", async () => {
    await save(0);
    await save(9);
    await writeFile(folder.at("labels", "clip", "notes.txt"), "x");
    const warnings: string[] = [];
    const short: Split = { format: 1, passages: [{ ...passage, end: 8 }], order: [] };
    const labels = await siteLabels(folder, site(), short, { ...silent, warn: (line) => void warnings.push(line) });
    expect(labels.map(({ frame }) => frame)).toEqual([0]);
    expect(warnings.join()).toContain("00009.png");
    expect(warnings.join()).not.toContain("notes");
  });

  it("in colours: a colour is the same object in all masks of a clip, whichever is read first", async () => {
    await painted(0, [250, 10, 10]);
    await painted(4, [10, 10, 250]);
    await painted(7, [250, 10, 10]);
    const labels = await labelsOf();
    const valueIn = async (masks: SiteMasks, i: number): Promise<number> =>
      Math.max(...(await masks.read(labels[i])).data);
    const [forward, backward] = [new SiteMasks(labels), new SiteMasks(labels)];
    expect([await valueIn(forward, 0), await valueIn(forward, 1), await valueIn(forward, 2)]).toEqual([1, 2, 1]);
    expect([await valueIn(backward, 1), await valueIn(backward, 2)]).toEqual([2, 1]);
  });
});

describe("runs", () => {
  it("start from the first label with something in it; verdict labels are never given", async () => {
    await writeMaskPng(folder.at("labels/clip/00000.png"), { width: 48, height: 48, data: new Uint8Array(48 * 48) });
    for (const frame of [2, 4, 5]) await save(frame);
    const labels = await labelsOf();
    const [{ given, verdict }] = await labelledPassages(labels, split.passages, new SiteMasks(labels));
    expect(given.map(({ frame }) => frame)).toEqual([2, 5]);
    expect(verdict.map(({ frame }) => frame)).toEqual([4]);
  });

  it("are first the model's, with ever more corrections where there are labels, then the untrained one's", async () => {
    for (const frame of [0, 2, 4]) await save(frame);
    const labels = await labelsOf();
    const passages = await labelledPassages(labels, split.passages, new SiteMasks(labels));
    const runs = plannedRuns(passages, { model: { number: 0, name: "default" }, preset: null }, 3);
    expect(runs.map((run) => runFolder(run).join("/"))).toEqual([
      "runs/0000-default/0/clip@00000",
      "runs/0000-default/1/clip@00000",
      "runs/untrained/0/clip@00000",
    ]);
    expect(runs.map(({ method }) => method)).toEqual(["model", "model", "untrained"]);
    expect(runnerKey({ model: "untrained", preset: null })).toBe("untrained");
    const inUse = { model: { number: 0, name: "default" }, preset: null };
    expect(plannedRuns([{ ...passages[0], given: [] }], inUse, 3)).toEqual([]);
  });

  it.each([
    [0, false, ["model", "untrained"]],
    [12, false, ["model", "default", "untrained"]],
    [0, true, ["model", "default", "untrained"]],
    [12, true, ["model", "untuned", "default", "untrained"]],
  ] as const)(
    "of model %i, tuned: %s, are compared with what shows where a gain comes from",
    async (number, tuned, methods) => {
      await save(0);
      const labels = await labelsOf();
      const passages = await labelledPassages(labels, split.passages, new SiteMasks(labels));
      const model = { number, name: number === 0 ? "default" : "adapted" };
      const runs = plannedRuns(passages, { model, preset: tuned ? { name: "tuned", tracker: { topK: 5 } } : null }, 0);
      expect(runs.map(({ method }) => method)).toEqual(methods);
      expect(new Set(runs.map((run) => runFolder(run).join("/"))).size).toBe(runs.length);
      expect(runs.filter(({ preset }) => preset !== null).map((run) => runnerKey(run))).toEqual(
        tuned ? [number === 0 ? "0000-default+tuned" : "0012-adapted+tuned"] : [],
      );
    },
  );

  it("corrections split what is left: the frame farthest from all that are given and from the end is next", async () => {
    for (const frame of [0, 2, 3, 5, 8, 9]) await save(frame);
    const given = (await labelsOf()).filter(({ role }) => role !== "verdict");
    expect(correctionOrder(given, 10).map(({ frame }) => frame)).toEqual([0, 5, 2, 8, 3, 9]);
    expect(correctionOrder([], 10)).toEqual([]);
  });
});

describe("observations", () => {
  it("compare the objects of the first label, and nothing else", async () => {
    await save(0, 3);
    await save(4, 3);
    await save(7, 5);
    const labels = await labelsOf();
    const masks = new SiteMasks(labels);
    const [labelled] = await labelledPassages(labels, split.passages, masks);
    const observed = await observePassage(labelled, copyFirst(labelled, masks), [0], masks);
    // The square of 17 pixels moves a pixel a frame: after 4, 13 of 21 columns are common.
    expect(observed.map(({ frame, thing, away }) => [frame, thing, away])).toEqual([
      [4, "3", 4],
      [7, "3", 7],
    ]);
    const [first, second] = observed.map(({ found }) => found);
    expect(first).toMatchObject({ kind: "mask", iou: 13 / 21, area: 17 * 17, trueArea: 17 * 17, frameArea: 48 * 48 });
    expect(second).toMatchObject({ iou: 0, trueArea: 0 });
  });

  it("of a session are its masks and the confidence of its latest records", async () => {
    for (const frame of [0, 4, 7]) await save(frame);
    const labels = await labelsOf();
    const masks = new SiteMasks(labels);
    const [labelled] = await labelledPassages(labels, split.passages, masks);
    const session = join(root, "session");
    await writeMaskPng(join(session, "masks", "00004.png"), truthOf(4));
    await writeFile(join(session, "frames.jsonl"), `${line(0.2)}\n${line(0.9)}\n`);
    const observed = await observePassage(labelled, trackedIn(session), [0, 6], masks);
    expect(observed).toMatchObject([{ frame: 4, confidence: 0.9, away: 2, found: { iou: 1 } }]);
    expect(await observePassage(labelled, trackedIn(join(root, "none")), [0], masks)).toEqual([]);
  });
});

it("values are grouped by key, keys in the order of their first values", () => {
  expect([...grouped([3, 1, 4, 1, 5], (value) => value % 2)]).toEqual([
    [1, [3, 1, 1, 5]],
    [0, [4]],
  ]);
  expect(grouped([], String).size).toBe(0);
});
