/**
 * @file The bodies of the production line, and where a ray of the camera first hits them. World: x along the belt, y
 * across it (away from the camera), z up, in cm; the belt is z = 0. Every body is a vertically extruded outline.
 */
import type { Material } from "./materials.ts";
import type { Shape } from "./shapes.ts";

/** A ray from the camera downwards: at height z it is over (x + slopeX (eye - z), y + slopeY (eye - z)). */
export interface Ray {
  /** The camera's place. */
  readonly x: number;
  readonly y: number;
  readonly eye: number;
  slopeX: number;
  slopeY: number;
}

/** The first hit of a ray. */
export interface Hit {
  /** The body; undefined before any hit. */
  body: Body | undefined;
  /** Height. The highest of a ray's hits is the nearest to the camera. */
  z: number;
  /** The same place in the body's coordinates. */
  u: number;
  v: number;
  /** False on top, true on a side. */
  side: boolean;
}

/** A body of the scene. */
export interface Body {
  readonly material: Material;
  /** Height of the top face, and of the lower end of the sides. */
  readonly top: number;
  readonly bottom: number;
  /** Replaces the contents of `hit` if the ray hits this body at a greater height. */
  meet(ray: Ray, hit: Hit): void;
  /** How much (0..1) of the lamp's light it blocks at (x, y, z); solids shade only what lies on the belt or above. */
  shadow(x: number, y: number, z: number): number;
  /** The upward-tilted normal at the hit, into `normal` (unit length). */
  normal(hit: Hit, normal: Float64Array): void;
  /** cm from the outline inwards at the hit; what materials call `edge`. */
  edge(hit: Hit): number;
}

/** Direction to the lamp, unit length. */
export const LIGHT = [-0.47, 0.36, 0.806] as const;
/** How far it moves along x and y per cm of height. */
const LIGHT_X = LIGHT[0] / LIGHT[2];
const LIGHT_Y = LIGHT[1] / LIGHT[2];

const MARCH_STEPS = 24;
const NEAR = 0.01;
const SHADOW_SAMPLES = 4;
/** How far the dark corner beside a body reaches, cm. */
const CORNER = 0.8;

function offer(hit: Hit, body: Body, z: number, u: number, v: number, side: boolean): void {
  if (z <= hit.z) return;
  hit.body = body;
  hit.z = z;
  hit.u = u;
  hit.v = v;
  hit.side = side;
}

function setNormal(normal: Float64Array, x: number, y: number, z: number): void {
  normal[0] = x;
  normal[1] = y;
  normal[2] = z;
}

/** Settings of a `Solid`. */
export interface SolidOptions {
  readonly shape: Shape;
  /** No point of the outline is farther from its origin, cm. */
  readonly radius: number;
  readonly top: number;
  readonly bottom?: number;
  /** Width of the rounded rim, cm. */
  readonly bevel: number;
  readonly material: Material;
  /** Id in the label maps; 0 if not labelled. */
  readonly label: number;
}

/** An outline extruded from `bottom` to `top`, which can be moved and turned. */
export class Solid implements Body {
  readonly material: Material;
  readonly top: number;
  readonly bottom: number;
  readonly label: number;
  private readonly shape: Shape;
  private readonly radius: number;
  private readonly bevel: number;
  private x = 0;
  private y = 0;
  private cos = 1;
  private sin = 0;

  constructor(options: SolidOptions) {
    this.material = options.material;
    this.top = options.top;
    this.bottom = options.bottom ?? 0;
    this.label = options.label;
    this.shape = options.shape;
    this.radius = options.radius;
    this.bevel = options.bevel;
  }

  /** Puts the origin over (x, y) and turns the outline by `angle` radians. */
  place(x: number, y: number, angle: number): void {
    this.x = x;
    this.y = y;
    this.cos = Math.cos(angle);
    this.sin = Math.sin(angle);
  }

  /**
   * Whether it, its shadow or its dark corner may be seen where rays hit z = 0 within `reach` of (x, y). Assumes that
   * rays and light slant by at most 1.1 cm per cm of height.
   */
  mayMatter(x: number, y: number, reach: number): boolean {
    const far = this.radius + 2.2 * this.top + 1 + reach;
    return (x - this.x) ** 2 + (y - this.y) ** 2 < far * far;
  }

  meet(ray: Ray, hit: Hit): void {
    const height = this.top - this.bottom;
    const drop = ray.eye - this.top;
    const x = ray.x + ray.slopeX * drop - this.x;
    const y = ray.y + ray.slopeY * drop - this.y;
    const slope = Math.sqrt(ray.slopeX ** 2 + ray.slopeY ** 2);
    if (x * x + y * y > (this.radius + slope * height) ** 2) return;
    let u = this.cos * x + this.sin * y;
    let v = this.cos * y - this.sin * x;
    let distance = this.shape(u, v);
    if (distance < 0) return offer(hit, this, this.top, u, v, false);
    const stepU = (this.cos * ray.slopeX + this.sin * ray.slopeY) / slope;
    const stepV = (this.cos * ray.slopeY - this.sin * ray.slopeX) / slope;
    for (let gone = 0, i = 0; i < MARCH_STEPS; i++) {
      gone += distance + NEAR / 2;
      if (gone > slope * height) return;
      u += stepU * (distance + NEAR / 2);
      v += stepV * (distance + NEAR / 2);
      distance = this.shape(u, v);
      if (distance < NEAR) return offer(hit, this, this.top - gone / slope, u, v, true);
    }
  }

