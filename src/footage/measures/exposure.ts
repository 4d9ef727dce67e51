/** @file Exposure: what is burnt out or crushed, how bright the bright parts are, and how far apart from the dark ones. */
import { exposureOf } from "../exposure.ts";
import type { FrameView } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import type { Measure, Reading } from "../measure.ts";
import { Worst } from "../worst.ts";

/** The clip's number is that of its worst frames: only a tenth of them is worse. */
const WORST_FRAMES = 0.9;

/** Makes the measure. */
export function exposureMeasure(): Measure {
  return new Exposure();
}

class Exposure implements Measure {
  private readonly burnt = new Histogram(1);
  private readonly crushed = new Histogram(1);
  private readonly bright = new Histogram(256);
  private readonly span = { from: new Histogram(256), to: new Histogram(256) };
  private readonly means = new Histogram(256);
  private readonly worstBurnt = new Worst();
  private readonly worstCrushed = new Worst();
  private readonly darkest = new Worst();

  add(frame: FrameView): void {
    const { mean, burnt, crushed, bright, from, to } = exposureOf(frame.picture);
    this.means.add(mean);
    this.burnt.add(burnt);
    this.crushed.add(crushed);
    this.bright.add(bright);
    this.span.from.add(from);
    this.span.to.add(to);
    this.worstBurnt.add(frame, burnt);
    this.worstCrushed.add(frame, crushed);
    this.darkest.add(frame, -bright);
  }

  finish(): Reading[] {
    const bright = this.bright.quantile(0.5);
    // The best frames count: a plain ground without things on it is not flat.
    const [from, to] = [this.span.from.quantile(1 - WORST_FRAMES), this.span.to.quantile(WORST_FRAMES)];
    return [
      { key: "burnt", value: 100 * this.burnt.quantile(WORST_FRAMES), at: this.worstBurnt.at },
      { key: "crushed", value: 100 * this.crushed.quantile(WORST_FRAMES), at: this.worstCrushed.at },
      { key: "dark", value: stopsTo(bright), at: this.darkest.at, facts: { level: bright } },
      { key: "contrast", value: Math.max(0, to - from), facts: { from, to } },
      { key: "drift", value: this.means.quantile(0.95) - this.means.quantile(0.05) },
    ];
  }
}

/** Where the bright parts of a well exposed picture lie. */
const WANTED = 200;

/** Doublings of the light that bring a level to `WANTED`; sRGB's curve is about a power of 2.2. */
function stopsTo(level: number): number {
  return Math.max(0, 2.2 * Math.log2(WANTED / Math.max(1, level)));
}
