/** @file The parts on the production line, and its surroundings. Lengths in cm, see `solids.ts`. */
import type { Random } from "../core/random.ts";
import * as materials from "./materials.ts";
import type { NoiseField } from "./noise.ts";
import * as shapes from "./shapes.ts";
import { type Body, Slab, Solid, type SolidOptions } from "./solids.ts";

/** Names of the labels, starting with id 1. */
export const PART_NAMES: readonly string[] = ["gear", "bracket", "box", "bolt"];

/** A part, its place at the beginning and how it turns. */
export interface Part {
  readonly solid: Solid;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Radians over the whole clip. */
  readonly turn: number;
}

type Outline = Omit<SolidOptions, "material" | "label">;

const GEAR: Outline = { shape: shapes.gear(4.1, 16), radius: 4.2, top: 1.5, bevel: 0.3 };
const BRACKET: Outline = { shape: shapes.bracket(7, 2.4), radius: 5.2, top: 0.9, bevel: 0.22 };
const BOX: Outline = { shape: shapes.roundedBox(3.9, 2.8, 0.15), radius: 4.9, top: 3.6, bevel: 0.12 };
const BOLT: Outline = { shape: shapes.bolt(5.6, 1.7), radius: 4.8, top: 1.6, bevel: 0.85 };

/** The labelled parts, and an unlabelled second bolt that enters later. */
export function makeParts(noise: NoiseField, random: Random): Part[] {
  const near = (value: number, spread: number): number => value + random.uniform(-spread, spread);
  const either = (): number => random.choose([-1, 1]);
  const make = (outline: Outline, material: MaterialMaker, label: number): Solid =>
    new Solid({ ...outline, material: material(noise, random.uniform(0, 50)), label });
  const { steel, paint, cardboard, zinc } = materials;
  return [
    {
      solid: make(GEAR, steel, 1),
      x: near(-9.5, 0.8),
      y: near(4.6, 0.4),
      angle: near(0, 3),
      turn: either() * near(1.1, 0.2),
    },
    { solid: make(BRACKET, paint, 2), x: near(-21, 0.8), y: near(3.6, 0.4), angle: near(0.5, 0.4), turn: 0 },
    { solid: make(BOX, cardboard, 3), x: near(-13.5, 0.8), y: near(-5.2, 0.4), angle: near(0.15, 0.25), turn: 0 },
    {
      solid: make(BOLT, zinc, 4),
      x: near(-23, 0.6),
      y: near(-5.4, 0.4),
      angle: near(-0.6, 0.4),
      turn: either() * near(0.55, 0.15),
    },
    { solid: make(BOLT, zinc, 0), x: near(-38, 0.6), y: near(1, 0.6), angle: near(0, 3), turn: 0 },
  ];
}

type MaterialMaker = (noise: NoiseField, phase: number) => materials.Material;

/** The bodies that do not move, and the belt (which stays in place while its texture moves). */
export function makeSurroundings(noise: NoiseField): { belt: Slab; fixed: Body[] } {
  const rail = { across: "y", bottom: -14, top: 2.2, material: materials.rail(noise), softness: 0.5 } as const;
  const head = new Solid({
    shape: shapes.roundedBox(2.6, 2.2, 0.5),
    radius: 3.5,
    bottom: 9,
    top: 14.5,
    bevel: 0.3,
    material: materials.sensorHead(noise),
    label: 0,
  });
  head.place(2.6, 7.2, 0.04);
  return {
    belt: new Slab({
      across: "y",
      from: -11,
      to: 11,
      bottom: -1,
      top: 0,
      material: materials.belt(noise),
      softness: 0,
    }),
    fixed: [
      new Slab({
        across: "y",
        from: -200,
        to: 200,
        bottom: -16,
        top: -14,
        material: materials.floor(noise),
        softness: 0,
      }),
      new Slab({ ...rail, from: 11, to: 13.2 }),
      new Slab({ ...rail, from: -13.2, to: -11 }),
      new Slab({ across: "y", from: 16.2, to: 24, bottom: -14, top: 3, material: materials.panel(noise), softness: 0 }),
      new Slab({
        across: "x",
        from: 2.4,
        to: 5.6,
        bottom: 11,
        top: 12.5,
        material: materials.gantry(noise),
        softness: 1.3,
      }),
      head,
    ],
  };
}
