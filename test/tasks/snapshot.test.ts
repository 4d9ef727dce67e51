/** @file One frame as a picture, of clips and streams. */
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Snapshot, snapshotTask } from "../../src/tasks/snapshot.ts";
import { findProgram } from "../../src/video/backends/backend.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

const ffmpeg = await findProgram("ffmpeg");
let root: string;
let clip: string;
beforeAll(async () => {
  root = await temporaryFolder();
  clip = await makeImageFolder(root, "clip", 5);
});
beforeEach(() => rm(join(root, "out.png"), { force: true }));
afterAll(() => rm(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);
const pixels = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer();
const take = (options: object = {}): Promise<Snapshot> =>
  snapshotTask.run({ video: clip, out: at("out.png"), ...options });

describe("a snapshot is refused", () => {
  it.each([
    [{ out: "out.jpg" }, "snapshot/format", /the picture is a PNG: got out\.jpg, expected a name that ends in \.png/],
    [{ frame: 5 }, "snapshot/frame", /clip has no such frame: got frame 5, expected 0 to 4/],
    [{ timeSec: 9 }, "snapshot/frame", /clip has no such frame: got 9 s, expected 0\.000 to/],
    [{ frame: 1, timeSec: 1 }, "snapshot/frame", /--frame and --time both say which frame to write/],
    [{ video: "none.mp4" }, "video/missing", /no such file or folder/],
  ])("%o", async (options, code, message) => {
    const taken = take(options);
    await expect(taken).rejects.toMatchObject({ code });
    await expect(taken).rejects.toThrow(message);
    expect(await readdir(root)).not.toContain("out.png");
  });

  it("where a file is already, unless it may be replaced", async () => {
    await writeFile(at("out.png"), "mine");
    await expect(take()).rejects.toMatchObject({ code: "snapshot/exists" });
    expect(await readFile(at("out.png"), "utf8")).toBe("mine");
    await take({ overwrite: true });
    expect(await pixels(at("out.png"))).toEqual(await pixels(join(clip, "00000.png")));
  });
});

describe("a snapshot of a clip", () => {
  it("is the first frame, pixel by pixel", async () => {
    expect(await take()).toEqual({ out: at("out.png"), index: 0, timeSec: 0, width: 48, height: 48 });
    expect(await pixels(at("out.png"))).toEqual(await pixels(join(clip, "00000.png")));
  });

  it("is the frame asked for, by index or by the time at which it is shown", async () => {
    const { timeSec } = await take({ frame: 3 });
    expect(await pixels(at("out.png"))).toEqual(await pixels(join(clip, "00003.png")));
    expect(await take({ timeSec: timeSec + 0.001, overwrite: true })).toMatchObject({ index: 3 });
    expect(await take({ timeSec: timeSec - 0.001, overwrite: true })).toMatchObject({ index: 2 });
  });
});

describe.skipIf(ffmpeg === undefined)("a snapshot of a stream (needs the ffmpeg program)", () => {
  beforeAll(async () => {
    const source = "testsrc=size=64x48:rate=10:duration=2";
    const coding = ["-c:v", "mpeg2video", "-bf", "0", "-f", "mpegts", at("clip.ts")];
    await promisify(execFile)(ffmpeg!, ["-v", "error", "-f", "lavfi", "-i", source, ...coding]);
  });

  it("is the first frame that comes, or a later one", async () => {
    const video = `file://${at("clip.ts")}`;
    expect(await take({ video })).toMatchObject({ index: 0, width: 64, height: 48 });
    expect((await take({ video, frame: 4, overwrite: true })).index).toBeGreaterThanOrEqual(4);
  });

  it("says how far a stream went that ends before", async () => {
    await expect(take({ video: `file://${at("clip.ts")}`, frame: 99 })).rejects.toThrow(
      /got frame 99, expected 0 to 19/,
    );
  });

  it("of a file that grows ends when it has the frame", async () => {
    expect(await take({ video: at("clip.ts"), follow: true })).toMatchObject({ index: 0 });
  });
});
