/** @file Smooth random fields for procedural textures. */
import type { Random } from "../core/random.ts";

const SIZE = 256;

/** Value noise in the plane, period 256, made from one table of random numbers. */
export class NoiseField {
  private readonly table: Float32Array;

  constructor(random: Random) {
    this.table = Float32Array.from({ length: SIZE * SIZE }, () => random.next());
  }

  /** Smooth in x and y with features of size 1; in [0, 1). */
  at(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = smooth(x - left);
    const v = smooth(y - top);
    const row = (top & 255) << 8;
    const below = ((top + 1) & 255) << 8;
    const a = this.table[row | (left & 255)];
    const b = this.table[row | ((left + 1) & 255)];
    const c = this.table[below | (left & 255)];
    const d = this.table[below | ((left + 1) & 255)];
    return a + (b - a) * u + (c - a + (a - b - c + d) * u) * v;
  }

  /** Three octaves: features of size 1, 1/2 and 1/4; in [0, 1). */
  cloud(x: number, y: number): number {
    return (
      0.55 * this.at(x, y) + 0.3 * this.at(2.03 * x + 17.3, 2.03 * y + 5.1) + 0.15 * this.at(4.1 * x, 4.1 * y + 31.7)
    );
  }
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

/** 0 below `from`, 1 above `to`, a smooth ramp between (descending if from > to). */
export function ramp(from: number, to: number, value: number): number {
  return smooth(Math.min(1, Math.max(0, (value - from) / (to - from))));
}
