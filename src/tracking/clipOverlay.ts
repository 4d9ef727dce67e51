/** @file The overlay video of a tracked clip, `overlay.mp4` in its folder, made picture by picture. */
import { join } from "node:path";
import { silent, type Logger } from "../core/log.ts";
import type { FrameSource } from "../video/frame.ts";
import { openVideoWriter, type VideoWriter } from "../video/writer.ts";

/** Which clip, and where the overlay goes. */
export interface ClipOverlayOptions {
  readonly source: FrameSource;
  /** The folder. */
  readonly out: string;
  /** Index of the first frame drawn; default 0. */
  readonly start?: number;
  /** False: nothing is drawn; default true. */
  readonly overlay?: boolean;
  readonly logger?: Logger;
}

/** Opened with the first picture, so that nothing is made when tracking cannot even begin. */
export class ClipOverlay {
  private readonly options: ClipOverlayOptions;
  private writer: VideoWriter | undefined;

  constructor(options: ClipOverlayOptions) {
    this.options = options;
  }

  /** @param draw makes the picture, `[H, W, 3]` uint8. */
  async write(draw: () => Uint8Array): Promise<void> {
    if (this.options.overlay === false) return;
    this.writer ??= await this.open();
    await this.writer.write(draw());
  }

  /** The result's path, null without an overlay. */
  async finish(): Promise<string | null> {
    await this.writer?.finish();
    return this.writer?.path ?? null;
  }

  async abort(): Promise<void> {
    await this.writer?.abort();
  }

  private open(): Promise<VideoWriter> {
    const { source, out, start = 0, logger = silent } = this.options;
    const { width, height } = source;
    const timesSec = source.timesSec.subarray(start);
    const length = timesSec[timesSec.length - 1] - timesSec[0];
    const fps = length > 0 ? (timesSec.length - 1) / length : 25;
    return openVideoWriter(join(out, "overlay.mp4"), { width, height, fps, timesSec, logger });
  }
}
