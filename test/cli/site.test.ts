/** `tsumugi site` as a user runs it: what it prints, and that it survives Ctrl-C and `kill -9` at any moment. */
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMaskPng } from "../../src/video/masks/maskPng.ts";
import { label, type SmallSite, smallSite, track as trackHere } from "../site/smallSite.ts";
import { halfWritten, isThere, tsumugi } from "./cli.ts";
import { tsumugiHere } from "./here.ts";

let made: SmallSite;
beforeEach(async () => {
  made = await smallSite();
});
afterEach(() => rm(made.root, { recursive: true }));

const tracked = "runs/0000-default/0/clip@00000";
const lines = (out: string): string[] => out.trimEnd().split("\n");

const track = (site: string, more?: Parameters<typeof tsumugi>[1], signal?: NodeJS.Signals) =>
  tsumugi(["site", "track", site, "--corrections", "0", "--threads", "1"], more, signal);

const split = (site: string): Promise<string> => readFile(join(site, "labels/split.json"), "utf8");

describe("from footage to a report", () => {
  it("every step says what there is and what to do next", async () => {
    const folder = join(made.root, "new site");
    const init = await tsumugiHere([
      "site",
      "init",
      folder,
      "--footage",
      made.footage,
      "--target",
      "iou=0.5",
      "--object",
      "1=歯車",
      "--wage",
      "30",
      "--machine-wage",
      "0",
    ]);
    expect(init).toMatchObject({ code: 0 });
    expect(lines(init.out)).toEqual([
      "new site new site: 3 clips of 2 cameras, 0.6 s",
      "targets: iou ≥ 0.5",
      `next: tsumugi site check '${folder}'`,
    ]);
    const site = JSON.parse(await readFile(join(folder, "site.json"), "utf8"));
    expect(site).toMatchObject({ objects: { 1: "歯車" }, prices: { wagePerHour: 30, maskSec: 60 } });

    const plan = await tsumugiHere(["site", "plan", folder, "--tuning", "0"]);
    expect(lines(plan.out)[0]).toMatch(/^\d+ frames to label in 3 passages, \d+ left: about \d+ min$/u);
    expect(plan.out).toContain("the footage has only 3 passages");
    expect(lines(plan.out).at(-1)).toBe(
      `next: draw the masks in the page's order, then tsumugi site track '${folder}'`,
    );

    const nothing = await tsumugiHere(["site", "track", folder]);
    expect(nothing).toMatchObject({ code: 1, out: "" });
    expect(nothing.err).toContain("no passage has a label to start from");

    await label(folder);
    const drawn = await tsumugiHere(["site", "plan", folder]);
    expect(lines(drawn.out).at(-1)).toBe(`next: tsumugi site track '${folder}'`);
    const track = await tsumugiHere(["site", "track", folder, "--corrections", "0", "--threads", "1"]);
    expect(lines(track.out)[0]).toMatch(/^3 passages: 6 runs tracked now, 0 kept from before, \d+\.\d frames\/s$/u);
    const json = join(made.root, "out.json");
    const report = await tsumugiHere(["site", "report", folder, "--language", "ja", "--json", json]);
    expect(lines(report.out)[0]).toBe("verdict: not enough evidence");
    expect(lines(report.out)[1]).toMatch(
      /^iou ≥ 0\.5: \d\.\d{3}, 95 % interval 0\.\d{3} to \d\.\d{3}, 3 passages: not enough evidence$/u,
    );
    expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({ report: { decision: "not-enough" } });
    expect(await readFile(join(folder, "report/report.html"), "utf8")).toContain("判定：判断材料が不足");
  });

  it.each([
    [["init", "--target", "iou=80"], 'the target "iou=80": expected METRIC=VALUE'],
    [["init", "--mask-sec", "0"], "Expected a number above 0."],
    [["plan", "--reach", "0.6"], "reach: Too big"],
    [["track", "--corrections", "50"], "Expected a whole number from 0 to 20."],
    [["report", "--language", "fr"], "Allowed choices are en, ja."],
  ])("%j is refused with a word", async ([step, ...options], says) => {
    const ended = await tsumugiHere(["site", step, made.site, ...options]);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain(says);
  });
});

describe("stopped while it tracks", () => {
  let undisturbed: SmallSite;
  beforeAll(async () => {
    undisturbed = await smallSite();
    await label(undisturbed.site);
    await trackHere(undisturbed.site, 0);
  });
  afterAll(() => rm(undisturbed.root, { recursive: true }));

  it.each(["SIGINT", "SIGKILL"] as const)("by %s, the same command ends with the same masks", async (signal) => {
    await label(made.site);
    const begun = (): Promise<boolean> => isThere(join(made.site, tracked, "masks"));
    const stopped = await track(made.site, begun, signal);
    expect(stopped.code).toBe(signal === "SIGINT" ? 130 : null);
    if (signal === "SIGINT") expect(stopped.err).toContain("stopped; run the same command again to resume");
    expect(await track(made.site)).toMatchObject({ code: 0 });
    const names = await readdir(join(undisturbed.site, tracked, "masks"));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const [mine, other] = [made.site, undisturbed.site].map((site) =>
        readMaskPng(join(site, tracked, "masks", name)),
      );
      expect(await mine).toEqual(await other);
    }
    expect(await halfWritten(made.site)).toEqual([]);
    const whole = (await readFile(join(made.site, "history.jsonl"), "utf8")).trimEnd().split("\n");
    for (const line of whole) expect(JSON.parse(line)).toHaveProperty("what");
  });

  it("a second process in the same site is told that it is busy", async () => {
    await label(made.site);
    const locked = (): Promise<boolean> => isThere(join(made.site, tracked, "masks"));
    let second: Awaited<ReturnType<typeof tsumugiHere>> | undefined;
    await track(made.site, async () => {
      if (!(await locked())) return false;
      second = await tsumugiHere(["site", "report", made.site]);
      return true;
    });
    expect(second).toMatchObject({ code: 1, out: "" });
    expect(second?.err).toContain("is working in");
  });
});

it("killed while it plans, it plans the same", async () => {
  const other = join(made.root, "other");
  await cp(made.site, other, { recursive: true });
  const begun = (): Promise<boolean> => isThere(join(made.site, "plan/looks"));
  await tsumugi(["site", "plan", made.site], begun, "SIGKILL");
  for (const site of [made.site, other]) expect(await tsumugiHere(["site", "plan", site])).toMatchObject({ code: 0 });
  expect(await split(made.site)).toBe(await split(other));
  expect(await halfWritten(made.site)).toEqual([]);
});
