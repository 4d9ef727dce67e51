/**
 * @file Where points are expected in the next frame: where optical flow carries them. Heat maps alone say where a point
 * is to a cell or two, and what they are off by is copied on; flow is far more exact from one frame to the next, but
 * knows no point again. Both together drift less than either (docs/keypoints.md).
 */
import type { Threads } from "../../core/machine.ts";
import { median } from "../../core/median.ts";
import type { CheckedFlow } from "../../kernels/opticalFlow.ts";
import { FlowBetween } from "../../motion/flowBetween.ts";
import { cellGrid } from "../../motion/opticalFlow.ts";
import type { Point } from "../../video/point.ts";
import type { RgbPicture } from "../../video/picture.ts";

/** Rows of the pictures that flow is computed on: so many for a row of cells, and no more than that many, about. */
const ROWS_PER_CELL = 3;
const MOST_ROWS = 240;

/** The flow of so many pixels to each side speaks for a point, flow pixels. */
const REACH = 9;

/** With fewer of them that passed the check, nothing is said. */
const LEAST_VALID = 3;

/** The place where the flow is taken, which is the one that is sought, is corrected so often at most. */
const STEPS = 4;
/** A correction by less than this ends that, flow pixels. */
const SETTLED = 0.3;

/** Follows points from each frame to the next. */
export class PointMotion implements AsyncDisposable {
  private readonly flow: FlowBetween;
  private readonly factor: number;
  private latest: RgbPicture;

  /** @param first the frame before the first one asked about. @param rows of its cells. */
  constructor(first: RgbPicture, rows: number, threads: Threads) {
    const { width, height } = first;
    this.flow = new FlowBetween(threads);
    this.factor = cellGrid(width, height, Math.min(MOST_ROWS, ROWS_PER_CELL * rows)).factor;
    this.latest = first;
  }

  /** The next frame is this one, and nothing is asked about it. */
  skip(frame: RgbPicture): void {
    this.latest = frame;
  }

  /**
   * The next frame, of the same size.
   * @param places in the frame before, px.
   * @returns where each of them is now, px; undefined where the flow does not say.
   */
  async next(frame: RgbPicture, places: readonly Point[]): Promise<(Point | undefined)[]> {
    const { factor, latest } = this;
    this.latest = frame;
    const flow = await this.flow.between([frame, latest], factor);
    return places.map(({ x, y }) => {
      const place = flow && carriedBy(flow, { x: x / factor, y: y / factor });
      return place && { x: place.x * factor, y: place.y * factor };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flow[Symbol.asyncDispose]();
  }
}

/**
 * Where a place of the frame before is now: the medians, over the pixels around the new place whose flow can be trusted,
 * say how far it went. A limb that is thinner than this reach goes with what most of it does.
 * @param flow from the frame back to the one before. @param place in the frame before, flow pixels.
 * @returns undefined where too little can be trusted.
 */
export function carriedBy(flow: CheckedFlow, place: Point): Point | undefined {
  let found = place;
  for (let step = 0; step < STEPS; step++) {
    const back = flowAround(flow, found);
    if (back === undefined) return undefined;
    const next = { x: place.x - back.x, y: place.y - back.y };
    const correction = Math.hypot(next.x - found.x, next.y - found.y);
    found = next;
    if (correction < SETTLED) break;
  }
  return found;
}

/** Medians of the flow that passed the check around a place. */
function flowAround({ width, height, u, v, valid }: CheckedFlow, { x, y }: Point): Point | undefined {
  const [us, vs]: [number[], number[]] = [[], []];
  const [right, bottom] = [Math.min(width, x + REACH), Math.min(height, y + REACH)];
  for (let row = Math.max(0, Math.floor(y - REACH)); row < bottom; row++)
    for (let column = Math.max(0, Math.floor(x - REACH)); column < right; column++) {
      const pixel = row * width + column;
      if (valid[pixel] === 0) continue;
      us.push(u[pixel]);
      vs.push(v[pixel]);
    }
  return us.length < LEAST_VALID ? undefined : { x: median(us), y: median(vs) };
}
