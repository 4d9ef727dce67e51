/** @file The graph of a step as the parts see it, and the channels through which they work on each other. */
import type { Importance } from "../../method/adaptiveFusionLoss.ts";
import type { Parameters } from "../../method/encoder.ts";
import type { AffinityOptions, LocalAffinity } from "../../method/localAffinity.ts";
import type { Tensor } from "../../tensor/index.ts";

/** Priors and displaced windows of the affinity. */
export type AffinityGuide = Pick<AffinityOptions, "prior" | "shifts">;

/** The hidden channel as copied from the references, and how wrong that is, each `[Pr, 1, S, S]`. */
export interface Rebuilt {
  readonly reconstruction: Tensor;
  readonly error: Tensor;
}

/** The graph of a step as the parts see it; what is computed for several of them is computed once. */
export interface Scene {
  readonly parameters: Parameters;
  /** Of all frames `[P(1+R), d, h, w]`, not normalised. */
  readonly features: Tensor;
  /** Features as they are compared: unit vectors where the similarity is the cosine. */
  readonly compared: Tensor;
  /** The hidden channel of all frames `[P(1+R), 1, S, S]`. */
  readonly hidden: Tensor;
  /** Factor on dot products of `compared`. */
  readonly scale: number;
  /** Of a tensor of all frames, those of the pairs apart in time: the targets (0) or their references r (from 1). */
  frame(x: Tensor, r: number): Tensor;
  /** Of a tensor of all frames, those of a part's own pairs: the first (0) or second (1) view. */
  view(x: Tensor, r: number): Tensor;
  /** Of the targets to their references, guided where a part does so. */
  readonly affinity: LocalAffinity;
  readonly rebuilt: Rebuilt;
  /** What all parts together make pixels count by. */
  readonly importance: Importance;
}

/** Computes something once for each graph. */
export function perScene<X>(compute: (scene: Scene) => X): (scene: Scene) => X {
  const known = new WeakMap<Scene, { readonly value: X }>();
  return (scene) => {
    const found = known.get(scene) ?? { value: compute(scene) };
    known.set(scene, found);
    return found.value;
  };
}
