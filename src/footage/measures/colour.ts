/** @file Colour and size: how much colour there is, its cast in the brightest parts, and the rows of the picture. */
import type { ClipInfo, FrameView } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import type { Measure, Reading } from "../measure.ts";
import { forSamples } from "../samples.ts";

/** Makes the measure. */
export function colourMeasure(clip: ClipInfo): Measure {
  return new Colour(clip);
}

/** Pixels at least this bright are taken for white, unless they are burnt out. */
const WHITE = { least: 170, most: 250 } as const;
/** The share of white pixels that says something about the cast. */
const LEAST_WHITE = 0.01;

class Colour implements Measure {
  private readonly clip: ClipInfo;
  private readonly colour = new Histogram(256);
  private readonly white = { r: 0, g: 0, b: 0, count: 0, all: 0 };

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add({ picture, detailed }: FrameView): void {
    if (!detailed) return;
    let [sum, all] = [0, 0];
    const { white } = this;
    forSamples(picture, (r, g, b, luma) => {
      sum += Math.max(r, g, b) - Math.min(r, g, b);
      all++;
      if (luma < WHITE.least || luma >= WHITE.most) return;
      white.r += r;
      white.g += g;
      white.b += b;
      white.count++;
    });
    white.all += all;
    this.colour.add(sum / all);
  }

  finish(): Reading[] {
    const { r, g, b, count, all } = this.white;
    const cast = count === 0 ? 0 : (Math.max(r, g, b) - Math.min(r, g, b)) / count;
    const { width, height } = this.clip;
    return [
      { key: "colour", value: this.colour.quantile(0.5) },
      ...(count < LEAST_WHITE * all ? [] : [{ key: "cast" as const, value: cast }]),
      { key: "rows", value: Math.min(width, height), facts: { width, height } },
    ];
  }
}
