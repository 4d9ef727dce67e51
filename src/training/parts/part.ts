/**
 * @file What a part of the method is: one block of the configuration, one object. Everything that a run does with its
 * parts is a fold over the list of them (`parts/index.ts`), so that a new part is a file and a line there. A part
 * leaves out what it has no use for.
 *
 * Where parts work on each other they do so through what is named here: `Traits` (known before the graph is built),
 * `regions` of a batch, and the channels of a `Scene` (guide, rebuilt frames, importance of pixels, fusion).
 */
import type { z } from "zod";
import type { Random } from "../../core/random.ts";
import type { Importance } from "../../method/adaptiveFusionLoss.ts";
import type { Parameters } from "../../method/encoder.ts";
import type { SampledClusters } from "../../method/multiClusterSampler.ts";
import type { ParameterSpec, Tensor } from "../../tensor/index.ts";
import type { Settings } from "../settings.ts";
import type { Inputs, PartFeeds } from "./inputs.ts";
import type { Material, PairOrigin, PictureMaterial, ViewPair } from "./material.ts";
import type { BatchPlan } from "./plan.ts";
import type { AffinityGuide, Rebuilt, Scene } from "./scene.ts";

/** What every block of the configuration has. */
export interface PartBlock {
  readonly enabled: boolean;
}

/** A part of the method. */
export interface Part<Key extends string = string, Schema extends z.ZodType<PartBlock> = z.ZodType<PartBlock>> {
  /** Name of its block in the configuration. */
  readonly key: Key;
  readonly schema: Schema;
  /** Whether its losses alone can train an encoder; default false. */
  readonly teaches?: boolean;
  /** How many pairs of a batch it fills with views of its own (`ActivePart.views`); default 0. At most one part may. */
  claims?(own: z.output<Schema>): number;
  /** What it changes for the other parts. */
  traits?(own: z.output<Schema>): Partial<Traits>;
  /** The part in a run that switches it on. */
  on(own: z.output<Schema>, run: PartRun): ActivePart;
}

/** Infers the types of a part. */
export function definePart<const Key extends string, Schema extends z.ZodType<PartBlock>>(
  part: Part<Key, Schema>,
): Part<Key, Schema> {
  return part;
}

/** What parts change for each other; true when any of those switched on says so. */
export interface Traits {
  /** A colour channel is hidden from the encoder and rebuilt from the references through the affinity. */
  readonly rebuilds: boolean;
  /** The motion of frames apart in time is measured. */
  readonly motion: boolean;
  /** Pixels of the rebuilt frames do not all count alike: `ActivePart.importance`. */
  readonly weighted: boolean;
  /** Where pixels are weighted, the plain reconstruction stays part of what is minimised. */
  readonly keepsPlain: boolean;
  /** Pixels count by how well their attention keeps to their own region, too. */
  readonly ownShareCounts: boolean;
  /** Attention that leaves a cell's own region is minimised. */
  readonly regionConsistency: boolean;
  /** The loss may fall below zero: the plain sum of the parts' losses shows whether a run goes well. */
  readonly watchesSum: boolean;
}

/** The run that a part is switched on in. */
export interface PartRun {
  readonly settings: Settings;
  readonly plan: BatchPlan;
  readonly traits: Traits;
}

/** What a part does in a run, by the moment at which it does so. */
export interface ActivePart {
  /** Learned parameters beside the encoder's. @param minimised how many losses the run puts together. */
  parameters?(minimised: number): readonly ParameterSpec[];
  /** Names of parameters whose values are written down at every step. */
  readonly noted?: readonly string[];

  /** Where its own pairs come from. */
  readonly views?: ViewSource;
  /** Regions of the pairs apart in time, for this and other parts. */
  regions?(material: PictureMaterial): SampledClusters[];
  /** What the graph needs beside the frames. */
  readonly inputs?: Inputs;
  /** Values of the inputs for a batch. Parts are asked in their order, and draw from the same random numbers. */
  feeds?(material: Material, random: Random): PartFeeds | Promise<PartFeeds>;

  /** What the encoder sees in place of the frames. Both `[N, 3, S, S]`. */
  see?(parameters: Parameters, frames: Tensor): Tensor;
  /** What the affinity takes for candidates. At most one part may say so. */
  guide?(scene: Scene): AffinityGuide;
  /** The hidden channel of the targets, rebuilt. */
  rebuild?(scene: Scene): Rebuilt;
  /** What pixels of the rebuilt frames count by. */
  importance?(scene: Scene): Importance;
  readonly terms?: readonly Term[];
  /** Puts the minimised losses together, instead of their fixed factors. */
  fuse?(parameters: Parameters, losses: readonly Tensor[]): Tensor;
  /** Further outputs to show, by name. */
  shown?(scene: Scene): Readonly<Record<string, Tensor>>;

  /** A column of the sample pictures. @param outputs those of a step, by the names of `shown`. */
  heat?(outputs: Readonly<Record<string, Float32Array>>): HeatMaps;
  /** Motion of the targets as it was fed. The last part that has it is shown. */
  fedMotion?(feeds: PartFeeds): HeatMaps;
}

/** Pairs of views that a part cuts for itself. */
export interface ViewSource {
  /** Frames between the two views, each as likely as the others; 0 = both views show one frame. */
  readonly gaps: readonly number[];
  pair(origin: PairOrigin, random: Random): ViewPair;
}

/** A loss. */
export interface Term {
  readonly name: string;
  /**
   * `minimised`: put together with the others; `watched`: only written down; `auxiliary`: added as it is and not
   * written down, for parameters that nothing else trains.
   */
  readonly role: "minimised" | "watched" | "auxiliary";
  /** Where losses are not fused by a part; default 1. */
  readonly factor?: number;
  /** A scalar. */
  loss(scene: Scene): Tensor;
}

/** Squares of `side` × `side` values, drawn over the targets; the first temporal pair's is at index `first`. */
export interface HeatMaps {
  readonly values: Float32Array;
  readonly first: number;
  readonly side: number;
}
