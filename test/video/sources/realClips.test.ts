import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../../src/video/backends/backend.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { backends } from "../media.ts";

const root = new URL("../../../../shared/data/train", import.meta.url).pathname;
/** MPEG-4 avi without presentation times, avi with gaps, gif with partial frames, H.264 with one and with several key frames. */
const clips = [
  "davis-train/boat.avi",
  "jhmdb-avi/jhmdb-train-throw-02.avi",
  "surveillance/intel-store-aisle.gif",
  "davis-train/swing.mp4",
  "jhmdb/clap-033.mp4",
  "general/pysot-bag.avi",
];
const ffprobe = await findProgram("ffprobe");

const hash = (data: Uint8Array): string => createHash("sha1").update(data).digest("hex");

/** Frames that ffprobe decodes. */
function countOf(path: string): number {
  const count = ["-v", "error", "-count_frames", "-select_streams", "v:0"];
  const show = ["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"];
  return Number(execFileSync(ffprobe!, [...count, ...show, path], { encoding: "utf8" }).trim());
}

describe.skipIf(!existsSync(root))("real clips (skipped without the data)", () => {
  describe.each(backends)("%s", (backend, there) => {
    test.skipIf(!there).each(clips)("%s: every frame, and the same one at random", async (clip) => {
      await using source = await openFrameSource(join(root, clip), { backend });
      if (ffprobe !== undefined) expect(source.frameCount).toBe(countOf(join(root, clip)));
      const hashes: string[] = [];
      for await (const frame of source.frames()) hashes.push(hash(frame.data));
      expect(hashes.length).toBe(source.frameCount);
      for (const i of [source.frameCount - 1, 13, 12]) expect(hash((await source.frame(i)).data)).toBe(hashes[i]);
    });

    test.skipIf(!there)("4:4:4 of an old x264: the same picture whether it is come to by seeking or not", async () => {
      await using source = await openFrameSource(join(root, "general/dlc-openfield-mouse.mp4"), { backend });
      let read = "";
      for await (const frame of source.frames({ start: 0, end: 186 })) read = hash(frame.data);
      for await (const frame of source.frames({ start: 185, end: 186 })) expect(hash(frame.data)).toBe(read);
      expect(hash((await source.frame(185)).data)).toBe(read);
    });
  });
});
