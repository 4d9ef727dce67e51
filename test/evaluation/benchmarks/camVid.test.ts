import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import { evaluateCamVid } from "../../../src/evaluation/benchmarks/camVid.ts";
import { copyFirstMask } from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import { VOID } from "../../../src/video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { makeImageFolder, temporaryFolder } from "../../training/footage.ts";

const SIZE = 16;
let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  await makeImageFolder(join(root, "JPEGImages/360p"), "street", 4, { size: SIZE });
  for (let t = 0; t < 4; t++) await writeTruth(t, t < 2 ? 4 : 5);
});
afterEach(() => rm(root, { recursive: true }));

/** Sky above, `ground` below, a row of void between. */
function writeTruth(t: number, ground: number): Promise<void> {
  const data = new Uint8Array(SIZE * SIZE).fill(1, 0, SIZE * 8).fill(ground, SIZE * 8);
  data.fill(VOID, SIZE * 7, SIZE * 8);
  return writeMaskPng(join(root, `Annotations/360p/street/0000${t}.png`), { width: SIZE, height: SIZE, data });
}

const options = (logger = silent, signal?: AbortSignal) => {
  const common = { root, sequences: ["street"], out: join(root, "out"), identity: { method: "copy" }, logger };
  return { ...common, ...(signal && { signal }) };
};

describe("CamVid", () => {
  it("aborted: ends after the frame in hand, which is on disk", async () => {
    const controller = new AbortController();
    const logger = { ...silent, progress: () => controller.abort(new Interrupted("interrupted")) };
    await expect(evaluateCamVid(copyFirstMask, options(logger, controller.signal))).rejects.toThrow("interrupted");
    expect(await readdir(join(root, "out/street"))).toEqual(["00000.png", "00001.png"]);
  });

  it("carries the first labels, void as no class, and scores all frames after the first", async () => {
    const progress: string[] = [];
    const logger = { ...silent, progress: (line: string) => progress.push(line) };
    const { score, frames, kept } = await evaluateCamVid(copyFirstMask, options(logger));
    expect([frames, kept]).toEqual([4, 0]);
    expect(progress).toEqual([1, 2, 3, 4].map((done) => `street: frame ${done} of 4`));
    // Sky is right in three frames; the road is there in one, in the other two it is taken for the pavement.
    expect(score.perClass).toMatchObject({ 1: 1, 4: 1 / 3, 5: 0 });
    const written = await readMaskPng(join(root, "out/street/00003.png"));
    expect(new Set(written.data)).toEqual(new Set([0, 1, 4]));
  });

  it("keeps the labels of a sequence that is complete", async () => {
    const first = await evaluateCamVid(copyFirstMask, options());
    const second = await evaluateCamVid(copyFirstMask, options());
    expect([second.kept, second.frames]).toEqual([1, 0]);
    expect(second.score).toEqual(first.score);
  });
});
