/** @file Motion of consecutive frames: an estimator, and the previous frames that it needs. */
import type { RgbPicture } from "../video/picture.ts";
import { lookBackOf, type MotionEstimatorOptions, openMotionEstimator } from "./motionEstimator.ts";
import type { MotionEstimator, MotionMap } from "./motionMap.ts";

/** Keeps the previous frames that an estimator needs; one call at a time. The first frame opens the estimator. */
export class MotionSequence implements AsyncDisposable {
  /** The number of previous frames that a frame's motion depends on. */
  readonly lookBack: number;
  private readonly options: MotionEstimatorOptions;
  private estimator: Promise<MotionEstimator> | undefined;
  private recent: readonly RgbPicture[] = [];

  constructor(options: MotionEstimatorOptions) {
    this.options = options;
    this.lookBack = lookBackOf(options.estimator);
  }

  /**
   * Forgets the frames seen so far.
   * @param before the frames just before the next one, oldest first; default none: a clip begins.
   */
  restart(before: readonly RgbPicture[] = []): void {
    this.recent = before;
  }

  /**
   * Motion of the next frame: zero for the first of a clip, and for one that differs in size from the previous frame.
   */
  async next(frame: RgbPicture): Promise<MotionMap> {
    const alike = this.recent.filter(({ width, height }) => width === frame.width && height === frame.height);
    this.recent = [...alike.slice(-this.lookBack), frame];
    this.estimator ??= openMotionEstimator(this.options);
    return (await this.estimator).estimate(this.recent);
  }

  /** Ends the estimator's threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.estimator)?.[Symbol.asyncDispose]();
  }
}
