/**
 * @file Camera cuts as frames stream by: the parts of a small copy of the frame are looked for in the frame before. After a cut few are found again;
 * a pan only moves them, a flash only changes their lightness and contrast (which do not count), what enters the picture leaves the rest as it was.
 * Cheap: the small copy is all that is looked at.
 */
import type { RgbPicture } from "../video/picture.ts";

/** What the detector says of a frame. */
export interface CutVerdict {
  /** The frame does not continue the one before. */
  readonly cut: boolean;
  /** How much of the frame before is found again, 0..1, from 0.85 on at least so much; 1 for the first frame and where there is nothing to compare. */
  readonly likeness: number;
  /** There is nothing in the frame to be compared by: the next one is compared with an earlier one. */
  readonly blank: boolean;
}

/** Pixels of the small copy's longer side. */
const SIDE = 64;
/** Pixels of a part, and how far it is looked for to each side. */
const PART = 8;
const REACH = 12;
/** Looked at of every pixel of the copy, per axis, at most. */
const SAMPLES = 4;
/** Grey levels of deviation below which a part has nothing to be found by. */
const LEAST_DEVIATION = 4;
/** Share of parts with something in them below which a frame is blank: it is never a cut, and is not compared with. */
const LEAST_TEXTURED = 0.15;
/** A part that correlates so much is found, and not looked for further than around there. */
const FOUND = 0.9;
/** Below this likeness a frame is from another shot: frames that go on were 0.79 and more alike, unlike clips mostly 0.70 and less. */
const LEAST_LIKENESS = 0.74;
/** A frame that is so much alike at a look around each part goes on, and its parts are not looked for further away. */
const SURE_LIKENESS = 0.85;

