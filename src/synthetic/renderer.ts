/** @file Rays through every pixel of the production line: shading, soft shadows, edges, labels. */
import { internal } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { Camera, Sensor } from "./camera.ts";
import type { Surface } from "./materials.ts";
import { NoiseField } from "./noise.ts";
import type { Surroundings } from "./scene.ts";
import { type Body, type Hit, LIGHT, type Ray, Slab, Solid } from "./solids.ts";

const HALFWAY = [-0.29, 0, 0.957];
const SUBPIXELS = 2;
/** Side of a tile, pixels; each tile has its own list of solids. */
const TILE = 16;

/** Light of one place, linear RGB. */
type Rgb = Float64Array;

/** Renders the frames of one clip in order. */
export class Renderer {
  private readonly width: number;
  private readonly height: number;
  private readonly camera: Camera;
  private readonly sensor: Sensor;
  private readonly belt: Slab;
  private readonly fixed: readonly Body[];
  /** Everything a ray can hit; two lists because calls through one are slow. */
  private solids: readonly Solid[] = [];
  /** The solids that matter for the current tile, and for every tile. */
  private near: readonly Solid[] = [];
  private tiles: readonly (readonly Solid[])[] = [];
  private readonly tilesAcross: number;
  private readonly slabs: readonly Slab[];
  /** The number of each body in the current frame. */
  private bodies: ReadonlyMap<Body, number> = new Map();
  private readonly unevenness: NoiseField;
  private readonly ray: Ray;
  private readonly hit: Hit = { body: undefined, z: 0, u: 0, v: 0, side: false };
  private readonly normal = new Float64Array(3);
  private readonly surface: Surface = { r: 0, g: 0, b: 0, gloss: 0 };
  private readonly rgb: Rgb = new Float64Array(3);
  private beltMoved = 0;

  /** @param makeScene is given what all textures are made of. */
  constructor(width: number, height: number, random: Random, makeScene: (noise: NoiseField) => Surroundings) {
    this.width = width;
    this.height = height;
    this.tilesAcross = Math.ceil(width / TILE);
    const { belt, fixed } = makeScene(new NoiseField(random));
    this.belt = belt;
    this.fixed = fixed;
    this.slabs = [...fixed, belt].filter((body) => body instanceof Slab);
    this.unevenness = new NoiseField(random);
    this.camera = new Camera(width, height, random);
    this.sensor = new Sensor(random);
    this.ray = this.camera.ray();
  }

  /**
   * The frame as sRGB `[height, width, 3]` and its labels `[height, width]`.
   * @param beltMoved since the beginning, cm. @param parts those that may be seen, in their places.
   */
  render(index: number, beltMoved: number, parts: readonly Solid[]): { data: Uint8Array; labels: Uint8Array } {
    this.camera.setFrame(index);
    this.beltMoved = beltMoved;
    const bodies = [...this.fixed, ...parts, this.belt];
    this.bodies = new Map(bodies.map((body, i) => [body, i]));
    this.solids = bodies.filter((body) => body instanceof Solid);
    this.tiles = this.sortIntoTiles();
    const light = new Float32Array(this.width * this.height * 3);
    const { labels, faces } = this.renderCentres(light);
    this.refineEdges(light, faces);
    return { data: this.sensor.expose(light, this.width, this.height, index), labels };
  }

  private sortIntoTiles(): Solid[][] {
    const { ray, camera, tilesAcross } = this;
    const ground = (x: number, y: number): [number, number] => {
      camera.aim(ray, x, y);
      return [ray.x + ray.slopeX * ray.eye, ray.y + ray.slopeY * ray.eye];
    };
    return Array.from({ length: tilesAcross * Math.ceil(this.height / TILE) }, (_, i) => {
      const left = (i % tilesAcross) * TILE;
      const top = Math.floor(i / tilesAcross) * TILE;
      const [x, y] = ground(left, top);
      const [farX, farY] = ground(left + TILE, top + TILE);
      const reach = 1.5 * Math.hypot(farX - x, farY - y);
      return this.solids.filter((solid) => solid.mayMatter(x, y, reach));
    });
  }

