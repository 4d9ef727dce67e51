/**
 * @file Compression: how far the borders of blocks of 8 pixels stand out from the steps beside them, and bits per pixel.
 */
import type { ClipInfo, FrameView } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import type { Measure, Reading } from "../measure.ts";
import { Worst } from "../worst.ts";

/** Side of the blocks of JPEG, MPEG and H.264's transform. */
const BLOCK = 8;
/** Every so-manieth row and column is looked at. */
const LINE_STEP = 3;

/** Makes the measure. */
export function compressionMeasure(clip: ClipInfo): Measure {
  return new Compression(clip);
}

class Compression implements Measure {
  private readonly clip: ClipInfo;
  private readonly blocks = new Histogram(400, 2000);
  private readonly worst = new Worst();

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add(frame: FrameView): void {
    if (!frame.detailed) return;
    const value = blockiness(frame);
    this.blocks.add(value);
    this.worst.add(frame, value);
  }

  finish(): Reading[] {
    const { width, height, frameCount, fileBytes } = this.clip;
    const bits = fileBytes === undefined ? undefined : (8 * fileBytes) / (width * height * frameCount);
    return [
      { key: "blocks", value: this.blocks.quantile(0.5), at: this.worst.at },
      ...(bits === undefined ? [] : [{ key: "bitsPerPixel" as const, value: bits }]),
    ];
  }
}

/** How much larger steps across the borders of blocks are than the steps beside them, in percent of the mean step. */
function blockiness({ picture: { width, height }, luma }: FrameView): number {
  const grey = luma();
  const across = excess(grey, { lines: height, length: width, step: 1, stride: width });
  const down = excess(grey, { lines: width, length: height, step: width, stride: 1 });
  return 100 * Math.max(0, (across + down) / 2);
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  /** From sample to sample, and from line to line. */
  readonly step: number;
  readonly stride: number;
}

/**
 * The sharpest of the eight phases of a grid minus the mean of the others, as a share of the mean step. A step's
 * sharpness is what it is larger than the mean of its neighbours.
 */
function excess(grey: Float32Array, { lines, length, step, stride }: Lines): number {
  const sums = new Float64Array(BLOCK);
  const counts = new Float64Array(BLOCK);
  let steps = 0;
  for (let line = 1; line < lines; line += LINE_STEP)
    for (let i = 2, p = line * stride + 2 * step; i < length - 1; i++, p += step) {
      const own = Math.abs(grey[p] - grey[p - step]);
      const beside = Math.abs(grey[p - step] - grey[p - 2 * step]) + Math.abs(grey[p + step] - grey[p]);
      sums[i % BLOCK] += own - beside / 2;
      counts[i % BLOCK]++;
      steps += own;
    }
  const means = sums.map((sum, phase) => sum / Math.max(1, counts[phase]));
  const top = Math.max(...means);
  const others = (means.reduce((sum, mean) => sum + mean, 0) - top) / (BLOCK - 1);
  const all = counts.reduce((sum, count) => sum + count, 0);
  // A tenth of a level: in a picture without any steps there are no blocks either.
  return (top - others) / (0.1 + steps / Math.max(1, all));
}
