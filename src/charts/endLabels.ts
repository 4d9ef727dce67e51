/** @file Names at the ends of curves, moved up or down so that none lies on another. Sizes in pixels. */

/** Where a curve ends, and what it is called. */
export interface CurveEnd {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** A name's place: its left end, and the middle of its height. */
export interface EndLabel extends CurveEnd {
  readonly left: number;
  readonly middle: number;
}

/** Height of a name with the space around it. */
export const LABEL_HEIGHT = 15;
/** From a curve's end to its name. */
const AWAY = 14;
/** Width of a letter, on the safe side. */
const LETTER = 7.2;
/** Letters shown of a name. */
const MOST_LETTERS = 24;

/** The name, cut to fit. */
export function shortened(name: string): string {
  const letters = Array.from(name);
  return letters.length <= MOST_LETTERS ? name : `${letters.slice(0, MOST_LETTERS - 1).join("")}…`;
}

/** An upper estimate. Letters of East Asian scripts are as wide as two others. */
export function labelWidth(name: string): number {
  const units = Array.from(shortened(name)).map((letter) => ((letter.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1));
  return Math.ceil(LETTER * units.reduce<number>((sum, unit) => sum + unit, 0));
}

/** Room for the names of curves that reach the right side. */
export function labelMargin(names: readonly string[]): number {
  return AWAY + 4 + Math.max(0, ...names.map(labelWidth));
}

/**
 * Places names to the right of their curves' ends, in the order of the ends, moved as little as possible (least squares)
 * so that each has its own line.
 * @param range least and greatest middle of a name; they keep apart even where it is too small for all.
 */
export function placeEndLabels(ends: readonly CurveEnd[], [top, bottom]: readonly [number, number]): EndLabel[] {
  const sorted = ends.toSorted((a, b) => a.y - b.y);
  // Less the lines above it, a name's place must not be above that of the one before.
  const places = ascending(sorted.map(({ y }, i) => y - i * LABEL_HEIGHT));
  const lowest = bottom - (sorted.length - 1) * LABEL_HEIGHT;
  return sorted.map((end, i) => {
    const middle = Math.max(top, Math.min(lowest, places[i])) + i * LABEL_HEIGHT;
    return { ...end, left: end.x + AWAY, middle };
  });
}

/** The ascending sequence nearest to some values in least squares: neighbours that fall are pooled to their mean. */
function ascending(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    pools.push({ sum: value, count: 1 });
    for (;;) {
      const [before, last] = [pools.at(-2), pools[pools.length - 1]];
      if (before === undefined || before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  return pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