  /** Casts one ray through each pixel's centre: its light, its label and the face that it hits. */
  private renderCentres(light: Float32Array): { labels: Uint8Array; faces: Uint16Array } {
    const labels = new Uint8Array(this.width * this.height);
    const faces = new Uint16Array(labels.length);
    for (let y = 0, i = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++, i++) {
        const body = this.look(x + 0.5, y + 0.5);
        labels[i] = body instanceof Solid ? body.label : 0;
        faces[i] = 2 * (this.bodies.get(body) ?? 0) + (this.hit.side ? 1 : 0);
        this.store(light, 3 * i);
      }
    }
    return { labels, faces };
  }

  /** Where neighbours hit different faces, the pixel becomes the mean of 2 x 2 rays. */
  private refineEdges(light: Float32Array, faces: Uint16Array): void {
    const { width, height } = this;
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const face = faces[i];
        const edge =
          (x > 0 && faces[i - 1] !== face) ||
          (x + 1 < width && faces[i + 1] !== face) ||
          (y > 0 && faces[i - width] !== face) ||
          (y + 1 < height && faces[i + width] !== face);
        if (edge) this.storeMean(light, 3 * i, x, y);
      }
    }
  }

  private store(light: Float32Array, at: number): void {
    for (let c = 0; c < 3; c++) light[at + c] = this.rgb[c];
  }

  private storeMean(light: Float32Array, at: number, x: number, y: number): void {
    for (let c = 0; c < 3; c++) light[at + c] = 0;
    for (let i = 0; i < SUBPIXELS * SUBPIXELS; i++) {
      this.look(x + ((i % SUBPIXELS) + 0.5) / SUBPIXELS, y + (Math.floor(i / SUBPIXELS) + 0.5) / SUBPIXELS);
      for (let c = 0; c < 3; c++) light[at + c] += this.rgb[c] / SUBPIXELS ** 2;
    }
  }

  /** Follows the ray through a place in the picture; puts its light into `rgb` and the place into `hit`. */
  private look(x: number, y: number): Body {
    const { ray, hit } = this;
    this.near = this.tiles[Math.floor(x / TILE) + this.tilesAcross * Math.floor(y / TILE)];
    this.camera.aim(ray, x, y);
    hit.body = undefined;
    hit.z = -Infinity;
    for (const slab of this.slabs) slab.meet(ray, hit);
    for (const solid of this.near) solid.meet(ray, hit);
    if (hit.body === undefined) throw internal("a ray of the production line hit nothing");
    this.light(hit.body);
    return hit.body;
  }

  /** Lambert and Blinn-Phong under one lamp with soft shadows, and ambient light that is weaker in corners. */
  private light(body: Body): void {
    const { hit, surface, normal, ray, rgb } = this;
    const x = ray.x + ray.slopeX * (ray.eye - hit.z);
    const y = ray.y + ray.slopeY * (ray.eye - hit.z);
    const moved = body === this.belt ? this.beltMoved : 0;
    body.material(hit.u - moved, hit.v, hit.side ? body.top - hit.z : 0, body.edge(hit), surface);
    body.normal(hit, normal);
    const lamp = this.lamp(body, x, y) * (0.8 + 0.35 * this.unevenness.at(0.05 * x + 7, 0.05 * y));
    const facing = Math.max(0, normal[0] * LIGHT[0] + normal[1] * LIGHT[1] + normal[2] * LIGHT[2]);
    const shine = power24(Math.max(0, normal[0] * HALFWAY[0] + normal[1] * HALFWAY[1] + normal[2] * HALFWAY[2]));
    const diffuse = 0.34 * this.sky(body, x, y) * (0.6 + 0.4 * normal[2]) + 0.76 * lamp * facing;
    const highlight = 0.5 * surface.gloss * lamp * shine;
    rgb[0] = surface.r * diffuse + highlight;
    rgb[1] = surface.g * diffuse + highlight;
    rgb[2] = surface.b * diffuse + highlight;
  }

  /** The share of the lamp's light that the other bodies let through. */
  private lamp(body: Body, x: number, y: number): number {
    const { z } = this.hit;
    let open = 1;
    for (const slab of this.slabs) if (slab !== body) open *= 1 - slab.shadow(x, y, z);
    for (const solid of this.near) if (solid !== body) open *= 1 - solid.shadow(x, y, z);
    return open;
  }

  /** The share of the ambient light that the other bodies let through. */
  private sky(body: Body, x: number, y: number): number {
    let hidden = 0;
    for (const solid of this.near) if (solid !== body) hidden = Math.max(hidden, solid.corner(x, y, this.hit.z));
    return 1 - hidden;
  }
}

function power24(value: number): number {
  const square = value * value;
  const eighth = square * square * square * square;
  return eighth * eighth * eighth;
}
