/** @file Optical flow between two frames of a sample, with the forward-backward check, in pixels of the frames. */
import { type CheckedFlow, OpticalFlow } from "../kernels/opticalFlow.ts";
import type { RgbPicture } from "../video/picture.ts";

/** Opens the kernel when it is first needed; answers one call after the other. */
export class FlowBetween implements AsyncDisposable {
  private kernel: Promise<OpticalFlow> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** Flow from the first picture to the second; undefined where there is only one. */
  async between([from, to]: readonly RgbPicture[]): Promise<CheckedFlow | undefined> {
    if (to === undefined) return undefined;
    // One thread: the training step needs the others.
    this.kernel ??= OpticalFlow.open({ threads: 1 });
    const { kernel } = this;
    const flow = this.last.then(async () => (await kernel).checkedFlowOfColour(from, to, 1));
    this.last = flow.catch(() => {});
    return flow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await (await this.kernel)?.close();
  }
}