/** A small copy of a frame. */
interface Copy {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`. */
  readonly data: Float32Array;
}

/** A square of a copy. */
interface Part {
  readonly x: number;
  readonly y: number;
  /** Its values less the mean of each channel, unit length. */
  readonly values: Float32Array;
  /** Grey levels. */
  readonly deviation: number;
}

/** Looks at the frames of one stream in order. */
export class CutDetector {
  private before: Copy | undefined;

  /** Frames may be of any size, but all of one. */
  next(picture: RgbPicture): CutVerdict {
    const copy = smallCopy(picture);
    const parts = partsOf(copy);
    const textured = parts.filter(({ deviation }) => deviation >= LEAST_DEVIATION);
    if (textured.length < LEAST_TEXTURED * parts.length) return { cut: false, likeness: 1, blank: true };
    const { before } = this;
    this.before = copy;
    if (before === undefined) return { cut: false, likeness: 1, blank: false };
    const likeness = likenessOf(textured, before);
    return { cut: likeness < LEAST_LIKENESS, likeness, blank: false };
  }
}

function smallCopy({ width: w, height: h, data: rgb }: RgbPicture): Copy {
  const scale = Math.min(1, SIDE / Math.max(w, h));
  const width = Math.max(PART, Math.round(w * scale));
  const height = Math.max(PART, Math.round(h * scale));
  const data = new Float32Array(width * height * 3);
  const share = 1 / (SAMPLES * SAMPLES);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3)
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const row = Math.floor(((y + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES) * h) / height);
        const column = Math.floor(((x + ((s % SAMPLES) + 0.5) / SAMPLES) * w) / width);
        const from = 3 * (row * w + column);
        for (let c = 0; c < 3; c++) data[to + c] += share * rgb[from + c];
      }
  return { width, height, data };
}

/** The parts that fill a copy, the last of each row and column moved inwards. */
function partsOf(copy: Copy): Part[] {
  const parts: Part[] = [];
  for (let top = 0; top < copy.height; top += PART)
    for (let left = 0; left < copy.width; left += PART) {
      const [x, y] = [Math.min(left, copy.width - PART), Math.min(top, copy.height - PART)];
      const values = new Float32Array(PART * PART * 3);
      const deviation = Math.sqrt(readPart(copy, x, y, values) / values.length);
      parts.push({ x, y, deviation, values });
    }
  return parts;
}

/** Reads a square less its mean colour, of unit length. @returns its squared length before. */
function readPart({ width, data }: Copy, x: number, y: number, out: Float32Array): number {
  const sums = [0, 0, 0];
  for (let row = 0, to = 0; row < PART; row++)
    for (let from = 3 * ((y + row) * width + x), end = from + 3 * PART; from < end; from += 3)
      for (let c = 0; c < 3; c++) sums[c] += out[to++] = data[from + c];
  let square = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] -= sums[i % 3] / (PART * PART);
    square += out[i] * out[i];
  }
  const scale = 1 / Math.sqrt(square + 1e-6);
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  return square;
}

/** Most frames go on, which a look nearby tells at a fraction of the cost. */
function likenessOf(parts: readonly Part[], before: Copy): number {
  const squares = new SquareCache(before);
  const nearby = meanCorrelation(parts, squares, NEARBY);
  return nearby >= SURE_LIKENESS ? nearby : meanCorrelation(parts, squares, WAYS);
}

/** Mean of the parts' best correlations, weighted by how much there is in them. */
function meanCorrelation(parts: readonly Part[], squares: SquareCache, ways: readonly Way[]): number {
  let [sum, weights] = [0, 0];
  let hint = { dx: 0, dy: 0 };
  for (const part of parts) {
    const found = bestPlace(part, squares, { hint, ways });
    // Most parts of a frame move alike, so that the last one's way saves the search of the next.
    hint = found;
    sum += part.deviation * found.correlation;
    weights += part.deviation;
  }
  return sum / weights;
}

/** The squares of a copy, each read once. */
class SquareCache {
  private readonly copy: Copy;
  private readonly squares = new Map<number, Float32Array>();

  constructor(copy: Copy) {
    this.copy = copy;
  }

  /** The correlation with the square at a place, −1..1; 0 beyond the border. */
  correlation(values: Float32Array, x: number, y: number): number {
    const { width, height } = this.copy;
    if (x < 0 || y < 0 || x > width - PART || y > height - PART) return 0;
    const other = this.at(x, y);
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] * other[i];
    return sum;
  }

  private at(x: number, y: number): Float32Array {
    const key = y * this.copy.width + x;
    let values = this.squares.get(key);
    if (values === undefined) {
      values = new Float32Array(PART * PART * 3);
      readPart(this.copy, x, y, values);
      this.squares.set(key, values);
    }
    return values;
  }
}

/** Ways from a place to those around it, the nearest first. */
const WAYS = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, i) => ({
  dx: (i % (2 * REACH + 1)) - REACH,
  dy: Math.floor(i / (2 * REACH + 1)) - REACH,
})).sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy));

/** Those to the eight places around. */
const NEIGHBOURS = WAYS.slice(1, 9);
/** Those up to four pixels away, none among them. */
const NEARBY = WAYS.slice(0, 49);

interface Way {
  readonly dx: number;
  readonly dy: number;
}

/** Where a part correlates most, or about where it does well enough. `hint` is tried first. */
function bestPlace(
  { x, y, values }: Part,
  squares: SquareCache,
  { hint, ways }: { hint: Way; ways: readonly Way[] },
): Way & { readonly correlation: number } {
  let best = { ...hint, correlation: Math.max(0, squares.correlation(values, x + hint.dx, y + hint.dy)) };
  const look = (dx: number, dy: number): void => {
    const correlation = squares.correlation(values, x + dx, y + dy);
    if (correlation > best.correlation) best = { dx, dy, correlation };
  };
  for (const way of ways) {
    if (best.correlation >= FOUND) break;
    look(way.dx, way.dy);
  }
  const { dx, dy } = best;
  for (const way of NEIGHBOURS) look(dx + way.dx, dy + way.dy);
  return best;
}
