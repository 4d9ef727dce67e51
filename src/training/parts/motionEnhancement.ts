/**
 * @file The motion enhancement engine, MEE: motion images are added to the frames. The formula:
 * `method/motionEnhancement.ts`.
 */
import { z } from "zod";
import type { Random } from "../../core/random.ts";
import { enhanceMotion, motionParameters } from "../../method/motionEnhancement.ts";
import { motionImage } from "../../motion/motionImage.ts";
import type { Material } from "./material.ts";
import { fed, type Inputs } from "./inputs.ts";
import { definePart, type HeatMaps, type PartRun } from "./part.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Motion images beside the frames (MEE)."),
  encoding: z
    .enum(["field", "magnitude"])
    .default("field")
    .describe("What a motion image is made of: residual flow as strength and direction, or strength alone."),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      "Share of the samples whose motion images are left out, so that the encoder also works on still images, 0..1.",
    ),
});

export const motionEnhancement = definePart({
  key: "motionEnhancement",
  schema,
  traits: () => ({ motion: true }),
  on(own, run) {
    const inputs = inputsOf(run);
    return {
      parameters: () => motionParameters,
      noted: motionParameters.map(({ name }) => name),
      inputs,
      feeds: (material, random) => ({ motion: motionImages(own, run, material, random) }),
      see: (parameters, frames) => enhanceMotion(parameters, frames, fed(inputs, "motion")),
      fedMotion: ({ motion }) => strengthOf(motion as Float32Array, run),
    };
  },
});

function inputsOf({ settings: { pairs, references, size } }: PartRun): Inputs<"motion"> {
  return {
    /** Motion images F of all frames. */
    motion: { shape: [pairs * (1 + references), 3, size, size] },
  };
}

/** Motion images of all frames of the batch; zeros for views that a part cut for itself and where they are dropped. */
function motionImages(
  { encoding, dropout }: z.output<typeof schema>,
  { settings: { pairs, references, size }, plan }: PartRun,
  { motion }: Material,
  random: Random,
): Float32Array {
  const length = 3 * size * size;
  const all = new Float32Array(pairs * (1 + references) * length);
  motion.forEach((maps, p) => {
    if (random.chance(dropout)) return;
    maps.forEach((map, r) => {
      const slot = r * pairs + plan.claimed + p;
      all.set(motionImage(map, encoding, size, size), slot * length);
    });
  });
  return all;
}

/** The first channel of each target's image is the strength. */
function strengthOf(images: Float32Array, { settings: { pairs, size }, plan }: PartRun): HeatMaps {
  const area = size ** 2;
  const values = new Float32Array(pairs * area);
  for (let p = 0; p < pairs; p++) values.set(images.subarray(3 * p * area, (3 * p + 1) * area), p * area);
  return { values, first: plan.claimed, side: size };
}
