import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { reversedFrames } from "../../../src/video/sources/reversedFrames.ts";
import { backends, decodeIndex, hasEncoder, writeClip } from "../media.ts";

const [WIDTH, HEIGHT] = [96, 72];
const FRAME_BYTES = WIDTH * HEIGHT * 3;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-reversed-"));
  if (hasEncoder) await writeClip(join(folder, "clip.mp4"), { count: 23, width: WIDTH, height: HEIGHT });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(backends)("a clip read backwards by %s", (backend, there) => {
  it.skipIf(!there).each([
    ["one frame at a time", 1],
    ["pieces that do not divide the clip", 5],
    ["one piece", 100],
  ])("%s: every frame once, from the end", async (_, frames) => {
    await using source = await openFrameSource(join(folder, "clip.mp4"), { backend });
    const seen: number[][] = [];
    for await (const frame of reversedFrames(source, {}, frames * FRAME_BYTES))
      seen.push([frame.index, decodeIndex(frame)]);
    expect(seen).toEqual(Array.from({ length: 23 }, (_, i) => [22 - i, 22 - i]));
  });

  it.skipIf(!there)("a range; an empty one gives nothing", async () => {
    await using source = await openFrameSource(join(folder, "clip.mp4"), { backend });
    const indices = async (start: number, end: number): Promise<number[]> => {
      const out: number[] = [];
      for await (const { index } of reversedFrames(source, { start, end }, 2 * FRAME_BYTES)) out.push(index);
      return out;
    };
    expect(await indices(4, 9)).toEqual([8, 7, 6, 5, 4]);
    expect(await indices(4, 4)).toEqual([]);
    await expect(indices(-1, 4)).rejects.toMatchObject({ code: "video/frame-index" });
  });
});
