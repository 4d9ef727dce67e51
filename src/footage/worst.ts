/** @file The frame where a number is largest. */
import type { FrameView, Place } from "./frameView.ts";

/** Fed with a number for every frame. */
export class Worst {
  private value = -Infinity;
  private place: Place | undefined;

  add({ index, timeSec }: Pick<FrameView, "index" | "timeSec">, value: number): void {
    if (!(value > this.value)) return;
    this.value = value;
    this.place = { frame: index, timeSec };
  }

  /** Undefined without a number. */
  get at(): Place | undefined {
    return this.place;
  }
}
