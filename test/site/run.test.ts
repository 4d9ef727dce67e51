/** `site run`: everything that is not done yet, in order, on clips so small that it takes seconds. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { isStillOpen } from "../../src/tasks/site/runSite.ts";
import { halfWritten, isThere, tsumugi } from "../cli/cli.ts";
import { temporaryFolder } from "../training/footage.ts";
import { label, machine, siteOfClips, smallSite } from "./smallSite.ts";

let root: string;
let folder: SiteFolder;
beforeEach(async () => {
  root = await temporaryFolder();
  folder = new SiteFolder(await siteOfClips(root, ["one", "部品 2"], 40));
});
afterEach(() => rm(root, { recursive: true }));

const run = async (more: object = {}) => {
  const lines: string[] = [];
  const logger = { ...silent, info: (line: string) => void lines.push(line) };
  const task = { step: "run" as const, folder: folder.root, tuneMinutes: 1 };
  const outcome = await tasks.site.run({ ...task, adaptMinutes: 1, corrections: 0, ...more }, { machine, logger });
  if (outcome.step !== "run") throw new Error(outcome.step);
  return { ...outcome, lines, states: outcome.steps.map(({ step, state }) => `${step} ${state}`) };
};

it("without labels it ends with the plan; with them it goes on to the report, and what is done is kept", async () => {
  const first = await run({ adaptMinutes: 0, tuneMinutes: 0 });
  expect(first.states).toEqual(["check done", "plan done", "adapt left out", "tune left out", "track left out"]);
  expect(first.report).toBeNull();
  expect(first.lines[0]).toMatch(
    /^about \S+ \S+, more on a busy machine: check .*, plan .*, adapt 0 s, tune 0 s, track /u,
  );
  expect(first.lines.join("\n")).toContain("draw the masks of the plan, then run this again");
  await label(folder.root);
  for (const step of ["adapt", "tune"]) await folder.note(step, {});
  const second = await run();
  expect(second.states).toEqual(["check kept", "plan done", "adapt kept", "tune kept", "track done", "report done"]);
  expect(second.report?.report.decision).toBe("not-enough");
  expect(second.lines[0]).toMatch(/check 0 s, plan 0 s, adapt 0 s, tune 0 s/u);
});

it("footage that is too little for a step is told, and the others are done", async () => {
  const { root: elsewhere, site } = await smallSite();
  await label(site);
  const { states, steps } = await run({ folder: site });
  expect(states).toEqual(["check done", "plan done", "adapt failed", "tune failed", "track done", "report done"]);
  expect(steps[2].said).toMatch(/^the site does without adapt: the site has too little footage/u);
  await rm(elsewhere, { recursive: true });
});

it("what is wrong with labels stops it", async () => {
  await label(folder.root);
  const [clip] = await readdir(folder.at("labels"));
  await writeFile(folder.at("labels", clip, "99999.png"), "x");
  await expect(run({ adaptMinutes: 0, tuneMinutes: 0 })).rejects.toMatchObject({ code: "site/label" });
});

const event = (what: string, clips?: number) => ({ at: "2026-11-30T10:00:00.000Z", what, ...(clips && { clips }) });

it("a step is done once for the footage that there is, whatever else is changed", () => {
  const history = [event("init", 3), event("plan")];
  expect(isStillOpen(history, "adapt", 3)).toBe(true);
  history.push(event("adapt"), event("changed", 3));
  expect(isStillOpen(history, "adapt", 3)).toBe(false);
  expect(isStillOpen(history, "tune", 3)).toBe(true);
  history.push(event("changed", 5));
  expect(isStillOpen(history, "adapt", 5)).toBe(true);
});

it("killed, the same command goes on to the report", async () => {
  await label(folder.root);
  const args = ["site", "run", folder.root, "--adapt-minutes", "0", "--tune-minutes", "0", "--threads", "1"];
  for (const moment of ["plan/looks", "runs"]) await tsumugi([...args], () => isThere(folder.at(moment)), "SIGKILL");
  const ended = await tsumugi(args);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out).toContain("verdict: not enough evidence");
  expect(await readFile(folder.at("report/report.html"), "utf8")).toContain("not enough evidence");
  expect(await halfWritten(folder.root)).toEqual([]);
});