  shadow(x: number, y: number, z: number): number {
    if (z >= this.top - 0.05 || z < 0) return 0;
    const low = Math.max(this.bottom - z, 0);
    const high = this.top - z;
    const fromX = x + (LIGHT_X * (low + high)) / 2 - this.x;
    const fromY = y + (LIGHT_Y * (low + high)) / 2 - this.y;
    const reach = this.radius + 0.6 + 0.5 * (high - low);
    if (fromX * fromX + fromY * fromY > reach * reach) return 0;
    let taken = 0;
    for (let i = 0; i < SHADOW_SAMPLES; i++) {
      const rise = low + ((high - low) * (i + 0.5)) / SHADOW_SAMPLES;
      const distance = this.distance(x + LIGHT_X * rise, y + LIGHT_Y * rise);
      taken = Math.max(taken, 0.5 - distance / (0.24 + 0.32 * rise));
    }
    return Math.min(1, taken);
  }

  /** How much (0..1) of the ambient light it blocks at (x, y, z), a place beside it. */
  corner(x: number, y: number, z: number): number {
    const fromX = x - this.x;
    const fromY = y - this.y;
    const reach = this.radius + CORNER;
    if (z < this.bottom || z >= this.top - 0.05 || fromX * fromX + fromY * fromY > reach * reach) return 0;
    return Math.min(0.5, Math.max(0, 0.5 * (1 - this.distance(x, y) / CORNER)));
  }

  private distance(x: number, y: number): number {
    const fromX = x - this.x;
    const fromY = y - this.y;
    return this.shape(this.cos * fromX + this.sin * fromY, this.cos * fromY - this.sin * fromX);
  }

  normal(hit: Hit, normal: Float64Array): void {
    const tilt = hit.side ? 40 : Math.max(0, 1 - this.edge(hit) / this.bevel);
    if (tilt === 0) return setNormal(normal, 0, 0, 1);
    const here = this.shape(hit.u, hit.v);
    const du = (this.shape(hit.u + NEAR, hit.v) - here) / NEAR;
    const dv = (this.shape(hit.u, hit.v + NEAR) - here) / NEAR;
    const nx = tilt * (this.cos * du - this.sin * dv);
    const ny = tilt * (this.sin * du + this.cos * dv);
    const length = Math.sqrt(nx * nx + ny * ny + 1);
    setNormal(normal, nx / length, ny / length, 1 / length);
  }

  edge(hit: Hit): number {
    return hit.side ? 0 : -this.shape(hit.u, hit.v);
  }
}

/** Settings of a `Slab`. */
export interface SlabOptions {
  /** The axis along which it is bounded; along the other it is infinite. */
  readonly across: "x" | "y";
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
  readonly material: Material;
  /** Half of the width of its shadow's rim, cm; 0 for no shadow. */
  readonly softness: number;
}

/** An infinite straight bar: floor, belt, rails, panel, gantry. */
export class Slab implements Body {
  readonly material: Material;
  readonly top: number;
  readonly bottom: number;
  private readonly alongX: boolean;
  private readonly from: number;
  private readonly to: number;
  private readonly softness: number;

  constructor(options: SlabOptions) {
    this.material = options.material;
    this.top = options.top;
    this.bottom = options.bottom;
    this.alongX = options.across === "y";
    this.from = options.from;
    this.to = options.to;
    this.softness = options.softness;
  }

  meet(ray: Ray, hit: Hit): void {
    const start = this.alongX ? ray.y : ray.x;
    const slope = this.alongX ? ray.slopeY : ray.slopeX;
    const at = start + slope * (ray.eye - this.top);
    if (at >= this.from && at < this.to) return this.offerAt(ray, hit, this.top, at, false);
    const face = slope > 0 ? this.from : this.to;
    const z = ray.eye - (face - start) / slope;
    if (z < this.top && z > this.bottom) this.offerAt(ray, hit, z, face, true);
  }

  private offerAt(ray: Ray, hit: Hit, z: number, at: number, side: boolean): void {
    const across = at - (this.from + this.to) / 2;
    if (this.alongX) offer(hit, this, z, ray.x + ray.slopeX * (ray.eye - z), across, side);
    else offer(hit, this, z, across, ray.y + ray.slopeY * (ray.eye - z), side);
  }

  shadow(x: number, y: number, z: number): number {
    if (z >= this.top || this.softness === 0) return 0;
    const rise = (this.top + Math.max(this.bottom, z)) / 2 - z;
    const at = this.alongX ? y + LIGHT_Y * rise : x + LIGHT_X * rise;
    const inside = Math.min(at - this.from, this.to - at);
    return Math.min(1, Math.max(0, 0.5 + inside / (2 * this.softness)));
  }

  normal(hit: Hit, normal: Float64Array): void {
    if (!hit.side) return setNormal(normal, 0, 0, 1);
    const away = Math.sign(this.alongX ? hit.v : hit.u);
    setNormal(normal, this.alongX ? 0 : away, this.alongX ? away : 0, 0);
  }

  edge(): number {
    return 10;
  }
}
