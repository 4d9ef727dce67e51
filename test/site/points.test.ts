/** A site whose labels are points: PCK instead of IoU. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { plan, report, type SmallSite, smallSite, track } from "./smallSite.ts";

let made: SmallSite;
beforeEach(async () => {
  made = await smallSite(["pck@0.2=0.6"]);
});
afterEach(() => rm(made.root, { recursive: true }));

/** Corners of the square, which moves a pixel a frame. */
async function labelPoints(frame: number, path: string): Promise<void> {
  const corners = [
    ["left", 6, 16],
    ["right", 22, 32],
    ["middle", 14, 24],
  ] as const;
  const rows = corners.map(([name, x, y]) => `${frame},${name},${x + frame},${y}`);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `frame,name,x,y\n${rows.join("\n")}\n`);
}

it("points are tracked and measured by PCK; each point has its row", async () => {
  const { frames } = await plan(made.site);
  for (const { frame, label } of frames) await labelPoints(frame, join(made.site, label.replace(/png$/u, "csv")));
  expect((await plan(made.site)).frames.every(({ labelled }) => labelled)).toBe(true);
  expect(await track(made.site, 0)).toMatchObject({ passages: 3, failed: [] });
  const { report: data } = await report(made.site);
  expect(data.metrics.map(({ metric }) => metric)).toEqual(["pck@0.2", "pck@0.1"]);
  const [{ methods, things }] = data.metrics;
  expect(things.map(({ name }) => name).toSorted()).toEqual(["left", "middle", "right"]);
  const [copy, , model] = methods;
  expect(model.score.clusters).toBe(3);
  expect(model.score.mean).toBeGreaterThanOrEqual(copy.score.mean);
  expect(data.verdicts).toMatchObject([{ metric: "pck@0.2", decision: "not-enough", why: "too-few" }]);
  // Points have no areas: nothing is said of masks.
  expect(data.failures).toEqual([]);
});
