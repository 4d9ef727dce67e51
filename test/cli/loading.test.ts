/** @file Help loads nothing that it does not show: which modules a process loaded is read from V8's coverage, not from a clock. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The files that a command loaded, as V8 lists them. */
async function loaded(args: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "loaded-"));
  try {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, NODE_V8_COVERAGE: folder },
      stdio: "ignore",
    });
    await new Promise((resolve) => child.on("close", resolve));
    const [name] = await readdir(folder);
    const { result } = JSON.parse(await readFile(join(folder, name), "utf8")) as { result: { url: string }[] };
    return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const packages = (urls: readonly string[]): string[] => [
  ...new Set(urls.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(url)?.[1] ?? [])),
];
/** Folders of ours with work in them. */
const WORK = /\/dist\/(?!cli\/|core\/|tasks\/choices|evaluation\/ablation\/rows)/u;

describe("what is loaded", () => {
  it.each([
    [["--help"]],
    [["--version"]],
    [["track", "--help"]],
    [["train", "--help"]],
    [["ablate", "--help"]],
    [["evaluate", "--help"]],
    [["evaluate", "davis", "--help"]],
    [["score", "pck", "--help"]],
    [["run", "--help"]],
    [["serve", "--help"]],
    [["studio", "--help"]],
    [["trakc"]],
    [["track", "clip.mp4", "--radius", "wide"]],
  ])("for %j: options and their words, nothing that works", async (args) => {
    const urls = await loaded(args);
    expect(urls.some((url) => url.endsWith("/dist/cli/main.js"))).toBe(true);
    expect(packages(urls).sort()).toEqual(["commander", "picocolors"]);
    expect(urls.filter((url) => WORK.test(url))).toEqual([]);
    // A file or two for each command, and a few for all.
    expect(urls.length).toBeLessThan(80);
  });

  it("for tracking: nothing of the service", async () => {
    const urls = await loaded(["track", "none.mp4", "--labels", "none.png", "--out", "none"]);
    expect(urls.some((url) => url.includes("/dist/tasks/track.js"))).toBe(true);
    expect(packages(urls).filter((name) => /fastify|libsql|prom-client|openapi/u.test(name))).toEqual([]);
    expect(urls.filter((url) => url.includes("/dist/server/"))).toEqual([]);
  });

  it("for a score: no encoder, no runtime of tensors", async () => {
    const urls = await loaded(["score", "pck", "--pred", "none", "--truth", "none"]);
    expect(urls.some((url) => url.includes("/dist/tasks/score.js"))).toBe(true);
    expect(packages(urls)).not.toContain("onnxruntime-node");
    expect(urls.filter((url) => /\/dist\/(?:tensor|method|training|motion)\//u.test(url))).toEqual([]);
  });

  it("for a step of a site: nothing that tracks, learns or draws, where the step does not", async () => {
    const urls = await loaded(["site", "plan", "none"]);
    expect(urls.some((url) => url.includes("/dist/site/plan/planSite.js"))).toBe(true);
    expect(packages(urls)).not.toEqual(expect.arrayContaining([expect.stringMatching(/onnxruntime|plot|linkedom/u)]));
    expect(urls.filter((url) => /\/dist\/(?:tensor\/node|tracking|charts|training\/parts)\//u.test(url))).toEqual([]);
  });
});
