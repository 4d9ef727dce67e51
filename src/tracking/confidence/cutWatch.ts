/** @file Notices the cuts of a clip that is being tracked, and says so. */
import { type Logger, silent } from "../../core/log.ts";
import { CutDetector } from "../../motion/cutDetector.ts";
import type { Frame } from "../../video/frame.ts";

/** Looks at the frames of one clip in order. */
export class CutWatch {
  private readonly detector = new CutDetector();
  private readonly logger: Logger;

  constructor(logger: Logger = silent) {
    this.logger = logger;
  }

  /** Whether the camera cuts before this frame; if so, the log tells. */
  before(frame: Frame): boolean {
    const { cut } = this.detector.next(frame);
    if (cut) {
      const place = `frame ${frame.name} (${frame.timeSec.toFixed(2)} s)`;
      this.logger.warn(`the camera cuts before ${place}: what was tracked goes on only where it is found again`);
    }
    return cut;
  }
}
