/**
 * @file The surfaces of the production line: reflectance in linear RGB (0..1), by place in centimetres.
 * Tones of parts and belt overlap on purpose: no part can be cut out by its colour alone.
 */
import { type NoiseField, ramp } from "./noise.ts";

/** Reflectance of one place, filled in by a `Material`. */
export interface Surface {
  r: number;
  g: number;
  b: number;
  /** Strength of the highlight, 0..1. */
  gloss: number;
}

/**
 * Sets `out` for the place (x, y) of a surface, in cm of its own coordinates.
 * @param depth cm below the top face (0 on top).
 * @param edge cm from the outline inwards; 0 where there is none.
 */
export type Material = (x: number, y: number, depth: number, edge: number, out: Surface) => void;

function set(out: Surface, r: number, g: number, b: number, gloss: number): void {
  out.r = r;
  out.g = g;
  out.b = b;
  out.gloss = gloss;
}

/** Blends a colour over the surface. */
function blend(out: Surface, amount: number, r: number, g: number, b: number): void {
  out.r += (r - out.r) * amount;
  out.g += (g - out.g) * amount;
  out.b += (b - out.b) * amount;
}

function distance(x: number, y: number): number {
  return Math.sqrt(x * x + y * y); // Math.hypot is many times slower
}

/** 1 inside a stripe of the given width in every period, with soft flanks. */
function stripes(at: number, period: number, width: number, soft: number): number {
  const from = Math.abs(at / period - Math.round(at / period)) * period;
  return ramp(width / 2 + soft, width / 2 - soft, from);
}

/** Woven rubber with oil stains, scuffs along the way and a joint every 47 cm. */
export function belt(noise: NoiseField): Material {
  return (x, y, _depth, _edge, out) => {
    const weave = 0.02 * Math.sin(9.2 * (x + y)) * Math.sin(9.2 * (x - y));
    const dirt = noise.cloud(0.23 * x, 0.31 * y + 40);
    const scuff = ramp(0.66, 0.85, noise.at(0.35 * x + 9, 4.3 * y));
    const tone = 0.12 + weave + 0.11 * dirt + 0.08 * scuff + 0.05 * noise.at(2.7 * x, 2.7 * y);
    set(out, tone * 0.98, tone * 1.02, tone * 0.97, 0.05);
    blend(out, 0.7 * ramp(0.6, 0.74, noise.cloud(0.16 * x + 70, 0.19 * y)), 0.1, 0.075, 0.055);
    blend(out, 0.6 * ramp(0.8, 0.88, noise.at(0.9 * x + 50, 0.9 * y + 3)), 0.3, 0.27, 0.22);
    blend(out, 0.6 * stripes(x + 0.25 * y, 47, 0.5, 0.12), 0.05, 0.05, 0.05);
  };
}

/** Turned steel with rings, a darker hub and patches of rust. */
export function steel(noise: NoiseField, phase: number): Material {
  return (x, y, depth, edge, out) => {
    const r = Math.sqrt(x * x + y * y);
    const rings = 0.05 * Math.sin(11 * r + phase) + 0.09 * (noise.at(5 * r, phase) - 0.5);
    const sheen = 0.07 * Math.cos(2 * Math.atan2(y, x) + phase);
    const tone = 0.19 + 0.7 * rings + 0.7 * sheen + 0.12 * (noise.cloud(0.8 * x + phase, 0.8 * y) - 0.5);
    set(out, tone, tone * 1.01, tone * 1.04, 0.5);
    blend(out, 0.55 * ramp(1.6, 1.45, r), 0.1, 0.1, 0.11);
    blend(out, 0.8 * ramp(0.56, 0.68, noise.cloud(0.45 * x + 3 * phase, 0.45 * y + 8)), 0.23, 0.12, 0.07);
    blend(out, 0.5 * ramp(0.16, 0.05, edge) + 0.3 * Math.min(1, depth), 0.13, 0.125, 0.12);
  };
}

