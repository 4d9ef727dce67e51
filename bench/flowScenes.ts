/**
 * @file Pairs of grey pictures with the exact flow between them. Both pictures are sampled from one continuous pattern,
 * so that no resampling of one picture into the other favours any method; grey values are rounded to whole numbers, as
 * a camera does.
 */
import { Random } from "../src/core/random.ts";

/** Grey value 0..255 at any place. */
export type Pattern = (x: number, y: number) => number;
/** Where a point goes. */
export type Motion = (x: number, y: number) => readonly [number, number];

/** Two pictures and the truth. */
export interface FlowScene {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** `[height, width]` whole numbers in 0..255. */
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** `[height, width]` pixels, on the pixels of `from`. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** 1 where the point can be seen in `to` (inside the frame, not covered). */
  readonly visible: Uint8Array;
}

/** A moving part of a picture, nearest last. */
export interface Layer {
  readonly pattern: Pattern;
  readonly motion: Motion;
  /** The inverse of `motion`. */
  readonly back: Motion;
  /** Where the layer is in the first picture; everywhere if absent. */
  readonly inside?: (x: number, y: number) => boolean;
}

const smooth = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

function mirror(i: number, n: number): number {
  const m = ((i % (2 * n)) + 2 * n) % (2 * n);
  return m < n ? m : 2 * n - 1 - m;
}

/** Catmull-Rom weights of the four samples around a place `t` after the second. */
function cubicWeights(t: number): readonly number[] {
  return [
    ((2 - t) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((4 - 3 * t) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ];
}

/** Smooth noise of several sizes with about the spectrum of natural pictures (amplitude halves with the wavelength). */
export function noisePattern(seed: number, longest = 96, octaves = 6): Pattern {
  const random = new Random(seed);
  const size = 64;
  const tables = Array.from({ length: octaves }, () =>
    Float64Array.from({ length: size * size }, () => random.normal()),
  );
  const shifts = Array.from({ length: octaves }, () => [random.uniform(0, size), random.uniform(0, size)] as const);
  const one = (table: Float64Array, x: number, y: number): number => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const [fx, fy] = [smooth(x - x0), smooth(y - y0)];
    const at = (i: number, j: number): number => table[((y0 + j) & (size - 1)) * size + ((x0 + i) & (size - 1))];
    return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
  };
  return (x, y) => {
    let sum = 0;
    for (let o = 0; o < octaves; o++) {
      const wavelength = longest / 2 ** o;
      sum += one(tables[o], x / wavelength + shifts[o][0], y / wavelength + shifts[o][1]) * 0.62 ** o;
    }
    return Math.min(255, Math.max(0, 128 + 55 * sum));
  };
}

/**
 * A picture as a pattern: Catmull-Rom between its pixels, mirrored beyond its border, `scale` picture pixels a unit.
 */
export function picturePattern(data: Float32Array, width: number, height: number, scale: number): Pattern {
  return (x, y) => {
    const px = x * scale - 0.5;
    const py = y * scale - 0.5;
    const [x0, y0] = [Math.floor(px), Math.floor(py)];
    const [wx, wy] = [cubicWeights(px - x0), cubicWeights(py - y0)];
    let sum = 0;
    for (let j = 0; j < 4; j++) {
      const row = mirror(y0 + j - 1, height) * width;
      for (let i = 0; i < 4; i++) sum += wy[j] * wx[i] * data[row + mirror(x0 + i - 1, width)];
    }
    return Math.min(255, Math.max(0, sum));
  };
}

export function translation(dx: number, dy: number): Pick<Layer, "motion" | "back"> {
  return { motion: (x, y) => [x + dx, y + dy], back: (x, y) => [x - dx, y - dy] };
}

/** Rotation and zoom about a point, then a shift. */
export function similarity(
  centre: readonly [number, number],
  degrees: number,
  zoom: number,
  shift: readonly [number, number] = [0, 0],
): Pick<Layer, "motion" | "back"> {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [cx, cy] = centre;
  return {
    motion: (x, y) => [
      cx + shift[0] + zoom * (c * (x - cx) - s * (y - cy)),
      cy + shift[1] + zoom * (s * (x - cx) + c * (y - cy)),
    ],
    back: (x, y) => {
      const [dx, dy] = [(x - cx - shift[0]) / zoom, (y - cy - shift[1]) / zoom];
      return [cx + c * dx + s * dy, cy - s * dx + c * dy];
    },
  };
}

/** The topmost layer at a point of the first (false) or of the second picture (true). */
function topmost(layers: readonly Layer[], x: number, y: number, second: boolean): number {
  for (let i = layers.length - 1; i > 0; i--) {
    const [px, py] = second ? layers[i].back(x, y) : [x, y];
    if (layers[i].inside?.(px, py) ?? true) return i;
  }
  return 0;
}

/** Renders both pictures, mean of 2 × 2 samples a pixel. */
export function renderScene(name: string, width: number, height: number, layers: readonly Layer[]): FlowScene {
  const render = (second: boolean): Float32Array =>
    Float32Array.from({ length: width * height }, (_, p) => {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const x = (p % width) + 0.25 + 0.5 * (k & 1);
        const y = Math.floor(p / width) + 0.25 + 0.5 * (k >> 1);
        const layer = layers[topmost(layers, x, y, second)];
        sum += second ? layer.pattern(...layer.back(x, y)) : layer.pattern(x, y);
      }
      return Math.round(sum / 4);
    });
  const u = new Float32Array(width * height);
  const v = new Float32Array(width * height);
  const visible = new Uint8Array(width * height);
  for (let p = 0; p < width * height; p++) {
    const x = (p % width) + 0.5;
    const y = Math.floor(p / width) + 0.5;
    const i = topmost(layers, x, y, false);
    const [tx, ty] = layers[i].motion(x, y);
    u[p] = tx - x;
    v[p] = ty - y;
    const inside = tx >= 0 && ty >= 0 && tx <= width && ty <= height;
    visible[p] = Number(inside && topmost(layers, tx, ty, true) === i);
  }
  return { name, width, height, from: render(false), to: render(true), u, v, visible };
}

