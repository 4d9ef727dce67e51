/** @file VEN outside training: the value map of a frame from its features, a reference's, and the frame's motion. */
import { type Compile, type CompiledGraph, constant, input, l2Normalise, type Tensor } from "../tensor/graph/index.ts";
import type { EncoderValues } from "./encoderWeights.ts";
import type { FeatureMap } from "./features.ts";
import { type AffinityOptions, localAffinity } from "./localAffinity.ts";
import type { SampledClusters } from "./multiClusterSampler.ts";
import { priorKeys, priorQueries } from "./samplingPrior.ts";
import { shiftedWindowData, TILE } from "./shiftedWindows.ts";
import { valueLogits, valueMap, valueParameters, valueStatistics } from "./valueExtraction.ts";
import { windowCentres } from "./windowCentres.ts";

/** How features were compared when the network was learned. */
export interface ComparisonSettings {
  /** Cells to each side of the window. */
  readonly radius: number;
  /** Dot products over √d, or cosines over the temperature. */
  readonly similarity: "scaledDot" | "cosine";
  readonly temperature: number;
  /** With the multi-cluster sampler: clusters asked for, and whether windows lay where their tile is found again. */
  readonly sampled?: { readonly clusters: number; readonly windowCentres: boolean } | undefined;
}

/** Whether weights hold what VEN learned. */
export function hasValueMap(values: EncoderValues): boolean {
  return valueParameters.every(({ name }) => values.has(name));
}

/** Computes value maps; one call at a time. */
export class ValueMapper implements AsyncDisposable {
  private readonly values: EncoderValues;
  private readonly settings: ComparisonSettings;
  private readonly compile: Compile;
  private current: { readonly key: string; readonly program: CompiledGraph<"value"> } | undefined;

  /** @param values see `hasValueMap`. @param compile where maps are computed. */
  constructor(values: EncoderValues, settings: ComparisonSettings, compile: Compile) {
    this.values = values;
    this.settings = settings;
    this.compile = compile;
  }

  /**
   * @param target features of the frame. @param reference of another frame of the clip, of the same size.
   * @param strength `[h, w]` motion strength m̂ of the target's cells, 0 where it is not known.
   * @param sample clusters of both frames, target first; used where the network was learned with the sampler.
   * @returns `[h, w]` V, 0..1.
   */
  async map(
    target: FeatureMap,
    reference: FeatureMap,
    strength: Float32Array,
    sample: SampledClusters,
  ): Promise<Float32Array> {
    const program = await this.programFor(target);
    const feeds = { target: target.data, reference: reference.data, strength, ...this.sampleFeeds(sample) };
    const { value } = await program.run(feeds);
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.current?.program.close();
  }

  private async programFor({ channels, height, width }: FeatureMap): Promise<CompiledGraph<"value">> {
    const key = [channels, height, width].join("x");
    if (this.current?.key === key) return this.current.program;
    await this.current?.program.close();
    const program = await this.compile({ value: this.graph(channels, height, width) });
    this.current = { key, program };
    return program;
  }

  private sampleFeeds(sample: SampledClusters): Record<string, Float32Array> {
    const { sampled, radius } = this.settings;
    if (sampled === undefined) return {};
    const prior = { queries: priorQueries(sample, sampled.clusters), keys: priorKeys(sample, 1, sampled.clusters) };
    if (!sampled.windowCentres) return prior;
    return { ...prior, ...shiftedWindowData(windowCentres(sample, 1), sample.grid, radius) };
  }

  /** What the sampler adds to the affinity, as fed. */
  private sampling(height: number, width: number): Pick<AffinityOptions, "prior" | "shifts"> {
    const { sampled, radius } = this.settings;
    if (sampled === undefined) return {};
    const regions = [1, sampled.clusters, height, width];
    const prior = { queries: input("queries", regions), keys: [input("keys", regions)] };
    if (!sampled.windowCentres) return { prior };
    const tiles = Math.ceil(height / TILE) * Math.ceil(width / TILE);
    const side = TILE + 2 * radius;
    const rows = input("rows", [1, tiles, side, height]);
    const columns = input("columns", [1, width, tiles * side]);
    return { prior, shifts: [{ rows, columns }] };
  }

  private graph(channels: number, height: number, width: number): Tensor {
    const { radius, similarity, temperature } = this.settings;
    const cosine = similarity === "cosine";
    const compared = (name: string): Tensor => {
      const features = input(name, [1, channels, height, width]);
      return cosine ? l2Normalise(features, 1) : features;
    };
    const scale = cosine ? 1 / temperature : 1 / Math.sqrt(channels);
    const target = compared("target");
    const affinity = localAffinity(target, [compared("reference")], {
      radius,
      scale,
      ...this.sampling(height, width),
    });
    const parameters = new Map(
      valueParameters.map(({ name, shape }) => [name, constant(this.values.get(name)!.data, shape)]),
    );
    const statistics = valueStatistics(affinity, target, scale);
    return valueMap(valueLogits(parameters, statistics, input("strength", [1, 1, height, width])));
  }
}
