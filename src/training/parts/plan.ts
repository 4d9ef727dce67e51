/** @file How the places of a batch are used, and the sizes that follow from the encoder. */

/** How the places of a batch are used. */
export interface BatchPlan {
  /** Pairs that a part fills with views of its own (Ps), the first places of the batch. */
  readonly claimed: number;
  /** Pairs apart in time (Pr), the rest. */
  readonly temporal: number;
  readonly references: number;
  /** Feature cells to a side. */
  readonly cells: number;
  /** Pixels per cell. */
  readonly stride: number;
  /** Feature channels d. */
  readonly channels: number;
}

/** References 1..R. */
export function referencesOf({ references }: Pick<BatchPlan, "references">): number[] {
  return Array.from({ length: references }, (_, i) => i + 1);
}

/** Shape of one value for each target cell. */
export function cellShape({ temporal, cells }: BatchPlan): readonly number[] {
  return [temporal, 1, cells, cells];
}
