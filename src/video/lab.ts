/**
 * @file sRGB to CIE Lab (D65) and back, scaled to about [-1, 1]: [L/50 - 1, a/127, b/127].
 * The sRGB curve is a table of its 256 values; the cube root is a table with linear interpolation (error below 1e-4 in
 * the scaled values). Constants are those of OpenCV and of the usual training code, to the last digit.
 */
import type { RgbPicture } from "./picture.ts";

/** White point of the matrix below. */
const WHITE_X = 0.95047;
const WHITE_Z = 1.08883;
/** Below this, f is linear. */
const LINE_END = 0.008856;

/** sRGB byte to linear light in 0..1. */
export const linearOfByte = Float64Array.from({ length: 256 }, (_, i) => {
  const v = i / 255;
  return v > 0.04045 ? ((v + 0.055) / 1.055) ** 2.4 : v / 12.92;
});

/** Intervals of the table per unit of t. */
const STEPS = 16384;

/** f(i / STEPS); t stays below 1.0001; the table is a little longer to allow for rounding. */
export const labCurve = Float64Array.from({ length: STEPS + 64 }, (_, i) => exactCurve(i / STEPS));

/** CIE Lab's f(t). */
function exactCurve(t: number): number {
  return t > LINE_END ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}

function curve(t: number): number {
  const position = t * STEPS;
  const i = position | 0;
  const low = labCurve[i];
  return low + (labCurve[i + 1] - low) * (position - i);
}

/**
 * Converts a picture to scaled Lab.
 * @param picture `[H, W, 3]` uint8 sRGB
 * @returns `[3, H, W]` float32: L/50 - 1, a/127, b/127, each about -1..1
 */
export function rgbToLab(picture: RgbPicture): Float32Array {
  const { data } = picture;
  const pixels = picture.width * picture.height;
  const lab = new Float32Array(3 * pixels);
  for (let p = 0, s = 0; p < pixels; p++, s += 3) {
    const r = linearOfByte[data[s]];
    const g = linearOfByte[data[s + 1]];
    const b = linearOfByte[data[s + 2]];
    const fx = curve((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE_X);
    const fy = curve(0.212671 * r + 0.71516 * g + 0.072169 * b);
    const fz = curve((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE_Z);
    lab[p] = (116 * fy - 16) / 50 - 1;
    lab[pixels + p] = (500 * (fx - fy)) / 127;
    lab[2 * pixels + p] = (200 * (fy - fz)) / 127;
  }
  return lab;
}

function inverseCurve(f: number): number {
  const cube = f * f * f;
  return cube > LINE_END ? cube : (f - 16 / 116) / 7.787;
}

function byteOfLinear(v: number): number {
  const curved = v > 0.0031308 ? 1.055 * v ** (1 / 2.4) - 0.055 : 12.92 * v;
  return Math.round(255 * Math.min(1, Math.max(0, curved)));
}

/**
 * The inverse of `rgbToLab`, for pictures of reconstructions; colours outside sRGB are clipped.
 * @param lab `[3, height, width]` float32, scaled as `rgbToLab` does
 */
export function labToRgb(lab: Float32Array, width: number, height: number): RgbPicture {
  const pixels = width * height;
  const data = new Uint8Array(3 * pixels);
  for (let p = 0; p < pixels; p++) {
    const fy = ((lab[p] + 1) * 50 + 16) / 116;
    const x = WHITE_X * inverseCurve(fy + (lab[pixels + p] * 127) / 500);
    const y = inverseCurve(fy);
    const z = WHITE_Z * inverseCurve(fy - (lab[2 * pixels + p] * 127) / 200);
    // The inverse of the matrix in rgbToLab.
    data[3 * p] = byteOfLinear(3.240479 * x - 1.53715 * y - 0.498535 * z);
    data[3 * p + 1] = byteOfLinear(-0.969256 * x + 1.875991 * y + 0.041556 * z);
    data[3 * p + 2] = byteOfLinear(0.055648 * x - 0.204043 * y + 1.057311 * z);
  }
  return { width, height, data };
}