/** The scenes that flow is judged by; patterns from noise, or from pictures where given. */
export function standardScenes(width: number, height: number, patterns: readonly Pattern[] = []): FlowScene[] {
  const back = patterns[0] ?? noisePattern(1);
  const front = patterns[1] ?? noisePattern(2, 48);
  const middle = [width / 2, height / 2] as const;
  const one = (name: string, motion: Pick<Layer, "motion" | "back">): FlowScene =>
    renderScene(name, width, height, [{ pattern: back, ...motion }]);
  const radius = Math.min(width, height) / 5;
  const inside = (x: number, y: number): boolean => Math.hypot(x - middle[0], y - middle[1]) < radius;
  return [
    one("translation 0.4, -0.3", translation(0.4, -0.3)),
    one("translation 3.25, 1.7", translation(3.25, 1.7)),
    one("translation 20, -8", translation(20, -8)),
    one("rotation 4 deg", similarity(middle, 4, 1)),
    one("zoom 1.06", similarity(middle, 0, 1.06)),
    one("rotation 2 deg, zoom 0.96, shift 5", similarity(middle, 2, 0.96, [5, 2])),
    renderScene("two layers, 4 and -6", width, height, [
      { pattern: back, ...translation(-6, 1) },
      { pattern: front, ...translation(4, 2.5), inside },
    ]),
    renderScene("two layers, still and 12", width, height, [
      { pattern: back, ...translation(0, 0) },
      { pattern: front, ...similarity(middle, 5, 1, [12, -3]), inside },
    ]),
  ];
}

/** Mean end-point errors, pixels. */
export interface EndPointError {
  readonly all: number;
  /** Over pixels at least 16 from the border. */
  readonly inner: number;
  /** Over pixels that can be seen in both pictures. */
  readonly visible: number;
}

export function endPointError(scene: FlowScene, u: ArrayLike<number>, v: ArrayLike<number>): EndPointError {
  const { width, height } = scene;
  const sums = { all: 0, inner: 0, visible: 0 };
  const counts = { all: 0, inner: 0, visible: 0 };
  const add = (key: keyof EndPointError, error: number): void => {
    sums[key] += error;
    counts[key]++;
  };
  for (let p = 0; p < width * height; p++) {
    const [x, y] = [p % width, Math.floor(p / width)];
    const error = Math.hypot(u[p] - scene.u[p], v[p] - scene.v[p]);
    add("all", error);
    if (Math.min(x, y, width - 1 - x, height - 1 - y) >= 16) add("inner", error);
    if (scene.visible[p] === 1) add("visible", error);
  }
  return { all: sums.all / counts.all, inner: sums.inner / counts.inner, visible: sums.visible / counts.visible };
}
