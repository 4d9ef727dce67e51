import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { depthTable } from "../../../src/evaluation/depth/depthBenchmark.ts";
import { layeredClip } from "../../../src/synthetic/layeredClip.ts";
import { evaluateTask } from "../../../src/tasks/evaluate.ts";
import { trackTask } from "../../../src/tasks/track.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { encodePng } from "../../../src/video/writing/png.ts";

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "track-depth-"));
  for (const folder of ["clip", "depth", "other"]) await mkdir(at(folder));
  for (const { frame, labels, depth } of layeredClip({ width: 96, height: 64, frames: 9, seed: 2 })) {
    const name = `${frame.name}.png`;
    if (frame.index === 0) await writeMaskPng(at("first.png"), labels);
    await writeFile(at("clip", name), await encodePng(frame));
    const size = { width: depth.width, height: depth.height, channels: 1 as const, depth: 16 as const };
    await writeFile(at("depth", name), encode({ ...size, data: Uint16Array.from(depth.data, (m) => 1000 * m) }));
    await writeFile(at("other", name), encode({ ...size, data: new Uint16Array(depth.data.length).fill(500) }));
  }
});
afterAll(() => rm(root, { recursive: true }));

const plain = { overlay: false, pictures: false, mode: "fast" } as const;
const track = (out: string, more: object = {}, context: Parameters<typeof trackTask.run>[1] = {}) =>
  trackTask.run({ ...plain, video: at("clip"), labels: [at("first.png")], out: at(out), ...more }, context);

async function masksOf(out: string): Promise<string[]> {
  const names = (await readdir(at(out, "masks"))).sort();
  return Promise.all(names.map(async (name) => (await readFile(at(out, "masks", name))).toString("base64")));
}

describe("tracking with depth", () => {
  it("differs from tracking without; stopped and resumed it gives the same bits; other depth is refused", async () => {
    const depth = at("depth");
    await track("whole", { depth });
    await track("without");
    const whole = await masksOf("whole");
    expect(whole).toHaveLength(9);
    expect(await masksOf("without")).not.toEqual(whole);
    const stop = new AbortController();
    const logger = {
      info() {},
      warn() {},
      progress: (line: string) => (/tracking 4\//.test(line) ? stop.abort("enough") : undefined),
    };
    await expect(track("parts", { depth }, { logger, signal: stop.signal })).rejects.toBe("enough");
    await track("parts", { depth });
    expect(await masksOf("parts")).toEqual(whole);
    await expect(track("whole", { depth: at("other") })).rejects.toThrow(/another value of depth/);
    await expect(track("whole")).rejects.toMatchObject({ code: "session/settings" });
    await expect(track("without", { depth })).rejects.toMatchObject({ code: "session/settings" });
  });

  it("refuses depth where nothing goes by it, and a folder that does not fit", async () => {
    const depth = at("depth");
    for (const more of [{ target: "none" }, { method: "direct" }, { arrivals: "like:any" }])
      await expect(track("unused", { depth, ...more })).rejects.toMatchObject({ code: "depth/unused" });
    await expect(track("unused", { depth: at("nowhere") })).rejects.toMatchObject({ code: "depth/missing" });
    await rm(at("other", "00004.png"));
    await expect(track("unused", { depth: at("other") })).rejects.toThrow(/no depth of frame 00004/);
    const live = { video: "rtsp://127.0.0.1:1/none", depth };
    await expect(track("unused", live)).rejects.toMatchObject({ code: "track/live" });
  });

  it("keeps layers apart that colours cannot tell apart", async () => {
    const task = { benchmark: "depth" as const, out: at("bench"), seeds: 1, frames: 10, mode: "fast" as const };
    const outcome = await evaluateTask.run(task);
    if (outcome.benchmark !== "depth") throw new Error("another benchmark");
    expect(outcome.with).toBeGreaterThan(outcome.without + 0.1);
    expect(outcome.with).toBeGreaterThan(0.8);
    expect(depthTable(outcome)).toContain("J&F with depth");
    expect(await evaluateTask.run(task)).toEqual(outcome);
  });
});
