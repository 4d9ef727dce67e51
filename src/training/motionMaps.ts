/** @file Motion of training samples: the map of each whole frame, and the part of it that a crop shows. */
import { type MotionEstimator, type MotionMap, openMotionEstimator } from "../motion/motionEstimator.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type AffineView, toPicture } from "./affineView.ts";
import { type ClipSegment, framesOf, readFrames } from "./clipCache.ts";

/** Frames that the estimators look at: the one asked about and those before it. */
const LOOK_BACK = { flow: 2, difference: 3 } as const;

/** Reads frames and asks an estimator, one frame after the other. */
export class MotionReader implements AsyncDisposable {
  private readonly name: "flow" | "difference";
  private estimator: Promise<MotionEstimator> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(name: "flow" | "difference") {
    this.name = name;
  }

  /**
   * Motion of a frame.
   * @param step 1, or −1 when the sample runs backwards: the frame "before" is then the later one.
   */
  async motion(segment: ClipSegment, index: number, step: 1 | -1): Promise<MotionMap> {
    const indices = Array.from({ length: LOOK_BACK[this.name] }, (_, back) => index - back * step)
      .filter((i) => i >= 0 && i < framesOf(segment))
      .toReversed();
    const frames = await readFrames(segment, indices);
    return this.inTurn(frames);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await (await this.estimator)?.[Symbol.asyncDispose]();
  }

  /** An estimator does one call at a time; its threads are few, the step needs the others. */
  private inTurn(frames: readonly RgbPicture[]): Promise<MotionMap> {
    this.estimator ??= openMotionEstimator({ estimator: this.name, threads: 1 });
    const { estimator } = this;
    const map = this.last.then(async () => (await estimator).estimate(frames));
    this.last = map.catch(() => {});
    return map;
  }
}

/**
 * What a view of a frame shows of the frame's motion, bilinear, on a grid of n×n.
 * @param size pixels of the view to a side; the flow is in these pixels.
 */
export function motionInView(
  map: MotionMap,
  frame: { readonly width: number; readonly height: number },
  view: AffineView,
  { size, n }: { size: number; n: number },
): MotionMap {
  const strength = new Float32Array(n * n);
  const flow = new Float32Array(2 * n * n);
  if (map.kind !== "motion") return { width: n, height: n, strength, flow, kind: map.kind };
  const cells = map.width * map.height;
  const turned = fromPictureVector(view);
  for (let i = 0; i < n * n; i++) {
    const at = toPicture(view, (((i % n) + 0.5) * size) / n, ((Math.floor(i / n) + 0.5) * size) / n);
    const taps = mapTaps(map, (at[0] * map.width) / frame.width, (at[1] * map.height) / frame.height);
    const value = (plane: Float32Array, from: number): number =>
      taps.reduce((sum, { cell, weight }) => sum + weight * plane[from + cell], 0);
    strength[i] = value(map.strength, 0);
    [flow[i], flow[n * n + i]] = turned(value(map.flow, 0), value(map.flow, cells));
  }
  return { width: n, height: n, strength, flow, kind: map.kind };
}

/** The four cells around a point of the map (in cells, corner origin), with bilinear weights. */
function mapTaps({ width, height }: MotionMap, x: number, y: number): { cell: number; weight: number }[] {
  const column = Math.min(width - 1, Math.max(0, x - 0.5));
  const row = Math.min(height - 1, Math.max(0, y - 0.5));
  const [x0, y0] = [Math.floor(column), Math.floor(row)];
  const [wx, wy] = [column - x0, row - y0];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  return [
    { cell: y0 * width + x0, weight: (1 - wx) * (1 - wy) },
    { cell: y0 * width + x1, weight: wx * (1 - wy) },
    { cell: y1 * width + x0, weight: (1 - wx) * wy },
    { cell: y1 * width + x1, weight: wx * wy },
  ];
}

/** Displacements of the picture as displacements of the view: mirrored and scaled as the view is. */
function fromPictureVector({ right, down }: AffineView): (dx: number, dy: number) => [number, number] {
  const determinant = right[0] * down[1] - right[1] * down[0];
  return (dx, dy) => [(dx * down[1] - dy * down[0]) / determinant, (dy * right[0] - dx * right[1]) / determinant];
}
