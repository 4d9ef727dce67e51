/**
 * @file Averages of weights (Wortsman et al. 2022, Robust fine-tuning): weights of two runs, one of which continued
 * from where the other ended, lie in one basin, and a mean of both often serves better than either.
 */
import { UserError } from "../core/errors.ts";
import type { EncoderWeights } from "./encoderWeights.ts";
import { averagedNotes } from "./learned.ts";

/**
 * (1 − share) · first + share · second, number by number, batch-norm statistics too. What only one of them holds (for
 * example a value network) is left out.
 * @param share of the second, 0..1; kept in the metadata, with the second's configuration.
 * @throws UserError `weights/mismatch` when they are of different variants.
 */
export function averageWeights(first: EncoderWeights, second: EncoderWeights, share: number): EncoderWeights {
  if (first.variant !== second.variant)
    throw new UserError("weights/mismatch", {
      what: "weights of different variants have no average",
      got: `${first.variant} and ${second.variant}`,
      todo: "give two files of one variant, the second learned from the first",
    });
  const values = new Map(
    [...first.values].flatMap(([name, { shape, data }]) => {
      const other = second.values.get(name);
      if (other === undefined) return [];
      const mixed = Float32Array.from(data, (value, i) => (1 - share) * value + share * other.data[i]);
      return [[name, { shape, data: mixed }] as const];
    }),
  );
  return { ...first, values, metadata: averagedNotes(first.metadata, second.metadata, share) };
}
