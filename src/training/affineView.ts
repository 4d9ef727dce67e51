/** @file Random affine views of one picture, and where the cells of one view lie in another (for pseudo-motion). */
import { linearTap } from "../core/linearTap.ts";
import type { Random } from "../core/random.ts";
import type { RgbPicture } from "../video/picture.ts";

/** How far a second view may be from the first. */
export interface ViewRanges {
  /** Largest change of scale, ≥ 1: 1.5 = from 2/3 to 3/2. */
  readonly maxScale: number;
  /** Largest rotation in degrees. */
  readonly maxRotation: number;
  /** Largest displacement as a share of the view's side. */
  readonly maxShift: number;
  /** Largest change of contrast, brightness and colourfulness, 0..1. */
  readonly colourJitter: number;
}

/**
 * A square view of a picture: its point (u, v), in pixels of the view, shows the picture's point origin + u·right +
 * v·down.
 */
export interface AffineView {
  readonly origin: readonly [number, number];
  readonly right: readonly [number, number];
  readonly down: readonly [number, number];
  readonly contrast: number;
  /** Added, in 8-bit steps. */
  readonly brightness: number;
  /** 1 = colours as they are, 0 = grey. */
  readonly colourfulness: number;
}

/** A rectangle of the picture, mirrored or not, as a view of `size` pixels. */
export function rectangleView(
  { x, y, width, height, flip }: { x: number; y: number; width: number; height: number; flip: boolean },
  size: number,
): AffineView {
  return {
    origin: [flip ? x + width : x, y],
    right: [(flip ? -width : width) / size, 0],
    down: [0, height / size],
    contrast: 1,
    brightness: 0,
    colourfulness: 1,
  };
}

/** A view near another one: turned, scaled and moved about its centre, in other colours. */
export function nearbyView(view: AffineView, size: number, random: Random, ranges: ViewRanges): AffineView {
  const half = size / 2;
  const angle = (random.uniform(-1, 1) * ranges.maxRotation * Math.PI) / 180;
  const scale = Math.exp(random.uniform(-1, 1) * Math.log(ranges.maxScale));
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const centre = toPicture(
    view,
    half + random.uniform(-1, 1) * ranges.maxShift * size,
    half + random.uniform(-1, 1) * ranges.maxShift * size,
  );
  const right = [0, 1].map((k) => cos * view.right[k] + sin * view.down[k]) as [number, number];
  const down = [0, 1].map((k) => cos * view.down[k] - sin * view.right[k]) as [number, number];
  const jitter = (): number => ranges.colourJitter * random.uniform(-1, 1);
  return {
    origin: [centre[0] - half * (right[0] + down[0]), centre[1] - half * (right[1] + down[1])],
    right,
    down,
    contrast: 1 + jitter(),
    brightness: 64 * jitter(),
    colourfulness: 1 + jitter(),
  };
}

/** The point of the picture that a view shows at (u, v). */
export function toPicture({ origin, right, down }: AffineView, u: number, v: number): [number, number] {
  return [origin[0] + u * right[0] + v * down[0], origin[1] + u * right[1] + v * down[1]];
}

/** Where a view shows the picture's point (x, y). */
export function fromPicture({ origin, right, down }: AffineView, x: number, y: number): [number, number] {
  const determinant = right[0] * down[1] - right[1] * down[0];
  const [dx, dy] = [x - origin[0], y - origin[1]];
  return [(dx * down[1] - dy * down[0]) / determinant, (dy * right[0] - dx * right[1]) / determinant];
}

/** The view as a picture `[size, size, 3]`, bilinear; beyond the picture's border its last pixels are repeated. */
export function renderView({ width, height, data }: RgbPicture, view: AffineView, size: number): Uint8Array {
  const out = new Uint8ClampedArray(size * size * 3);
  const colour = new Float32Array(3);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const [px, py] = toPicture(view, u + 0.5, v + 0.5);
      const x = linearTap(px, width);
      const y = linearTap(py, height);
      for (let c = 0; c < 3; c++) {
        const row = (at: number): number =>
          data[(at * width + x.low) * 3 + c] * (1 - x.weight) + data[(at * width + x.high) * 3 + c] * x.weight;
        colour[c] = row(y.low) * (1 - y.weight) + row(y.high) * y.weight;
      }
      const grey = (colour[0] + colour[1] + colour[2]) / 3;
      for (let c = 0; c < 3; c++) {
        const chroma = grey + view.colourfulness * (colour[c] - grey);
        out[(v * size + u) * 3 + c] = (chroma - 128) * view.contrast + 128 + view.brightness;
      }
    }
  }
  return new Uint8Array(out.buffer);
}
