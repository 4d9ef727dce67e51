/** The demonstration of a site, with few small clips. */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { tasks } from "../../src/tasks/index.ts";
import { runSiteDemo } from "../../src/tasks/demo/runSiteDemo.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "site-demo-"));
});
afterAll(() => rm(out, { recursive: true }));

const context = {
  logger: silent,
  signal: new AbortController().signal,
  machine: { device: "cpu", threads: 1 } as const,
};
const demo = (seed = 3) =>
  runSiteDemo({ out, seed, clips: 2, frames: 6, wishes: { adaptMinutes: 0, tuneMinutes: 0, corrections: 0 } }, context);

it("goes from rendered footage to a report on exact labels, and again resumes", async () => {
  const { site, footage, truth, report, steps } = await demo();
  expect((await readdir(join(footage, "line"))).sort()).toEqual(["clip-01", "clip-02"]);
  expect(await readdir(join(truth, "clip-02"))).toHaveLength(6);
  expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
    "check done",
    "plan done",
    "adapt left out",
    "tune left out",
    "track done",
    "report done",
  ]);
  const { metrics, verdicts } = report?.report ?? { metrics: [], verdicts: [] };
  expect(verdicts).toMatchObject([{ metric: "iou", target: 0.6, afterResults: false }]);
  const [copy, , model] = metrics[0].methods;
  expect(model.score.mean).toBeGreaterThan(copy.score.mean);
  expect(metrics[0].things.map(({ name }) => name).toSorted()).toEqual(["bolt", "box", "bracket", "gear"]);
  const label = (await readdir(join(site, "labels", "clip-01"))).sort()[0];
  expect(await readFile(join(site, "labels", "clip-01", label))).toEqual(await readFile(join(truth, "clip-01", label)));

  const rendered = await stat(join(footage, "line", "clip-01", "00000.jpg"));
  const again = await demo();
  expect((await stat(join(footage, "line", "clip-01", "00000.jpg"))).mtimeMs).toBe(rendered.mtimeMs);
  expect(again.steps.find(({ step }) => step === "track")?.said).toMatch(/^0 runs tracked now/u);
  expect((await new SiteFolder(site).read()).targets).toHaveLength(1);
});

it("weights of one's own are for the demo of a clip", async () => {
  const task = tasks.demo.run({ site: true, weights: "w.safetensors", out });
  await expect(task).rejects.toMatchObject({ code: "task/invalid" });
});

it("another seed is another demo", async () => {
  await demo();
  await expect(demo(4)).rejects.toMatchObject({ code: "demo/other" });
});
