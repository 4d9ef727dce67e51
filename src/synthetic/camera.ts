/** @file The camera over the belt: a pinhole that shakes a little, and a sensor with exposure, vignetting and noise. */
import type { Random } from "../core/random.ts";
import type { Ray } from "./solids.ts";

const EYE_Y = -25;
const EYE_Z = 54;
const AIM_Y = 0.9;
/** Focal length over picture width: 480 pixels see about 60 cm of the belt. */
const FOCAL = 0.95;

/** A slow quantity: two sines with random phases, in [-1, 1]. */
export function wander(random: Random, period: number): (frame: number) => number {
  const [a, b] = [random.uniform(0, 2 * Math.PI), random.uniform(0, 2 * Math.PI)];
  return (frame) =>
    0.6 * Math.sin((2 * Math.PI * frame) / period + a) + 0.4 * Math.sin((2 * Math.PI * frame) / (0.37 * period) + b);
}

/** The camera's pose in one frame. */
export class Camera {
  private readonly shakeX: (frame: number) => number;
  private readonly shakeY: (frame: number) => number;
  private readonly roll: (frame: number) => number;
  private readonly width: number;
  private readonly height: number;
  private readonly cos: number;
  private readonly sin: number;
  private offsetX = 0;
  private offsetY = 0;
  private turn = 0;

  constructor(width: number, height: number, random: Random) {
    this.width = width;
    this.height = height;
    const tilt = Math.atan2(AIM_Y - EYE_Y, EYE_Z);
    this.cos = Math.cos(tilt);
    this.sin = Math.sin(tilt);
    this.shakeX = wander(random, 17);
    this.shakeY = wander(random, 13);
    this.roll = wander(random, 29);
  }

  /** A new ray for `aim`. */
  ray(): Ray {
    return { x: 0, y: EYE_Y, eye: EYE_Z, slopeX: 0, slopeY: 0 };
  }

  /** Shakes the camera by up to 1.2 pixels (of 480) either way and 0.06 degrees. */
  setFrame(frame: number): void {
    const unit = this.width / 480;
    this.offsetX = 1.2 * unit * this.shakeX(frame);
    this.offsetY = 0.9 * unit * this.shakeY(frame);
    this.turn = 0.001 * this.roll(frame);
  }

  /** Points `ray` at the place (x, y) in the picture: pixels, origin at the corner of the first pixel. */
  aim(ray: Ray, x: number, y: number): void {
    const scale = 1 / (FOCAL * this.width);
    const dx = x - this.width / 2 + this.offsetX;
    const dy = y - this.height / 2 + this.offsetY;
    const right = (dx - this.turn * dy) * scale;
    const up = -(dy + this.turn * dx) * scale;
    const forward = this.cos - up * this.sin;
    ray.slopeX = right / forward;
    ray.slopeY = (this.sin + up * this.cos) / forward;
  }
}

const CURVE_STEPS = 4096;
const NORMALS = 8192;

/** Linear light 0..1 to sRGB 0..255 (IEC 61966-2-1), by table. */
const CURVE = Float32Array.from({ length: CURVE_STEPS + 1 }, (_, i) => {
  const light = i / CURVE_STEPS;
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
});

/** Turns light into pixels: lens blur, vignetting, exposure that drifts and flickers, shot and read noise. */
export class Sensor {
  private readonly random: Random;
  private readonly normals: Float32Array;
  private readonly drift: (frame: number) => number;

  constructor(random: Random) {
    this.random = random;
    this.normals = Float32Array.from({ length: NORMALS }, () => random.normal());
    this.drift = wander(random, 61);
  }

  /** @param light linear RGB `[height, width, 3]`; returns sRGB `[height, width, 3]` uint8. */
  expose(light: Float32Array, width: number, height: number, frame: number): Uint8Array {
    const soft = blur(light, width, height);
    const pixels = new Uint8Array(light.length);
    const gain = 1.5 * (1 + 0.13 * this.drift(frame) + 0.025 * (this.random.next() - 0.5));
    const scale = 1 / (width * width + height * height);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const fromCentre = ((2 * x - width) ** 2 + (2 * y - height) ** 2) * scale;
        const bright = gain * (1 - 0.38 * fromCentre);
        for (let c = 0; c < 3; c++, i++) pixels[i] = this.read(soft[i] * bright);
      }
    }
    return pixels;
  }

  private read(light: number): number {
    const noise = this.normals[this.random.integer(NORMALS)] * Math.sqrt(0.00003 + 0.0005 * light);
    const clipped = Math.min(1, Math.max(0, light + noise));
    return CURVE[Math.round(clipped * CURVE_STEPS)] + 0.5;
  }
}

/** The lens: [1 6 1] / 8 along both axes. */
function blur(light: Float32Array, width: number, height: number): Float32Array {
  const across = blurAlong(light, 3, 3 * width, height, 3 * width);
  return blurAlong(across, 3 * width, 3 * width * height, 1, 0);
}

/** Rows of `length` values that lie `rowStride` apart; neighbours lie `step` apart; the ends are unchanged. */
function blurAlong(from: Float32Array, step: number, length: number, rows: number, rowStride: number): Float32Array {
  const to = from.slice();
  for (let row = 0; row < rows; row++) {
    const start = row * rowStride;
    for (let i = start + step; i < start + length - step; i++)
      to[i] = 0.75 * from[i] + 0.125 * (from[i - step] + from[i + step]);
  }
  return to;
}
