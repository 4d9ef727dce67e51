/** @file How the contents of a frame's feature cells moved since the frame before, and which of them move on their own. */
import type { Threads } from "../../core/machine.ts";
import { FlowBetween } from "../../motion/flowBetween.ts";
import { MotionSequence } from "../../motion/motionSequence.ts";
import { movingRegions } from "../../motion/movingRegions.ts";
import { type CellFlow, cellGrid, flowInCells, isConsecutive } from "../../motion/opticalFlow.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { cellsPerPixel, type EncodedFrame } from "../encodedFrames.ts";
import type { CellMoves } from "./thingTracks.ts";

/** Working size of the flow, pixels of the shorter side. */
const SHORT_SIDE = 160;

/** Sees the frames of one pass in order. */
export class CellMotion implements AsyncDisposable {
  private readonly flow: FlowBetween;
  private readonly motion: MotionSequence | undefined;
  private latest: RgbPicture;

  /** @param first the frame before the first one asked about. @param finds whether `moving` will be asked for. */
  constructor(first: RgbPicture, threads: Threads, finds: boolean) {
    this.flow = new FlowBetween(threads);
    this.motion = finds
      ? new MotionSequence({ ...threads, estimator: "flow", camera: "auto", shortSide: SHORT_SIDE })
      : undefined;
    this.latest = first;
    this.motion?.restart([first]);
  }

  /** How the next frame's cells moved; undefined where it does not follow the one before. */
  async next(encoded: EncodedFrame): Promise<CellMoves | undefined> {
    const { frame } = encoded;
    const before = this.latest;
    this.latest = frame;
    if (frame.width !== before.width || frame.height !== before.height) return undefined;
    const grid = cellGrid(frame.width, frame.height, SHORT_SIDE);
    const checked = await this.flow.between([frame, before], grid.factor);
    const flow = checked && flowInCells(checked, grid);
    return flow === undefined || !isConsecutive(flow) ? undefined : movesOf(flow, encoded);
  }

  /** The latest frame's cells, 0..1 where they belong to something that moves on its own, −1 elsewhere. */
  async moving(encoded: EncodedFrame): Promise<Float32Array> {
    const { frame, features } = encoded;
    const out = new Float32Array(features.width * features.height).fill(-1);
    const map = await this.motion?.next(frame);
    if (map?.kind !== "motion") return out;
    const { cell } = cellGrid(frame.width, frame.height, SHORT_SIDE);
    const regions = new Uint8Array(map.width * map.height);
    for (const region of movingRegions(map, cell)) for (const at of region.cells) regions[at] = 1;
    const sample = sampler(encoded, { width: map.width, height: map.height, cell });
    for (let at = 0; at < out.length; at++) {
      const from = sample(at);
      if (regions[from] === 1) out[at] = Math.max(0.05, map.strength[from]);
    }
    return out;
  }

  /** A frame that was seen before a stop. */
  skip(frame: RgbPicture): void {
    this.latest = frame;
    this.motion?.restart([frame]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.motion?.[Symbol.asyncDispose]();
    await this.flow[Symbol.asyncDispose]();
  }
}

/** Flow from the frame to the one before, as the way of what is in each feature cell. */
function movesOf(flow: CellFlow, encoded: EncodedFrame): CellMoves {
  const { x, y } = cellsPerPixel(encoded);
  const count = encoded.features.width * encoded.features.height;
  const sample = sampler(encoded, flow);
  const [dx, dy] = [new Float32Array(count).fill(Number.NaN), new Float32Array(count).fill(Number.NaN)];
  for (let at = 0; at < count; at++) {
    const from = sample(at);
    if (flow.valid[from] === 0) continue;
    dx[at] = -flow.dx[from] * x;
    dy[at] = -flow.dy[from] * y;
  }
  return { dx, dy };
}

/** The cell of another grid over the frame that holds the middle of a feature cell. */
function sampler(
  encoded: EncodedFrame,
  grid: { readonly width: number; readonly height: number; readonly cell: number },
) {
  const { x, y } = cellsPerPixel(encoded);
  const { width } = encoded.features;
  return (at: number): number => {
    const column = Math.floor(((at % width) + 0.5) / x / grid.cell);
    const row = Math.floor((Math.floor(at / width) + 0.5) / y / grid.cell);
    return Math.min(grid.height - 1, row) * grid.width + Math.min(grid.width - 1, column);
  };
}
