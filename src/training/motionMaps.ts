/** @file Motion of training samples: the map of each whole frame, and the part of it that a crop shows. */
import { type LinearTap, linearTap } from "../core/linearTap.ts";
import type { MotionMap } from "../motion/motionEstimator.ts";
import { MotionSequence } from "../motion/motionSequence.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type AffineView, toPicture } from "./affineView.ts";
import { type ClipSegment, framesOf, readFrames } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";
import type { PictureSize } from "../method/features.ts";

/** Reads frames and asks an estimator, one frame after the other. */
export class MotionReader implements AsyncDisposable {
  private readonly sequence: MotionSequence;
  private last: Promise<unknown> = Promise.resolve();

  constructor({ motionEstimator, motionCamera }: Pick<TrainingConfig, "motionEstimator" | "motionCamera">) {
    // The threads are few: the step needs the others.
    this.sequence = new MotionSequence({ estimator: motionEstimator, camera: motionCamera, threads: 1 });
  }

  /**
   * Motion of a frame.
   * @param step 1, or −1 when the sample runs backwards: the frame "before" is then the later one.
   */
  async motion(segment: ClipSegment, index: number, step: 1 | -1): Promise<MotionMap> {
    const indices = Array.from({ length: this.sequence.lookBack + 1 }, (_, back) => index - back * step)
      .filter((i) => i >= 0 && i < framesOf(segment))
      .toReversed();
    const frames = await readFrames(segment, indices);
    return this.inTurn(frames);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last;
    await this.sequence[Symbol.asyncDispose]();
  }

  /** Motion of the last frame; a sequence does one call at a time. */
  private inTurn(frames: readonly RgbPicture[]): Promise<MotionMap> {
    const map = this.last.then(() => {
      this.sequence.restart(frames.slice(0, -1));
      return this.sequence.next(frames[frames.length - 1]);
    });
    this.last = map.catch(() => {});
    return map;
  }
}

/**
 * What a view of a frame shows of the frame's motion, bilinear, pixel by pixel; the flow is in pixels of the view.
 * @param size of the view to a side.
 */
export function motionInView(map: MotionMap, frame: PictureSize, view: AffineView, size: number): MotionMap {
  const area = size * size;
  const shown = { width: size, height: size, strength: new Float32Array(area), flow: new Float32Array(2 * area) };
  if (map.kind !== "motion") return { ...shown, kind: map.kind };
  const cells = map.width * map.height;
  const [dx, dy] = [map.flow.subarray(0, cells), map.flow.subarray(cells)];
  const turned = fromPictureVector(view);
  for (let i = 0; i < area; i++) {
    const [x, y] = toPicture(view, (i % size) + 0.5, Math.floor(i / size) + 0.5);
    const column = linearTap((x * map.width) / frame.width, map.width);
    const row = linearTap((y * map.height) / frame.height, map.height);
    shown.strength[i] = bilinear(map.strength, map.width, column, row);
    if (shown.strength[i] === 0) continue;
    const moved = turned(bilinear(dx, map.width, column, row), bilinear(dy, map.width, column, row));
    shown.flow[i] = moved[0];
    shown.flow[area + i] = moved[1];
  }
  return { ...shown, kind: map.kind };
}

/** The plane at a place between its cells. */
function bilinear(plane: Float32Array, width: number, x: LinearTap, y: LinearTap): number {
  const row = (at: number): number =>
    plane[at * width + x.low] * (1 - x.weight) + plane[at * width + x.high] * x.weight;
  return row(y.low) * (1 - y.weight) + row(y.high) * y.weight;
}

/** Displacements of the picture as displacements of the view: mirrored and scaled as the view is. */
function fromPictureVector({ right, down }: AffineView): (dx: number, dy: number) => [number, number] {
  const determinant = right[0] * down[1] - right[1] * down[0];
  return (dx, dy) => [(dx * down[1] - dy * down[0]) / determinant, (dy * right[0] - dx * right[1]) / determinant];
}
