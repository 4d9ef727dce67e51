/**
 * @file Averages of weights that share an origin (Wortsman et al. 2022, Robust fine-tuning; McMahan et al. 2017,
 * Communication-Efficient Learning of Deep Networks from Decentralized Data): they lie in one basin, and a mean often
 * serves better than any of them.
 */
import { UserError } from "../core/errors.ts";
import type { EncoderValues, EncoderWeights } from "./encoderWeights.ts";
import { averagedNotes } from "./learned.ts";

/** Values and their part in a mean. */
export interface WeightedValues {
  readonly values: EncoderValues;
  /** 0..1; those of a mean add up to 1. */
  readonly share: number;
}

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
  const values = meanValues([
    { values: first.values, share: 1 - share },
    { values: second.values, share },
  ]);
  return { ...first, values, metadata: averagedNotes(first.metadata, second.metadata, share) };
}

/**
 * Σ share · values, number by number, summed in double precision in the order given. What not all of them hold is left
 * out; what all hold has the same shape.
 * @param all at least one
 */
export function meanValues(all: readonly [WeightedValues, ...WeightedValues[]]): EncoderValues {
  const [first, ...others] = all;
  return new Map(
    [...first.values].flatMap(([name, { shape, data }]) => {
      const rest = others.map(({ values }) => values.get(name)?.data);
      if (rest.includes(undefined)) return [];
      const mixed = Float32Array.from(data, (value, i) =>
        others.reduce((sum, { share }, k) => sum + share * (rest[k] as Float32Array)[i], first.share * value),
      );
      return [[name, { shape, data: mixed }] as const];
    }),
  );
}