/** Blue-grey paint, chipped along the edges, with scratches and a stencilled stripe. */
export function paint(noise: NoiseField, phase: number): Material {
  return (x, y, depth, edge, out) => {
    const grain = 0.06 * (noise.cloud(1.1 * x + phase, 1.1 * y) - 0.5) + 0.03 * (noise.at(6 * x, 6 * y + phase) - 0.5);
    set(out, 0.105 + grain, 0.15 + grain, 0.175 + grain, 0.3);
    const chipped = ramp(0.34, 0.05, edge + 0.5 * (noise.at(2.6 * x, 2.6 * y + phase) - 0.4));
    blend(out, 0.75 * chipped, 0.33, 0.32, 0.3);
    blend(out, 0.5 * ramp(0.8, 0.9, noise.at(0.7 * (x + y) + phase, 5 * (x - y))), 0.4, 0.4, 0.39);
    blend(out, 0.6 * stripes(x - 0.5 * y + 1.1, 5.3, 0.5, 0.06), 0.42, 0.36, 0.13);
    blend(out, 0.35 * Math.min(1, depth), 0.06, 0.08, 0.1);
  };
}

/** Cardboard with tape, a printed label with bars, and corrugated sides. */
export function cardboard(noise: NoiseField, phase: number): Material {
  return (x, y, depth, edge, out) => {
    const fibre = 0.09 * (noise.cloud(0.7 * x + phase, 2.4 * y) - 0.5) + 0.03 * (noise.at(7 * x, 7 * y) - 0.5);
    const wave = depth > 0 ? 0.03 * Math.sin(16 * depth) : 0;
    const tone = 0.36 + fibre + wave;
    set(out, tone, tone * 0.72, tone * 0.46, 0.04);
    if (depth === 0) {
      blend(out, 0.6 * ramp(0.75, 0.66, Math.abs(y + 0.3)), 0.4, 0.31, 0.2);
      printLabel(x - 1.3, y - 0.2, phase, noise, out);
    }
    blend(out, 0.4 * ramp(0.62, 0.72, noise.cloud(0.5 * x, 0.5 * y + 3 * phase)), 0.2, 0.14, 0.09);
    blend(out, 0.4 * ramp(0.25, 0.02, edge), 0.22, 0.15, 0.09);
  };
}

function printLabel(x: number, y: number, phase: number, noise: NoiseField, out: Surface): void {
  const inside = ramp(1.75, 1.67, Math.abs(x)) * ramp(1.45, 1.37, Math.abs(y));
  if (inside === 0) return;
  blend(out, inside, 0.62, 0.62, 0.58);
  const bars = ramp(0.46, 0.56, noise.at(2.8 * x + 10 * phase, 0.5));
  blend(out, inside * bars * ramp(1.5, 1.42, Math.abs(x)) * ramp(-0.1, 0, y) * ramp(1.15, 1.08, y), 0.06, 0.06, 0.07);
  blend(out, inside * ramp(-0.35, -0.42, y) * ramp(-1, -0.93, y) * ramp(1.3, 1.22, Math.abs(x)), 0.4, 0.1, 0.08);
}

/** Zinc-yellow metal with a thread on the shank. */
export function zinc(noise: NoiseField, phase: number): Material {
  return (x, y, depth, edge, out) => {
    const patch = noise.cloud(0.9 * x + phase, 0.9 * y + 2);
    const tone = 0.24 + 0.14 * (patch - 0.5);
    set(out, tone * 1.12, tone * 0.98, tone * 0.66, 0.55);
    blend(out, 0.5 * ramp(0.5, 0.7, noise.at(0.8 * x + 5, 0.8 * y + phase)), 0.21, 0.18, 0.19);
    if (x > -1.4) blend(out, 0.55 * stripes(x + 0.18 * y, 0.62, 0.26, 0.1), 0.09, 0.075, 0.05);
    blend(out, 0.3 * ramp(0.12, 0.02, edge) + 0.2 * Math.min(1, depth), 0.1, 0.09, 0.07);
  };
}

/** Brushed aluminium profile along x, with a slot and a screw every 9 cm; y from the centre of the profile. */
export function rail(noise: NoiseField): Material {
  return (x, y, depth, _edge, out) => {
    const brushed = 0.14 * (noise.at(0.3 * x, 14 * y) - 0.5) + 0.08 * (noise.cloud(0.4 * x, 0.4 * y) - 0.5);
    const tone = 0.4 + brushed - 0.05 * Math.min(2, depth);
    set(out, tone, tone * 1.01, tone * 1.03, 0.3);
    if (depth > 0) return;
    blend(out, 0.8 * ramp(0.24, 0.16, Math.abs(y)), 0.06, 0.06, 0.065);
    const fromScrew = distance(x - 9 * Math.round(x / 9), y);
    blend(out, ramp(0.5, 0.42, fromScrew), 0.3, 0.3, 0.3);
    blend(out, ramp(0.24, 0.18, fromScrew), 0.05, 0.05, 0.05);
  };
}

