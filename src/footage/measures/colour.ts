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

/** The share of the tiles that may be without colour. */
const COLOURED = 0.9;
const TILES = 64;

class Colour implements Measure {
  private readonly clip: ClipInfo;
  private readonly saturation = new Histogram(100);
  private readonly white = { r: 0, g: 0, b: 0, count: 0, all: 0 };

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add({ picture, detailed }: FrameView): void {
    if (!detailed) return;
    const { white } = this;
    // Sums of red, green and blue by tile: means of many pixels, in which noise has no colour.
    const sums = new Float64Array(3 * TILES);
    forSamples(picture, (r, g, b, luma, tile) => {
      sums[3 * tile] += r;
      sums[3 * tile + 1] += g;
      sums[3 * tile + 2] += b;
      white.all++;
      if (luma < WHITE.least || luma >= WHITE.most) return;
      white.r += r;
      white.g += g;
      white.b += b;
      white.count++;
    });
    this.saturation.add(saturationOf(sums));
  }

  finish(): Reading[] {
    const { r, g, b, count, all } = this.white;
    const cast = count === 0 ? 0 : (Math.max(r, g, b) - Math.min(r, g, b)) / count;
    const { width, height } = this.clip;
    return [
      { key: "colour", value: this.saturation.quantile(0.5) },
      ...(count < LEAST_WHITE * all ? [] : [{ key: "cast" as const, value: cast }]),
      { key: "rows", value: Math.min(width, height), facts: { width, height } },
    ];
  }
}

/** (max − min) / max of the mean colours of tiles, in percent: that of a tile with more colour than most. */
function saturationOf(sums: Float64Array): number {
  const tiles = Array.from({ length: TILES }, (_, tile) => {
    const [r, g, b] = sums.subarray(3 * tile, 3 * tile + 3);
    const most = Math.max(r, g, b);
    return most === 0 ? 0 : (100 * (most - Math.min(r, g, b))) / most;
  });
  return tiles.sort((a, b) => a - b)[Math.floor(COLOURED * (TILES - 1))];
}
