/**
 * @file The value extraction network, VEN: the value map weights the reconstruction. The formula:
 * `method/valueExtraction.ts`.
 */
import { z } from "zod";
import type { Random } from "../../core/random.ts";
import type { SampledClusters } from "../../method/multiClusterSampler.ts";
import { valueLogits, valueLoss, valueMap, valueParameters, valueStatistics } from "../../method/valueExtraction.ts";
import { resizeBilinear } from "../../tensor/index.ts";
import type { Material } from "./material.ts";
import { fed, inARow, type Inputs, type PartFeeds } from "./inputs.ts";
import { type ActivePart, definePart, type PartRun } from "./part.ts";
import { cellShape } from "./plan.ts";
import { perScene } from "./scene.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(false).describe("Weighs pixels by their value (VEN)."),
  gain: z.number().min(0).default(1).describe("γ: a pixel of value 1 counts 1 + γ times as much as one of value 0."),
  hideStrength: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of the samples in which the network does without the motion strength, 0..1."),
});

type Own = z.output<typeof schema>;

export const valueExtraction = definePart({
  key: "valueExtraction",
  schema,
  traits: () => ({ motion: true, weighted: true }),
  on(own, run) {
    const { cells } = run.plan;
    const inputs: Inputs<"shownStrength" | "moving"> = {
      /** Motion strength m̂ of the targets, 0 in frames where the network has to do without it. */
      shownStrength: { shape: cellShape(run.plan) },
      /** Where things move, what the network learns. */
      moving: { shape: cellShape(run.plan) },
    };
    return {
      parameters: () => valueParameters,
      inputs,
      feeds: (material, random) => feedsOf(own, material, random),
      ...(run.traits.rebuilds ? graphOf(own, run, inputs) : {}),
      heat: ({ value }) => ({ values: value, first: 0, side: cells }),
      fedMotion: ({ moving }) => ({ values: moving as Float32Array, first: 0, side: cells }),
    };
  },
});

/** The network reads the affinity, which is there where frames are rebuilt. */
function graphOf(
  { gain }: Own,
  { settings: { size } }: PartRun,
  inputs: Inputs<"shownStrength" | "moving">,
): Pick<ActivePart, "importance" | "terms" | "shown"> {
  const network = perScene((scene) => {
    const statistics = valueStatistics(scene.affinity, scene.frame(scene.compared, 0), scene.scale);
    const logits = valueLogits(scene.parameters, statistics, fed(inputs, "shownStrength"));
    return { map: valueMap(logits), loss: valueLoss(logits, fed(inputs, "moving")) };
  });
  return {
    importance: (scene) => ({ value: { map: resizeBilinear(network(scene).map, size, size), gain } }),
    terms: [{ name: "value", role: "auxiliary", loss: (scene) => network(scene).loss }],
    shown: (scene) => ({ value: network(scene).map }),
  };
}

/**
 * m̂ as the network sees it (left out in some samples), and where things move: m̂, filled up over regions that move.
 */
function feedsOf({ hideStrength }: Own, { strengths, regions }: Material, random: Random): PartFeeds {
  const shown = strengths.map((strength) =>
    random.chance(hideStrength) ? new Float32Array(strength.length) : strength,
  );
  const moving = strengths.map((strength, p) => (regions === undefined ? strength : filledUp(strength, regions[p])));
  return { shownStrength: inARow(shown), moving: inARow(moving) };
}

/** In regions that move more than the border does, at least the region's mean. */
function filledUp(strength: Float32Array, { labels: [labels], clusters, targetLike }: SampledClusters): Float32Array {
  const sums = new Float64Array(clusters);
  const counts = new Float64Array(clusters);
  labels.forEach((label, cell) => {
    sums[label] += strength[cell];
    counts[label]++;
  });
  return strength.map((value, cell) => {
    const label = labels[cell];
    return targetLike[label] ? Math.max(value, sums[label] / counts[label]) : value;
  });
}
