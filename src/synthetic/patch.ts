/**
 * @file A patch cut out of one clip that moves, turns, grows and changes its outline over another: its place in every
 * frame is known exactly. Lengths are fractions of the picture's shorter side, so that a clip looks the same at any
 * size.
 */
import type { Random } from "../core/random.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { Point } from "../video/point.ts";

/** One wave of an outline or of a path. */
interface Wave {
  readonly amplitude: number;
  /** Waves around the outline, or radians per frame. */
  readonly rate: number;
  readonly phase: number;
  /** Advance of the phase, radians per frame. */
  readonly drift: number;
}

/** What a patch is, and how it moves. */
export interface PatchOptions {
  /** Mean radius, as a fraction of the shorter side. */
  readonly radius: number;
  /** Where it starts, as fractions of the width and height. */
  readonly start: Point;
  /** Velocity, fractions of the shorter side per frame. */
  readonly velocity: Point;
  /** Amplitude of its swing, fractions of the shorter side, and its period in frames. */
  readonly swing: { readonly x: number; readonly y: number; readonly period: number };
  /** Radians per frame. */
  readonly spin: number;
  /** Growth factor per frame, for example 1.01. */
  readonly growth: number;
  /** Where it is cut out of the donor, as fractions of its width and height. */
  readonly cut: Point;
}

/** Outline, texture and motion of one patch. */
export class Patch {
  private readonly options: PatchOptions;
  private readonly outline: readonly Wave[];
  private readonly lightness: Wave;

  constructor(options: PatchOptions, random: Random) {
    this.options = options;
    this.outline = [1, 2, 3, 5].map((rate) => ({
      amplitude: random.uniform(0, 0.5) / rate,
      rate,
      phase: random.uniform(0, 2 * Math.PI),
      drift: random.uniform(-0.12, 0.12),
    }));
    this.lightness = { amplitude: 14, rate: random.uniform(0.02, 0.12), phase: random.uniform(0, 6), drift: 0 };
  }

  /**
   * Where a place of the patch is at a time, pixels.
   * @param local from its centre, in parts of the shorter side, before it turned and grew.
   */
  place(local: Point, time: number, { width, height }: Size): Point {
    const { start, velocity, swing, spin, growth } = this.options;
    const short = Math.min(width, height);
    const angle = (2 * Math.PI * time) / swing.period;
    const scale = growth ** time;
    const [cos, sin] = [scale * Math.cos(spin * time), scale * Math.sin(spin * time)];
    const x = velocity.x * time + swing.x * Math.sin(angle) + cos * local.x - sin * local.y;
    const y = velocity.y * time + swing.y * Math.sin(angle) + sin * local.x + cos * local.y;
    return { x: start.x * width + short * x, y: start.y * height + short * y };
  }

  /** Whether a place lies inside the outline at a time. @param local as in `place`. */
  inside({ x, y }: Point, time: number): boolean {
    return this.margin(x, y, time) > 0;
  }

  /** Draws itself. @param owner gets `label` where it covers the picture. */
  draw(
    picture: RgbPicture,
    donor: RgbPicture,
    owner: Uint8Array,
    { label, time }: { label: number; time: number },
  ): void {
    const { width, height, data } = picture;
    const short = Math.min(width, height);
    const { spin, growth } = this.options;
    const scale = growth ** time;
    const [cos, sin] = [Math.cos(spin * time) / scale / short, Math.sin(spin * time) / scale / short];
    const centre = this.place({ x: 0, y: 0 }, time, picture);
    const reach = 2 * this.options.radius * scale * short;
    const light = wave(this.lightness, time);
    for (let y = Math.max(0, Math.floor(centre.y - reach)); y < Math.min(height, centre.y + reach); y++)
      for (let x = Math.max(0, Math.floor(centre.x - reach)); x < Math.min(width, centre.x + reach); x++) {
        const [dx, dy] = [x + 0.5 - centre.x, y + 0.5 - centre.y];
        const [u, v] = [cos * dx + sin * dy, cos * dy - sin * dx];
        const cover = 0.5 + this.margin(u, v, time) * scale * short;
        if (cover <= 0) continue;
        const share = Math.min(1, cover);
        const from = this.texel(u, v, donor);
        for (let c = 0, to = 3 * (y * width + x); c < 3; c++, to++)
          data[to] = Math.min(255, Math.max(0, data[to] + share * (donor.data[from + c] + light - data[to])));
        if (share >= 0.5) owner[y * width + x] = label;
      }
  }

  /** Distance inside the outline, fractions of the shorter side; negative outside. */
  private margin(u: number, v: number, time: number): number {
    const angle = Math.atan2(v, u);
    let reach = 1;
    for (const { amplitude, rate, phase, drift } of this.outline)
      reach += amplitude * Math.cos(rate * angle + phase + drift * time);
    return this.options.radius * Math.max(0.3, reach) - Math.hypot(u, v);
  }

  /** Index of the donor's value at a place of the patch; its border is mirrored. */
  private texel(u: number, v: number, { width, height }: RgbPicture): number {
    const short = Math.min(width, height);
    const x = mirrored(Math.floor(this.options.cut.x * width + short * u), width);
    const y = mirrored(Math.floor(this.options.cut.y * height + short * v), height);
    return 3 * (y * width + x);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function wave({ amplitude, rate, phase }: Wave, time: number): number {
  return amplitude * (Math.sin(rate * time + phase) - Math.sin(phase));
}

function mirrored(place: number, size: number): number {
  const within = ((place % (2 * size)) + 2 * size) % (2 * size);
  return within < size ? within : 2 * size - 1 - within;
}