/** Concrete with oil, a yellow line along the machine and a cable. */
export function floor(noise: NoiseField): Material {
  return (x, y, _depth, _edge, out) => {
    const tone = 0.15 + 0.16 * noise.cloud(0.17 * x + 5, 0.17 * y) + 0.05 * noise.at(1.7 * x, 1.7 * y);
    set(out, tone, tone * 0.98, tone * 0.94, 0.02);
    blend(
      out,
      0.75 * ramp(0.35, 0.5, noise.cloud(0.8 * x, 0.8 * y)) * ramp(1.2, 1.1, Math.abs(y + 17.5)),
      0.42,
      0.31,
      0.05,
    );
    const cable = y - 20.5 - 1.3 * Math.sin(0.13 * x + 1) - 0.5 * Math.sin(0.41 * x);
    blend(out, ramp(0.42, 0.34, Math.abs(cable)), 0.035, 0.035, 0.04);
  };
}

/** The machine beside the belt: a painted panel with vents, plates and lamps. */
export function panel(noise: NoiseField): Material {
  return (x, y, depth, _edge, out) => {
    const grime = 0.06 * (noise.cloud(0.3 * x, 0.3 * y) - 0.5);
    set(out, 0.2 + grime, 0.23 + grime, 0.22 + grime, 0.15);
    if (depth > 0) blend(out, 0.5, 0.09, 0.1, 0.1);
    blend(out, 0.8 * stripes(x, 21, 0.18, 0.06), 0.06, 0.06, 0.06);
    const vent = ramp(3.6, 3.5, Math.abs(x + 12)) * ramp(1.6, 1.5, Math.abs(y));
    blend(out, vent * stripes(y, 0.7, 0.34, 0.08), 0.03, 0.03, 0.03);
    const plate = ramp(2.3, 2.2, Math.abs(x - 16)) * ramp(0.9, 0.8, Math.abs(y + 0.4));
    blend(out, plate, 0.5, 0.46, 0.2);
    blend(out, plate * stripes(y, 0.5, 0.2, 0.05) * ramp(1.9, 1.8, Math.abs(x - 16)), 0.08, 0.08, 0.06);
    blend(out, ramp(0.5, 0.42, distance(x + 2, y)), 0.08, 0.45, 0.13);
  };
}

/** The gantry over the belt: light enamel with warning stripes along one edge, rivets and a cable; x across it. */
export function gantry(noise: NoiseField): Material {
  return (x, y, depth, _edge, out) => {
    const grime = 0.1 * (noise.cloud(0.4 * x + 3, 0.25 * y) - 0.5);
    set(out, 0.4 + grime, 0.41 + grime, 0.4 + grime, 0.2);
    if (depth > 0) blend(out, 0.4, 0.14, 0.14, 0.14);
    const warning = ramp(1.02, 1.09, x);
    blend(out, warning, 0.5, 0.36, 0.05);
    blend(out, warning * stripes(y + x, 2.4, 1.2, 0.08), 0.05, 0.05, 0.05);
    blend(out, ramp(0.24, 0.16, Math.abs(x + 0.8 - 0.15 * Math.sin(0.5 * y))), 0.04, 0.04, 0.045);
    blend(out, 0.7 * ramp(0.26, 0.2, distance(x - 0.2, y - 3 * Math.round(y / 3))), 0.2, 0.2, 0.2);
  };
}

/** Black plastic with a lens: the sensor on the gantry. */
export function sensorHead(noise: NoiseField): Material {
  return (x, y, depth, _edge, out) => {
    const tone = 0.055 + 0.02 * (noise.at(4 * x, 4 * y) - 0.5) - 0.015 * Math.min(1, depth);
    set(out, tone, tone, tone * 1.1, 0.3);
    if (depth > 0) return;
    const r = distance(x, y);
    blend(out, ramp(1.25, 1.15, r), 0.25, 0.25, 0.26);
    blend(out, ramp(1.0, 0.9, r), 0.03, 0.04, 0.07);
    blend(out, ramp(0.3, 0.2, distance(x - 1.7, y - 1.2)), 0.6, 0.08, 0.06);
  };
}
