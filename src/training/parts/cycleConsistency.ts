/** @file Cycle consistency (CRW): a walk through the references and back. The formula: `method/cycleConsistency.ts`. */
import { z } from "zod";
import { cycleLoss, nodesOf } from "../../method/cycleConsistency.ts";
import { sizeOf } from "../../tensor/index.ts";
import { fed, type Inputs } from "./inputs.ts";
import { definePart } from "./part.ts";
import { referencesOf } from "./plan.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Trains on cycles through time (CRW)."),
  weight: z
    .number()
    .gt(0)
    .default(0.05)
    .describe("Factor of this loss where the losses are not fused with learned weights."),
  patch: z.int().min(1).default(4).describe("Side of a node of the walk in feature cells."),
  temperature: z.number().gt(0).default(0.05).describe("Divides the similarities before the softmax."),
  edgeDropout: z.number().min(0).lt(1).default(0.1).describe("Share of the edges that a step may not take, 0..1."),
});

export const cycleConsistency = definePart({
  key: "cycleConsistency",
  schema,
  teaches: true,
  on(own, { plan }) {
    const nodes = nodesOf(plan.cells, plan.cells, own.patch);
    const inputs: Inputs<"droppedEdges"> = {
      /** 1 = an edge that the walk may not take, for each of its 2R steps. */
      droppedEdges: { shape: [2 * plan.references, plan.temporal, nodes, nodes] },
    };
    const length = sizeOf(inputs.droppedEdges.shape);
    return {
      inputs,
      feeds: (_material, random) => ({
        droppedEdges: Float32Array.from({ length }, () => (random.chance(own.edgeDropout) ? 1 : 0)),
      }),
      terms: [
        {
          name: "cycle",
          role: "minimised",
          factor: own.weight,
          loss(scene) {
            const dropped = fed(inputs, "droppedEdges");
            const frames = [0, ...referencesOf(plan)].map((r) => scene.frame(scene.features, r));
            return cycleLoss(frames, dropped, own);
          },
        },
      ],
    };
  },
});
