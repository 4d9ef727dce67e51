/** @file Detects and reports the cuts of a clip that is being tracked. */
import { type Logger, silent } from "../../core/log.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import { CutDetector } from "../../motion/cutDetector.ts";
import type { Frame } from "../../video/frame.ts";

/** On which side of a frame the camera cuts, in order of time; null = on none. */
export type CutSide = "before" | "after" | null;

/** Reads a frame of the clip by its index. */
export type FrameReader = (index: number) => Promise<Frame>;

/** Takes the frames of one clip in order. */
export class CutWatch implements ResumableWith<number | null, FrameReader> {
  private readonly detector = new CutDetector();
  private readonly logger: Logger;
  private latest: number | null = null;

  constructor(logger: Logger = silent) {
    this.logger = logger;
  }

  /** Index of the frame that the next one is compared with; null = none yet. Blank frames are never compared with. */
  state(): number | null {
    return this.latest;
  }

  /** @param frameAt reads the frame that the next one is compared with, unless that is the current one. */
  async resume(compared: number | null, frameAt: FrameReader): Promise<void> {
    if (compared === null || compared === this.latest) return;
    this.detector.next(await frameAt(compared));
    this.latest = compared;
  }

  /** Whether the camera cuts before this frame; a cut is logged. */
  before(frame: Frame): boolean {
    const { cut, blank } = this.detector.next(frame);
    if (!blank) this.latest = frame.index;
    if (cut) {
      const place = `frame ${frame.name} (${frame.timeSec.toFixed(2)} s)`;
      this.logger.warn(`the camera cuts before ${place}: objects are tracked on only where they are found again`);
    }
    return cut;
  }
}
