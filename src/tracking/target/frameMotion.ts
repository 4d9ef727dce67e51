/**
 * @file How the contents of frames move against the camera, as target models see it: optical flow from a frame to its
 * neighbour in the order of tracking, the camera's motion removed (steps 1 and 2 of MEE).
 */
import type { Threads } from "../../core/machine.ts";
import { FlowBetween } from "../../motion/flowBetween.ts";
import { type CellFlow, cellGrid, flowInCells, isConsecutive } from "../../motion/opticalFlow.ts";
import { residualFlow } from "../../motion/residualFlow.ts";
import type { PictureSize } from "../../method/features.ts";
import type { RgbPicture } from "../../video/picture.ts";

/** Rows of the pictures that flow is computed on: so many for a row of cells, and no more than that many, about. */
const ROWS_PER_CELL = 4;
const MOST_ROWS = 240;

/** How the contents of a frame moved from the frame before to this one; of the labelled frame: to the one after it. */
export interface FrameMotion {
  /** Pixels. */
  readonly frame: PictureSize;
  /** The flow from the frame to its neighbour. */
  readonly flow: CellFlow;
  /** `[2, height, width]` on the flow's cells: in the order of tracking, pixels; 0 where the flow is not valid. */
  readonly moved: Float32Array;
  /** Whether the neighbour is the frame before. */
  readonly isBefore: boolean;
}

/** What a frame shows of motion. */
export interface SeenMotion {
  /** From the labelled frame to this one, where this is the first after it. */
  readonly ofLabelled: FrameMotion | undefined;
  /** From the frame before to this one; undefined where too little of one is found in the other. */
  readonly own: FrameMotion | undefined;
}

/** Sees the frames of one pass in order. */
export class FrameMotions implements AsyncDisposable {
  private readonly flow: FlowBetween;
  private readonly shortSide: number;
  private latest: RgbPicture;
  private isFirst = true;

  /** @param labelled the frame before the first one asked about. @param rows of its cells. */
  constructor(labelled: RgbPicture, rows: number, threads: Threads) {
    this.flow = new FlowBetween(threads);
    this.shortSide = Math.min(MOST_ROWS, ROWS_PER_CELL * rows);
    this.latest = labelled;
  }

  /** The next frame. */
  async next(frame: RgbPicture): Promise<SeenMotion> {
    const before = this.latest;
    const ofLabelled = await this.ofLabelled(frame);
    this.latest = frame;
    return { ofLabelled, own: await this.between(frame, before, true) };
  }

  /**
   * A frame that was seen before a stop: the next one follows it.
   * @param time frames since the labelled one.
   * @returns see `SeenMotion`.
   */
  async again(frame: RgbPicture, time: number): Promise<FrameMotion | undefined> {
    const ofLabelled = time === 1 ? await this.ofLabelled(frame) : undefined;
    this.isFirst = false;
    this.latest = frame;
    return ofLabelled;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flow[Symbol.asyncDispose]();
  }

  /** Undefined from the second frame on. */
  private async ofLabelled(frame: RgbPicture): Promise<FrameMotion | undefined> {
    if (!this.isFirst) return undefined;
    this.isFirst = false;
    return this.between(this.latest, frame, false);
  }

  private async between(frame: RgbPicture, other: RgbPicture, isBefore: boolean): Promise<FrameMotion | undefined> {
    // The matcher refuses it.
    if (frame.width !== other.width || frame.height !== other.height) return undefined;
    const grid = cellGrid(frame.width, frame.height, this.shortSide);
    const checked = await this.flow.between([frame, other], grid.factor);
    const flow = checked && flowInCells(checked, grid);
    if (flow === undefined || !isConsecutive(flow)) return undefined;
    const residual = residualFlow(flow).flow;
    const moved = isBefore ? residual : residual.map((value) => -value);
    return { frame: { width: frame.width, height: frame.height }, flow, moved, isBefore };
  }
}
