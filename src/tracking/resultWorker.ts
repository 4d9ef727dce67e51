/** @file The thread side of `ResultWriter`: masks as PNG files, overlay pictures into a video. */
import { join } from "node:path";
import { internal } from "../core/errors.ts";
import { silent } from "../core/log.ts";
import { serveCalls } from "../core/workerCalls.ts";
import { writeMaskPng } from "../video/maskPng.ts";
import { drawOverlay } from "../video/overlay.ts";
import { openVideoWriter, type VideoWriter } from "../video/writer.ts";
import type { ResultFrame, ResultOptions, WrittenFrame } from "./resultWriter.ts";

let options: ResultOptions | undefined;
/** Opened with the first picture, so that nothing is made when tracking cannot even begin. */
let overlay: VideoWriter | undefined;

serveCalls({
  open(given: ResultOptions): void {
    options = given;
  },
  async write({ name, picture, labels }: ResultFrame): Promise<WrittenFrame> {
    if (options === undefined) throw internal("write before open");
    const warnings: string[] = [];
    const begin = performance.now();
    if (options.masks) await writeMaskPng(join(options.out, "masks", `${name}.png`), labels);
    const masked = performance.now();
    if (options.video !== undefined) {
      const logger = { ...silent, warn: (line: string) => warnings.push(line) };
      overlay ??= await openVideoWriter(join(options.out, "overlay.mp4"), { ...options.video, logger });
      await overlay.write(drawOverlay(picture, labels));
    }
    const done = performance.now();
    return { seconds: { mask: (masked - begin) / 1000, overlay: (done - masked) / 1000 }, warnings };
  },
  async finish(): Promise<string | null> {
    await overlay?.finish();
    return overlay?.path ?? null;
  },
  async abort(): Promise<void> {
    await overlay?.abort();
  },
});
