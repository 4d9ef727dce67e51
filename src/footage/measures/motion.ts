/** @file Motion of things: how far the fastest parts go from frame to frame, and how much of the picture moves. */
import { offsetOf } from "../cameraOffset.ts";
import { type ClipInfo, type FrameView, meanRate } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import { atRows, type Measure, type Reading } from "../measure.ts";
import { thresholds } from "../thresholds.ts";
import { Worst } from "../worst.ts";

/** Parts that move by less than this are noise of the flow, pixels of the small picture, … */
const LEAST = 0.3;
/** … or less than so many times the median of all parts. */
const OVER_MEDIAN = 3;
/** The fewest cells that move, as a share of all. */
const LEAST_SHARE = 0.002;
/** While the camera moves the picture by more than this share of its rows, it cannot be told from what moves. */
const CAMERA_SHARE = 0.15;
/** Rows of the tracker's input, and pixels of it to a cell, by default (mode fast). */
const TRACKED_ROWS = 720;
const TRACKED_CELL = 4;

/** Makes the measure. */
export function motionMeasure(clip: ClipInfo): Measure {
  return new Motion(clip);
}

/** Pixels of a clip's frames to a cell of the tracker, with its default settings. */
export function trackedCell({ width, height }: { readonly width: number; readonly height: number }): number {
  return TRACKED_CELL * Math.max(1, Math.min(width, height) / TRACKED_ROWS);
}

class Motion implements Measure {
  private readonly clip: ClipInfo;
  /** Pixels a frame: the 95th percentile of what moves, frame by frame; and of all that moves. */
  private readonly fast = new Histogram(256, 2048);
  private readonly all = new Histogram(256, 2048);
  private readonly share = new Histogram(1);
  private readonly worst = new Worst();

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add(frame: FrameView): void {
    if (frame.motion === undefined) return;
    const { width, height } = this.clip;
    if (Math.hypot(...(offsetOf(frame) ?? [0, 0])) > CAMERA_SHARE * Math.min(width, height)) return;
    const { flow, residual } = frame.motion;
    const known = sampled(residual.magnitude, flow.valid).sort();
    const floor = Math.max(LEAST * flow.factor, OVER_MEDIAN * (known[known.length >> 1] ?? 0));
    const from = firstAbove(known, floor);
    const moving = known.subarray(from);
    const share = moving.length / Math.max(1, known.length);
    this.share.add(share);
    if (share < LEAST_SHARE) return;
    const fast = moving[Math.floor(0.95 * (moving.length - 1))];
    this.fast.add(fast);
    for (let i = 0; i < moving.length; i += 4) this.all.add(moving[i]);
    this.worst.add(frame, fast);
  }

  /** Frames a second at which the fastest parts would be good. */
  private wantedRate(px: number): number {
    return Math.ceil((meanRate(this.clip) * atRows(this.clip, px)) / thresholds.fastest.usable);
  }

  finish(): Reading[] {
    if (this.share.count === 0) return [];
    const px = this.fast.quantile(0.95);
    const cells = px / trackedCell(this.clip);
    return [
      {
        key: "fastest",
        value: atRows(this.clip, px),
        at: this.worst.at,
        facts: { px, cells, median: this.all.quantile(0.5), wanted: this.wantedRate(px) },
      },
      {
        key: "moving",
        value: 100 * this.share.mean,
        facts: { frames: 100 * this.share.shareFrom(LEAST_SHARE) },
      },
    ];
  }
}

/** Every other of the values that are known: enough for shares and quantiles. */
function sampled(values: Float32Array, valid: Uint8Array): Float32Array {
  const out = new Float32Array((values.length + 1) >> 1);
  let count = 0;
  for (let c = 0; c < values.length; c += 2) if (valid[c] === 1) out[count++] = values[c];
  return out.subarray(0, count);
}

/** Index of the first of ascending values that is larger. */
function firstAbove(ascending: Float32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (ascending[half] > value) high = half;
    else low = half + 1;
  }
  return low;
}
