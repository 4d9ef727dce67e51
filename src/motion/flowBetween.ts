/** @file Optical flow between two frames, with the forward-backward check. */
import type { Threads } from "../core/machine.ts";
import { type CheckedFlow, OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Opens the kernel when it is first needed; answers one call after the other. */
export class FlowBetween implements AsyncDisposable {
  private readonly threads: Threads;
  private kernel: Promise<OpticalFlow> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(threads: Threads = {}) {
    this.threads = threads;
  }

  /**
   * Flow from the first picture to the second, in pixels of the pictures shrunk by a whole factor; undefined where
   * there is only one.
   */
  async between([from, to]: readonly RgbPicture[], factor = 1): Promise<CheckedFlow | undefined> {
    if (to === undefined) return undefined;
    this.kernel ??= OpticalFlow.open(this.threads);
    const { kernel } = this;
    const flow = this.last.then(async () => (await kernel).checkedFlowOfColour(from, to, factor));
    this.last = flow.catch(() => {});
    return flow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await (await this.kernel)?.close();
  }
}
