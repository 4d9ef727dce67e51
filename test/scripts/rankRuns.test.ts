import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { madeClipScore, madeScore } from "../../src/evaluation/drift/madeScore.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../scripts/rankRuns.js");
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "rank-"));
});
afterAll(() => rm(root, { recursive: true }));

/** Files of a setting with late J in two clips and a true score. */
async function pair(name: string, late: readonly number[], truth: object): Promise<string> {
  const clips = late.map((value, i) => madeClipScore(`clip-${i + 1}`, [[value]]));
  const [made, scores] = ["made", "scores"].map((kind) => join(root, `${name}-${kind}.json`));
  await writeFile(made, JSON.stringify({ benchmark: "made", ...madeScore(clips) }));
  await writeFile(scores, JSON.stringify(truth));
  return `${made}=${scores}`;
}

it("ranks settings by both scores, and compares them clip by clip", async () => {
  const pairs = [
    await pair("a", [0.3, 0.5], { JF_mean: 0.6 }),
    await pair("b", [0.4, 0.7], { JF_mean: 0.7 }),
    await pair("c", [0.1, 0.2], { benchmark: "drift", mean: { free: 0.65 } }),
  ];
  const { stdout } = await run(process.execPath, [script, ...pairs]);
  const rows = stdout.split("\n");
  expect(rows[2]).toMatch(/^0\.5500 +0\.1500 ± 0\.0500 +0\.7000$/u);
  expect(rows[3]).toMatch(/^0\.1500 +-0\.2500 ± 0\.0500 +0\.6500$/u);
  // Ranks 2, 3, 1 and 1, 3, 2.
  expect(rows[4]).toBe("Spearman's rank correlation: 0.50");
});

it("says how it is used", async () => {
  await expect(run(process.execPath, [script])).rejects.toMatchObject({ stderr: expect.stringContaining("usage:") });
});
