/**
 * @file Noise of the sensor, in grey levels (standard deviation). In space: the diagonal detail of 2 × 2 pixels, in the
 * plainest blocks of a picture. In time: the change of pixels that stand still. Texture looks like noise in space, small
 * movements look like it in time, so that the smaller of the two counts.
 */
import type { ClipInfo, FrameView, PreviousView } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import type { Measure, Reading } from "../measure.ts";
import { Worst } from "../worst.ts";

/** Side of a block, pixels. */
const BLOCK = 16;
/** The share of blocks that are plain in any picture. */
const PLAIN = 0.1;
/** Blocks darker or brighter than this are clipped: their noise is cut off. */
const LEVELS = { least: 12, most: 243 } as const;
/** Cells whose flow is less than this, in pixels of the small picture, stand still. */
const STILL = 0.06;
/** The share of the picture that has to stand still for noise in time. */
const LEAST_STILL = 0.05;
/** Standard deviation over median absolute value, and over mean absolute value, of a normal distribution. */
const OF_MEDIAN = 1.4826;
const OF_MEAN = Math.sqrt(Math.PI / 2);

/** Makes the measure. */
export function noiseMeasure(_clip: ClipInfo): Measure {
  return new Noise();
}

class Noise implements Measure {
  private readonly space = new Histogram(64, 2048);
  private readonly time = new Histogram(64, 2048);
  private readonly worst = new Worst();

  add(frame: FrameView): void {
    if (!frame.detailed) return;
    const inSpace = spatialNoise(frame);
    const inTime = temporalNoise(frame);
    if (inSpace !== undefined) this.space.add(inSpace);
    if (inTime !== undefined) this.time.add(inTime);
    if (inSpace !== undefined) this.worst.add(frame, Math.min(inSpace, inTime ?? Infinity));
  }

  finish(): Reading[] {
    const { space, time } = this;
    if (space.count === 0) return [];
    const hasTime = time.count >= space.count / 2;
    const value = hasTime ? Math.min(space.quantile(0.5), time.quantile(0.5)) : space.quantile(0.5);
    return [{ key: "noise", value, at: this.worst.at }];
  }
}

/** Undefined where everything is clipped. */
function spatialNoise({ picture: { width, height }, luma }: FrameView): number | undefined {
  const grey = luma();
  const blocks: number[] = [];
  for (let top = 0; top + BLOCK <= height; top += BLOCK)
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      const { mean, detail } = blockDetail(grey, width, top * width + left);
      if (mean >= LEVELS.least && mean <= LEVELS.most) blocks.push(OF_MEAN * detail);
    }
  if (blocks.length === 0) return undefined;
  blocks.sort((a, b) => a - b);
  return blocks[Math.floor(PLAIN * (blocks.length - 1))];
}

/** The mean level, and the mean absolute value of (a − b − c + d) / 2, whose deviation is that of a pixel. */
function blockDetail(grey: Float32Array, width: number, start: number): { mean: number; detail: number } {
  let [sum, detail] = [0, 0];
  for (let y = 0; y < BLOCK; y += 2)
    for (let p = start + y * width, end = p + BLOCK; p < end; p += 2) {
      const [a, b, c, d] = [grey[p], grey[p + 1], grey[p + width], grey[p + width + 1]];
      sum += a + b + c + d;
      detail += Math.abs(a - b - c + d) / 2;
    }
  const count = (BLOCK * BLOCK) / 4;
  return { mean: sum / (4 * count), detail: detail / count };
}

/** Undefined where too little stands still. */
function temporalNoise(frame: FrameView): number | undefined {
  const { motion, previous } = frame;
  if (motion === undefined || previous === undefined) return undefined;
  const { flow } = motion;
  const differences = new Histogram(64, 1024);
  let still = 0;
  for (let c = 0; c < flow.width * flow.height; c++) {
    if (flow.valid[c] === 0 || Math.hypot(flow.dx[c], flow.dy[c]) > STILL * flow.factor) continue;
    still++;
    countDifferences(frame, previous, c, differences);
  }
  const isEnough = still >= LEAST_STILL * flow.width * flow.height && differences.count > 0;
  return isEnough ? (OF_MEDIAN * differences.quantile(0.5)) / Math.SQRT2 : undefined;
}

/** Of every other pixel of a cell. */
function countDifferences(
  { motion, luma, picture }: FrameView,
  before: PreviousView,
  c: number,
  into: Histogram,
): void {
  const { cell, width } = motion?.flow ?? { cell: 1, width: 1 };
  const [now, then] = [luma(), before.luma()];
  const start = Math.floor(c / width) * cell * picture.width + (c % width) * cell;
  for (let y = 0; y < cell; y += 2)
    for (let p = start + y * picture.width, end = p + cell; p < end; p += 2)
      if (now[p] >= LEVELS.least && now[p] <= LEVELS.most) into.add(Math.abs(now[p] - then[p]));
}
