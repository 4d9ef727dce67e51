/** @file Points carried by a `PointFollower`: what it finds in the cells of each frame, as every carrier reports it. */
import { internal } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { PictureSize } from "../../method/features.ts";
import type { Carrier, GivenLabels } from "../carry.ts";
import { CutWatch } from "../confidence/cutWatch.ts";
import { cellsPerPixel, type EncodedFrame, requireSize } from "../encodedFrames.ts";
import type { FoundPoint, PointFollower } from "./pointFollower.ts";
import { givenPoint, inPixels, type PointQuery, type TrackedPoint, type TrackedPointFrame } from "./trackedPoint.ts";

/** Masks are not carried. */
export class FollowedPoints implements Carrier<TrackedPointFrame> {
  private readonly follower: PointFollower;
  private readonly cuts: CutWatch;
  private first: { readonly size: PictureSize; readonly points: readonly PointQuery[] } | undefined;

  /** @param follower is closed with this. @param logger reports cuts; default silent. */
  constructor(follower: PointFollower, logger?: Logger) {
    this.follower = follower;
    this.cuts = new CutWatch(logger);
  }

  async begin(encoded: EncodedFrame, { points }: GivenLabels): Promise<TrackedPointFrame> {
    const begin = performance.now();
    const { width, height } = encoded.frame;
    this.first = { size: { width, height }, points };
    this.cuts.before(encoded.frame);
    const cells = cellsPerPixel(encoded);
    const places = points.map(({ x, y }) => ({ x: x * cells.x, y: y * cells.y }));
    await this.follower.begin(encoded.features, places);
    return frameOf(encoded, { points: points.map(givenPoint), cut: false, begin });
  }

  async next(encoded: EncodedFrame): Promise<TrackedPointFrame> {
    const begin = performance.now();
    if (this.first === undefined) throw internal("a frame before the first one");
    const { size, points } = this.first;
    requireSize(encoded.frame, size);
    const cut = this.cuts.before(encoded.frame);
    const found = await this.follower.next(encoded.features);
    return frameOf(encoded, { points: tracked(found, points, encoded), cut, begin });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.follower[Symbol.asyncDispose]();
  }
}

function tracked(
  found: readonly FoundPoint[],
  points: readonly PointQuery[],
  encoded: EncodedFrame,
): readonly TrackedPoint[] {
  const cells = cellsPerPixel(encoded);
  return found.map(({ place, signals }, i) =>
    inPixels(points[i].name, { x: place.x / cells.x, y: place.y / cells.y }, signals, encoded.frame),
  );
}

function frameOf(
  { frame, read, encode }: EncodedFrame,
  { points, cut, begin }: { readonly points: readonly TrackedPoint[]; readonly cut: boolean; readonly begin: number },
): TrackedPointFrame {
  return { frame, points, cut, seconds: { read, encode, match: (performance.now() - begin) / 1000 } };
}
