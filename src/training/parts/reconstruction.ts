/** @file Frame reconstruction (MAST): what the other parts are added to. The formula: `method/reconstruction.ts`. */
import { z } from "zod";
import { importanceWeights } from "../../method/adaptiveFusionLoss.ts";
import { reconstruct } from "../../method/reconstruction.ts";
import { mean, mul, type Tensor } from "../../tensor/index.ts";
import { definePart, type Term, type Traits } from "./part.ts";
import { referencesOf } from "./plan.ts";
import type { Scene } from "./scene.ts";

const schema = z.strictObject({
  enabled: z.boolean().default(true).describe("Trains on the reconstruction of frames (MAST)."),
});

export const reconstruction = definePart({
  key: "reconstruction",
  schema,
  teaches: true,
  traits: () => ({ rebuilds: true }),
  on: (_own, { plan, traits }) => ({
    rebuild: (scene) =>
      reconstruct(
        scene.affinity,
        scene.frame(scene.hidden, 0),
        referencesOf(plan).map((r) => scene.frame(scene.hidden, r)),
      ),
    terms: termsOf(traits),
    shown: ({ rebuilt }) => ({ reconstruction: rebuilt.reconstruction }),
  }),
});

/**
 * The plain error, and the one in which pixels count by their importance; which of them is minimised depends on the
 * other parts.
 */
function termsOf({ weighted, keepsPlain }: Traits): Term[] {
  const plain: Term = {
    name: "reconstruction",
    role: !weighted || keepsPlain ? "minimised" : "watched",
    loss: ({ rebuilt }) => mean(rebuilt.error),
  };
  return weighted ? [plain, { name: "weighted", role: "minimised", loss: weightedError }] : [plain];
}

function weightedError({ rebuilt, importance }: Scene): Tensor {
  const weights = importanceWeights(importance);
  return mean(weights === undefined ? rebuilt.error : mul(rebuilt.error, weights));
}
