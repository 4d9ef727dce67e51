import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { backends, writeClip } from "../media.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "memory-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What streaming may add to the process, bytes. */
const BOUND = 120e6;

test.skipIf(!backends[0][1])("streaming 350 MB of pictures adds less than 120 MB", async () => {
  const [width, height, count] = [320, 240, 1500];
  const path = await writeClip(join(folder, "long.mp4"), { width, height, count });
  await using source = await openFrameSource(path, { backend: "node-av" });
  const before = process.memoryUsage().rss;
  let most = 0;
  let bytes = 0;
  for await (const frame of source.frames()) {
    bytes += frame.data.length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(bytes).toBe(width * height * 3 * count);
  expect(most).toBeLessThan(BOUND);
});
