import { mkdir, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interrupted, UserError } from "../../src/core/errors.ts";
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
    await writeFile(join(root, ".preview.jpg"), "x");
    await symlink(join(root, "clip.mp4"), join(root, "link.mp4"));
    await symlink(root, join(root, "circle"));
    await symlink(join(root, "gone"), join(root, "dead.mp4"));
    const found = ["a", "b/shot1", "clip.mp4", "link.mp4"];
    expect(await findClips([root])).toEqual(found.map((name) => join(root, name)));
  });

  test("says what is missing", async () => {
    const root = await temporaryFolder();
    await expect(findClips([join(root, "nothing")])).rejects.toThrow(/nothing does not exist/);
    await mkdir(join(root, "empty"));
    await expect(findClips([join(root, "empty")])).rejects.toThrow(/no clips under/);
  });

  test("keeps only a range of a clip's frames, apart from all of them", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 7);
    const at = options(join(root, "cache"));
    const [all] = await cacheClips([clip], at);
    const [part] = await cacheClips([clip], { ...at, ranges: { [clip]: { start: 3, end: 6 } } });
    expect([framesOf(all), framesOf(part)]).toEqual([7, 3]);
    const [mine, theirs] = [await readFrames(part, [0, 2]), await readFrames(all, [3, 5])];
    expect(mine.map(({ data }) => data)).toEqual(theirs.map(({ data }) => data));
    const other = await cacheClips([clip], { ...at, ranges: { other: { start: 0, end: 1 } } });
    expect(framesOf(other[0])).toBe(7);
    const long = await cacheClips([clip], { ...at, ranges: { [clip]: { start: 5, end: 99 } } });
    expect(framesOf(long[0])).toBe(2);
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
    const clip = await makeImageFolder(root, "clip", 130, { size: 32 });
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
      /the clip cannot be read/,
    );
  });

  test("a clip that breaks in the middle is skipped too, and nothing half-written stays", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 3);
    const broken = await makeImageFolder(root, "broken", 5);
    await truncate(join(broken, "00003.png"), 60);
    const warnings: string[] = [];
    const logger = { ...silent, warn: (line: string) => void warnings.push(line) };
    const segments = await cacheClips([broken, clip], { ...options(join(root, "cache")), logger });
    expect(segments.map(({ source }) => source)).toEqual([clip]);
    expect(warnings.join()).toMatch(/skipped .*broken: .*00003\.png/);
    expect(await readdir(join(root, "cache"))).toHaveLength(2);
  });

  test("stopped while decoding, it says so and leaves nothing half-written", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 6);
    let asked = 0;
    const signal = {
      throwIfAborted() {
        if (++asked > 3) throw new Interrupted("enough");
      },
    } as AbortSignal;
    await expect(cacheClips([clip], { ...options(join(root, "cache")), signal })).rejects.toBeInstanceOf(Interrupted);
    expect(await readdir(join(root, "cache"))).toEqual([]);
  });

  test("never keeps more frames than wanted, nor reaches beyond the end", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 20);
    const segments = await cacheClips([clip], { ...options(join(root, "cache")), maxFrames: 16 });
    expect(segments.map(framesOf)).toEqual([16]);
  });

  test("a cache may be moved; one that was cut off is made again; one that is gone is a clear error", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 3);
    const cache = join(root, "cache");
    await cacheClips([clip], options(cache));
    await rename(cache, join(root, "moved"));
    const moved = await cacheClips([clip], options(join(root, "moved")));
    expect(await readFrames(moved[0], [2])).toHaveLength(1);
    await truncate(moved[0].file, 100);
    const [again] = await cacheClips([clip], options(join(root, "moved")));
    expect(await readFrames(again, [0, 1, 2])).toHaveLength(3);
    await rm(join(root, "moved"), { recursive: true });
    await expect(readFrames(again, [0])).rejects.toThrow(UserError);
    await expect(readFrames(again, [0])).rejects.toThrow(/cannot read .*\.jpegs, the decoded frames of .*clip/);
  });

  test("a cache folder that cannot be made is a user's error", async () => {
    const root = await temporaryFolder();
    const clip = await makeImageFolder(root, "clip", 2);
    await writeFile(join(root, "file"), "in the way");
    await expect(cacheClips([clip], options(join(root, "file", "cache")))).rejects.toThrow(UserError);
  });
});
