/** @file Exposure: what is burnt out or crushed, how bright the bright parts are, and how far apart from the dark ones. */
import type { FrameView } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import type { Measure, Reading } from "../measure.ts";
import { forSamples } from "../samples.ts";
import { Worst } from "../worst.ts";

/** From this luma on, a pixel is burnt out; up to that, it is crushed. */
const BURNT = 250;
const CRUSHED = 5;
/** The darkest and the brightest parts of a picture are so much of it. */
const EXTREME = 0.005;
/** The clip's number is that of its worst frames: only a tenth of them is worse. */
const WORST_FRAMES = 0.9;

/** Makes the measure. */
export function exposureMeasure(): Measure {
  return new Exposure();
}

class Exposure implements Measure {
  private readonly counts = new Float64Array(256);
  private readonly burnt = new Histogram(1);
  private readonly crushed = new Histogram(1);
  private readonly bright = new Histogram(256);
  private readonly span = { from: new Histogram(256), to: new Histogram(256) };
  private readonly means = new Histogram(256);
  private readonly worstBurnt = new Worst();
  private readonly worstCrushed = new Worst();
  private readonly darkest = new Worst();

  add(frame: FrameView): void {
    const { counts } = this;
    counts.fill(0);
    let [all, sum, burnt, crushed] = [0, 0, 0, 0];
    forSamples(frame.picture, (_r, _g, _b, luma) => {
      all++;
      sum += luma;
      counts[Math.round(luma)]++;
      if (luma >= BURNT) burnt++;
      if (luma <= CRUSHED) crushed++;
    });
    this.means.add(sum / all);
    this.burnt.add(burnt / all);
    this.crushed.add(crushed / all);
    const bright = levelAt(counts, 0.95 * all);
    this.bright.add(bright);
    this.span.from.add(levelAt(counts, EXTREME * all));
    this.span.to.add(levelAt(counts, (1 - EXTREME) * all));
    this.worstBurnt.add(frame, burnt / all);
    this.worstCrushed.add(frame, crushed / all);
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

/** The level below which so many of the counted pixels lie. */
function levelAt(counts: Float64Array, wanted: number): number {
  let sum = 0;
  return counts.findIndex((count) => (sum += count) >= wanted);
}

/** Where the bright parts of a well exposed picture lie. */
const WANTED = 200;

/** Doublings of the light that bring a level to `WANTED`; sRGB's curve is about a power of 2.2. */
function stopsTo(level: number): number {
  return Math.max(0, 2.2 * Math.log2(WANTED / Math.max(1, level)));
}
