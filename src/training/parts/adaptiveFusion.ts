/**
 * @file The adaptive fusion loss: three things that can be switched off one by one. The formulas:
 * `method/adaptiveFusionLoss.ts`.
 */
import { z } from "zod";
import {
  fuse,
  logVariance,
  sigmaParameters,
  varianceLoss,
  varianceParameters,
} from "../../method/adaptiveFusionLoss.ts";
import { resizeBilinear } from "../../tensor/index.ts";
import { fed, inARow, type Inputs } from "./inputs.ts";
import { type ActivePart, definePart, type PartRun } from "./part.ts";
import { cellShape } from "./plan.ts";
import { perScene } from "./scene.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Fuses the losses (docs/method.md)."),
  learnedWeights: z
    .boolean()
    .default(true)
    .describe("Adds the losses up with learned weights; otherwise with fixed ones."),
  importance: z
    .boolean()
    .default(true)
    .describe("Weighs pixels by learned log-variance, motion strength and attention within their own region."),
  regionConsistency: z
    .boolean()
    .default(true)
    .describe("Penalises attention that leaves a cell's own region (with the multi-cluster sampler)."),
  strengthGain: z
    .number()
    .min(0)
    .default(1)
    .describe("β: a pixel of motion strength 1 counts 1 + β times as much as a still one."),
});

type Own = z.output<typeof schema>;

export const adaptiveFusion = definePart({
  key: "adaptiveFusion",
  schema,
  traits: ({ learnedWeights, importance, regionConsistency }) => ({
    motion: importance,
    weighted: importance,
    keepsPlain: importance || learnedWeights,
    ownShareCounts: importance,
    regionConsistency,
    watchesSum: true,
  }),
  on(own, run) {
    const { learnedWeights, importance } = own;
    const { channels } = run.plan;
    return {
      parameters: (minimised) => [
        ...(importance ? varianceParameters(channels) : []),
        ...(learnedWeights ? sigmaParameters(minimised) : []),
      ],
      ...(learnedWeights ? { fuse, noted: ["fusion.sigma"] } : {}),
      ...(importance ? importanceOf(own, run) : {}),
    };
  },
});

/** Pixels count by a learned log-variance s and by the strength of motion. */
function importanceOf({ strengthGain }: Own, { settings: { size }, plan, traits }: PartRun): ActivePart {
  const inputs: Inputs<"strength"> = {
    /** Motion strength m̂ of the targets. */
    strength: { shape: cellShape(plan) },
  };
  const variance = perScene((scene) =>
    resizeBilinear(logVariance(scene.parameters, scene.frame(scene.features, 0)), size, size),
  );
  const graph: Pick<ActivePart, "importance" | "terms"> = {
    importance: (scene) => ({
      logVariance: variance(scene),
      strength: { map: resizeBilinear(fed(inputs, "strength"), size, size), gain: strengthGain },
    }),
    terms: [
      {
        name: "logVariance",
        role: "auxiliary",
        loss: (scene) => varianceLoss(scene.rebuilt.error, variance(scene)),
      },
    ],
  };
  return {
    inputs,
    feeds: ({ strengths }) => ({ strength: inARow(strengths) }),
    ...(traits.rebuilds ? graph : {}),
    fedMotion: ({ strength }) => ({ values: strength as Float32Array, first: 0, side: plan.cells }),
  };
}
