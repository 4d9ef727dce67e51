import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../scripts/cleanDist.js");
const clean = (folder: string) => run(process.execPath, [script, folder]);

it("does nothing where there is no build yet", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-clean-"));
  await expect(clean(join(folder, "dist"))).resolves.toMatchObject({ stderr: "" });
  expect(await readdir(folder)).toEqual([]);
});

it("removes files of an earlier build, but not the benchmarks", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tsumugi-clean-"));
  await mkdir(join(folder, "old/deep"), { recursive: true });
  await mkdir(join(folder, "benchmarks/bench"), { recursive: true });
  await writeFile(join(folder, "index.js"), "");
  await writeFile(join(folder, "old/deep/stale.js"), "");
  await writeFile(join(folder, "benchmarks/bench/main.js"), "");
  await clean(folder);
  expect(await readdir(folder, { recursive: true })).toEqual(
    ["benchmarks", "benchmarks/bench", "benchmarks/bench/main.js"].map((name) => join(name)),
  );
});
