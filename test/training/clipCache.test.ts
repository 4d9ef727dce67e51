import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { cacheClips, findClips, framesOf, readFrames } from "../../src/training/clipCache.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

const options = (folder: string) => ({ folder, side: 32, maxFrames: 400, logger: silent });

describe("clip cache", () => {
  test("finds videos and image folders at any depth, in a fixed order", async () => {
    const root = await temporaryFolder();
    await makeImageFolder(root, "b/shot1", 2);
    await makeImageFolder(root, "a", 2);
    await writeFile(join(root, "clip.mp4"), "x");
    await writeFile(join(root, "notes.txt"), "x");
    expect(await findClips([root])).toEqual([join(root, "a"), join(root, "b/shot1"), join(root, "clip.mp4")]);
  });

  test("says what is missing", async () => {
    const root = await temporaryFolder();
    await expect(findClips([join(root, "nothing")])).rejects.toThrow(/nothing does not exist/);
    await mkdir(join(root, "empty"));
    await expect(findClips([join(root, "empty")])).rejects.toThrow(/no clips under/);
  });

  test("keeps frames at the wanted size, close to the originals, and decodes only once", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 7);
    const [segment] = await cacheClips([clip], options(join(root, "cache")));
    expect(framesOf(segment)).toBe(7);
    expect([segment.width, segment.height]).toEqual([32, 32]);
    const [full] = await cacheClips([clip], { ...options(join(root, "full")), side: 48 });
    const [frame] = await readFrames(full, [3]);
    await using source = await openFrameSource(clip);
    const original = (await source.frame(3)).data;
    const difference = frame.data.reduce((sum, value, i) => sum + Math.abs(value - original[i]), 0) / original.length;
    expect(difference).toBeLessThan(6);
    const before = await readdir(join(root, "cache"));
    await cacheClips([clip], options(join(root, "cache")));
    expect(await readdir(join(root, "cache"))).toEqual(before);
  });

  test("thins a long clip out to evenly spaced runs", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 130, 32);
    const segments = await cacheClips([clip], { ...options(join(root, "cache")), maxFrames: 100 });
    expect(segments.map(framesOf)).toEqual([50, 50]);
  });

  test("skips a corrupt clip by name and goes on", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 3);
    const broken = join(root, "broken.mp4");
    await writeFile(broken, "this is no video");
    const warnings: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warnings.push(line) };
    const segments = await cacheClips([broken, clip], { ...options(join(root, "cache")), logger });
    expect(segments).toHaveLength(1);
    expect(warnings.join()).toContain("broken.mp4");
    await expect(cacheClips([broken], { ...options(join(root, "cache")), logger })).rejects.toThrow(
      /none of the 1 clips can be read/,
    );
  });
});
