/**
 * @file Pseudo-motion: pairs of views with known correspondences, of one frame (exact) or of frames apart (by optical
 * flow). The formula: `method/pseudoMotion.ts`; how the views are cut: `viewPairs.ts`.
 */
import { z } from "zod";
import { projected, projectorParameters, pseudoMotionLoss } from "../../method/pseudoMotion.ts";
import type { Tensor } from "../../tensor/index.ts";
import { viewPair } from "../viewPairs.ts";
import type { ViewPair } from "./material.ts";
import { fed, inARow, type Inputs, type PartFeeds } from "./inputs.ts";
import { definePart, type PartRun } from "./part.ts";
import type { Scene } from "./scene.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Trains on views of one frame with known correspondence."),
  pairs: z
    .int()
    .min(1)
    .default(2)
    .describe("Pairs of each step that are such views; the reconstruction has the others."),
  gaps: z
    .array(z.int().min(0))
    .min(1)
    .default([0])
    .describe(
      "Frames between the two views, each as likely as the others: 0 = one frame, exact; more = followed by optical flow.",
    ),
  weight: z
    .number()
    .gt(0)
    .default(0.05)
    .describe("Factor of this loss where the losses are not fused with learned weights."),
  queries: z.int().min(1).default(256).describe("Cells of a view that must find their place."),
  ignored: z
    .number()
    .min(0)
    .default(0)
    .describe("Cells so near the right place, in cells, are no negatives; 0 = all cells count."),
  anchors: z
    .int()
    .min(0)
    .default(0)
    .describe("Rows and columns of cells of the step's other clips that are negatives too; 0 = none."),
  projector: z
    .int()
    .min(0)
    .default(0)
    .describe("Width of a head behind the features that only this loss sees; 0 = it sees the features themselves."),
  temperature: z
    .number()
    .gt(0)
    .default(0.1)
    .describe("Temperature of the head's unit features; without a head features are compared as everywhere."),
  maxScale: z.number().min(1).default(1.5).describe("Largest change of scale between the views, ≥ 1."),
  maxRotation: z.number().min(0).max(180).default(20).describe("Largest rotation in degrees."),
  maxShift: z.number().min(0).max(1).default(0.2).describe("Largest displacement as a share of the side."),
  colourJitter: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe("Largest change of contrast, brightness and colourfulness, 0..1."),
});

type Own = z.output<typeof schema>;

export const pseudoMotion = definePart({
  key: "pseudoMotion",
  schema,
  teaches: true,
  claims: ({ pairs }) => pairs,
  on(own, run) {
    const { size } = run.settings;
    const { cells, stride } = run.plan;
    const inputs = inputsOf(own, run);
    return {
      parameters: () => (own.projector > 0 ? projectorParameters(run.plan.channels, own.projector) : []),
      inputs,
      views: {
        gaps: own.gaps,
        pair: (origin, random) => viewPair(origin, random, { ...own, size, cells, stride }),
      },
      feeds: ({ views }) => feedsOf(views, cells),
      terms: [
        { name: "pseudoMotion", role: "minimised", factor: own.weight, loss: (scene) => lossOf(own, scene, inputs) },
      ],
    };
  },
});

/** See `Correspondences`. */
function inputsOf({ queries }: Own, { plan: { claimed, cells } }: PartRun) {
  return {
    pseudoQueries: { shape: [claimed * queries], dtype: "int32" },
    pseudoRows: { shape: [claimed, queries, cells] },
    pseudoColumns: { shape: [claimed, queries, cells] },
    pseudoValid: { shape: [claimed * queries] },
  } satisfies Inputs;
}

function feedsOf(pairs: readonly ViewPair[], cells: number): PartFeeds {
  return {
    pseudoQueries: Int32Array.from(pairs.flatMap(({ at }, p) => [...at.queries].map((q) => p * cells * cells + q))),
    pseudoRows: inARow(pairs.map(({ at }) => at.rows)),
    pseudoColumns: inARow(pairs.map(({ at }) => at.columns)),
    pseudoValid: inARow(pairs.map(({ at }) => at.valid)),
  };
}

/** Each reference place of a pair of views holds the same second view; the first one is used. */
function lossOf(own: Own, scene: Scene, inputs: ReturnType<typeof inputsOf>): Tensor {
  const at = {
    queries: fed(inputs, "pseudoQueries"),
    rows: fed(inputs, "pseudoRows"),
    columns: fed(inputs, "pseudoColumns"),
    valid: fed(inputs, "pseudoValid"),
  };
  const [first, second] = [0, 1].map((r) => seenBy(own, scene, r));
  const scale = own.projector > 0 ? 1 / own.temperature : scene.scale;
  return pseudoMotionLoss(first, second, at, { scale, ignored: own.ignored, anchors: own.anchors });
}

/** What the loss compares of the first (0) or second (1) views. */
function seenBy({ projector }: Own, scene: Scene, r: number): Tensor {
  return projector > 0 ? projected(scene.parameters, scene.view(scene.features, r)) : scene.view(scene.compared, r);
}
