/**
 * @file Camera cuts as frames stream by: the parts of a small copy of the frame are searched in the previous frame.
 * After a cut, few are found; a pan only moves them, a flash only changes their lightness and contrast (which do not
 * count), and an object that enters leaves the rest unchanged. Cheap, as only the small copy is read.
 */
import type { RgbPicture } from "../video/picture.ts";

/** The detector's verdict on a frame. */
export interface CutVerdict {
  /** The frame does not continue the previous one. */
  readonly cut: boolean;
  /**
   * How much of the previous frame is found again, 0..1 (from 0.85 on, a lower bound); 1 for the first frame and where
   * there is nothing to compare.
   */
  readonly likeness: number;
  /** The frame has nothing to compare: the next one is compared with an earlier one. */
  readonly blank: boolean;
}

/** Pixels of the small copy's longer side. */
const SIDE = 64;
/** Side of a part, and how far it is searched to each side, pixels. */
const PART = 8;
const REACH = 12;
/** The most samples per axis for each pixel of the copy. */
const SAMPLES = 4;
/** Deviation below which a part has too little texture to be found, grey levels. */
const LEAST_DEVIATION = 4;
/** Share of textured parts below which a frame is blank: it is never a cut, and nothing is compared with it. */
const LEAST_TEXTURED = 0.15;
/** A part with this correlation is found, and then searched only around that place. */
const FOUND = 0.9;
/**
 * Below this likeness a frame is from another shot: measured, frames of one shot were at 0.79 or more, different clips
 * mostly at 0.70 or less.
 */
const LEAST_LIKENESS = 0.74;
/**
 * A frame with this likeness after a search near each part continues the shot, and its parts are not searched further
 * away.
 */
const SURE_LIKENESS = 0.85;

/** A small copy of a frame. */
interface Copy {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`. */
  readonly data: Float32Array;
}

/** A square part of a copy. */
interface Part {
  readonly x: number;
  readonly y: number;
  /** Its values minus the mean of each channel, normalised to unit length. */
  readonly values: Float32Array;
  /** Grey levels. */
  readonly deviation: number;
}

/** Detects cuts in the frames of one stream, in order. */
export class CutDetector {
  private before: Copy | undefined;

  /** Frames may have any size, but all the same. */
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

/** Reads a square minus its mean colour, normalised to unit length. @returns the squared length before that. */
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

/** Most frames continue the previous one, which a search nearby shows at a fraction of the cost. */
function likenessOf(parts: readonly Part[], before: Copy): number {
  const squares = new SquareCache(before);
  const nearby = meanCorrelation(parts, squares, NEARBY);
  return nearby >= SURE_LIKENESS ? nearby : meanCorrelation(parts, squares, WAYS);
}

/** Mean of the parts' best correlations, weighted by their texture. */
function meanCorrelation(parts: readonly Part[], squares: SquareCache, ways: readonly Way[]): number {
  let [sum, weights] = [0, 0];
  let hint = { dx: 0, dy: 0 };
  for (const part of parts) {
    const found = bestPlace(part, squares, { hint, ways });
    // Most parts of a frame move in the same way, so the last one's offset saves the search for the next.
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

/** Offsets from a place to those around it, the nearest first. */
const WAYS = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, i) => ({
  dx: (i % (2 * REACH + 1)) - REACH,
  dy: Math.floor(i / (2 * REACH + 1)) - REACH,
})).sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy));

/** Offsets to the eight neighbours. */
const NEIGHBOURS = WAYS.slice(1, 9);
/** Offsets up to four pixels away, including zero. */
const NEARBY = WAYS.slice(0, 49);

interface Way {
  readonly dx: number;
  readonly dy: number;
}

/** The place where a part correlates most, or one where it correlates well enough. `hint` is tried first. */
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
