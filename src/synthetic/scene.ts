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

/** The form of a part. */
export type Outline = Omit<SolidOptions, "material" | "label">;

/** Forms and what they are made of, by name. */
export const PART_KINDS = {
  gear: {
    outline: { shape: shapes.gear(4.1, 16), radius: 4.2, top: 1.5, bevel: 0.3 },
    material: materials.steel,
  },
  bracket: {
    outline: { shape: shapes.bracket(7, 2.4), radius: 5.2, top: 0.9, bevel: 0.22 },
    material: materials.paint,
  },
  box: {
    outline: { shape: shapes.roundedBox(3.9, 2.8, 0.15), radius: 4.9, top: 3.6, bevel: 0.12 },
    material: materials.cardboard,
  },
  bolt: {
    outline: { shape: shapes.bolt(5.6, 1.7), radius: 4.8, top: 1.6, bevel: 0.85 },
    material: materials.zinc,
  },
} as const satisfies Record<string, { outline: Outline; material: MaterialMaker }>;

/** One of `PART_KINDS`. */
export type PartKind = keyof typeof PART_KINDS;

/** A part of a kind, whose texture is its own. */
export function makePart(kind: PartKind, label: number, noise: NoiseField, random: Random): Solid {
  const { outline, material } = PART_KINDS[kind];
  return new Solid({ ...outline, material: material(noise, random.uniform(0, 50)), label });
}

/** The labelled parts, and an unlabelled second bolt that enters later. */
export function makeParts(noise: NoiseField, random: Random): Part[] {
  const near = (value: number, spread: number): number => value + random.uniform(-spread, spread);
  const either = (): number => random.choose([-1, 1]);
  const make = (kind: PartKind, label: number): Solid => makePart(kind, label, noise, random);
  return [
    {
      solid: make("gear", 1),
      x: near(-9.5, 0.8),
      y: near(4.6, 0.4),
      angle: near(0, 3),
      turn: either() * near(1.1, 0.2),
    },
    { solid: make("bracket", 2), x: near(-21, 0.8), y: near(3.6, 0.4), angle: near(0.5, 0.4), turn: 0 },
    { solid: make("box", 3), x: near(-13.5, 0.8), y: near(-5.2, 0.4), angle: near(0.15, 0.25), turn: 0 },
    {
      solid: make("bolt", 4),
      x: near(-23, 0.6),
      y: near(-5.4, 0.4),
      angle: near(-0.6, 0.4),
      turn: either() * near(0.55, 0.15),
    },
    { solid: make("bolt", 0), x: near(-38, 0.6), y: near(1, 0.6), angle: near(0, 3), turn: 0 },
  ];
}

type MaterialMaker = (noise: NoiseField, phase: number) => materials.Material;

/** What does not move, and the belt (which stays in place while its texture moves). */
export interface Surroundings {
  readonly belt: Slab;
  readonly fixed: readonly Body[];
}

/** The belt between its rails, the floor, a panel, and a gantry with a sensor over the belt. */
export function makeSurroundings(noise: NoiseField): Surroundings {
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
