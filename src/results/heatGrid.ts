/** @file How long objects stood at each place of the frame, added up frame by frame on a grid of bounded size. */
import type { TrackRecord } from "../annotations/trackRecord.ts";
import type { CellValues } from "../video/drawing/heatMap.ts";
import type { LabelMap } from "../video/labelMap.ts";

/** Cells along the shorter side at most; smaller frames have a cell for each pixel. */
const MOST_CELLS = 540;

/** A point counts within this share of the frame's shorter side, fading towards the edge. */
const POINT_RADIUS = 0.02;

/** Seconds in each cell; cells are squares of whole pixels, sampled at their centre. */
export class HeatGrid {
  /** Pixels of a cell's side. */
  private readonly cell: number;
  private readonly width: number;
  private readonly height: number;
  private readonly pointRadius: number;
  private readonly seconds: Float32Array;

  /** @param frame its size, pixels. */
  constructor(frame: { readonly width: number; readonly height: number }) {
    const short = Math.min(frame.width, frame.height);
    this.cell = Math.ceil(short / MOST_CELLS);
    this.width = Math.ceil(frame.width / this.cell);
    this.height = Math.ceil(frame.height / this.cell);
    this.pointRadius = Math.max(2, POINT_RADIUS * short) / this.cell;
    this.seconds = new Float32Array(this.width * this.height);
  }

  /** The time in the cell where objects stood longest. */
  get mostSeconds(): number {
    return this.seconds.reduce((most, value) => Math.max(most, value), 0);
  }

  /** @param labels undefined for points alone. @param seconds that the frame counts for. */
  add(records: readonly TrackRecord[], labels: LabelMap | undefined, seconds: number): void {
    for (const record of records) {
      if (!record.visible) continue;
      if (labels !== undefined && record.box !== null) this.addMask(record, record.box, labels, seconds);
      else if (record.area === null && record.place !== null) this.addPoint(record.place, seconds);
    }
  }

  /** Shares of the longest time, 0..1. */
  values(): CellValues {
    const most = this.mostSeconds;
    const { width, height, cell } = this;
    const values = this.seconds.map((value) => (most > 0 ? value / most : 0));
    return { width, height, values, extent: { width: width * cell, height: height * cell } };
  }

  private addMask(
    { label }: TrackRecord,
    [x, y, boxWidth, boxHeight]: NonNullable<TrackRecord["box"]>,
    labels: LabelMap,
    seconds: number,
  ): void {
    const { cell, width } = this;
    const middle = Math.floor(cell / 2);
    for (let row = Math.floor(y / cell); row * cell < y + boxHeight; row++) {
      const line = Math.min(labels.height - 1, row * cell + middle) * labels.width;
      for (let column = Math.floor(x / cell); column * cell < x + boxWidth; column++)
        if (labels.data[line + Math.min(labels.width - 1, column * cell + middle)] === label)
          this.seconds[row * width + column] += seconds;
    }
  }

  private addPoint([x, y]: readonly [number, number], seconds: number): void {
    const { cell, width, height, pointRadius: radius } = this;
    const [centreX, centreY] = [x / cell, y / cell];
    for (let row = Math.max(0, Math.floor(centreY - radius)); row <= Math.min(height - 1, centreY + radius); row++)
      for (
        let column = Math.max(0, Math.floor(centreX - radius));
        column <= Math.min(width - 1, centreX + radius);
        column++
      ) {
        const off = Math.hypot(column + 0.5 - centreX, row + 0.5 - centreY) / radius;
        if (off < 1) this.seconds[row * width + column] += seconds * (1 - off * off);
      }
  }
}
