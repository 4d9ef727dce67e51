/** @file VEN outside training: the value map of a frame from its features, a reference's, and the frame's motion. */
import {
  compile,
  constant,
  input,
  l2Normalise,
  type Program,
  type ProgramOptions,
  type Tensor,
} from "../tensor/index.ts";
import type { EncoderValues } from "./encoderWeights.ts";
import type { FeatureMap } from "./features.ts";
import { localAffinity } from "./localAffinity.ts";
import { valueLogits, valueMap, valueParameters, valueStatistics } from "./valueExtraction.ts";

/** How features were compared when the network was learned. */
export interface ComparisonSettings {
  /** Cells to each side of the window. */
  readonly radius: number;
  /** Dot products over √d, or cosines over the temperature. */
  readonly similarity: "scaledDot" | "cosine";
  readonly temperature: number;
}

/** Whether weights hold what VEN learned. */
export function hasValueMap(values: EncoderValues): boolean {
  return valueParameters.every(({ name }) => values.has(name));
}

/** Computes value maps; one call at a time. */
export class ValueMapper implements AsyncDisposable {
  private readonly values: EncoderValues;
  private readonly settings: ComparisonSettings;
  private readonly runtime: ProgramOptions;
  private current: { readonly key: string; readonly program: Program<"value"> } | undefined;

  /** @param values see `hasValueMap`. */
  constructor(values: EncoderValues, settings: ComparisonSettings, runtime: ProgramOptions = {}) {
    this.values = values;
    this.settings = settings;
    this.runtime = runtime;
  }

  /**
   * @param target features of the frame. @param reference of another frame of the clip, of the same size.
   * @param strength `[h, w]` motion strength m̂ of the target's cells, 0 where it is not known.
   * @returns `[h, w]` V, 0..1.
   */
  async map(target: FeatureMap, reference: FeatureMap, strength: Float32Array): Promise<Float32Array> {
    const program = await this.programFor(target);
    const { value } = await program.run({ target: target.data, reference: reference.data, strength });
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.current?.program.close();
  }

  private async programFor({ channels, height, width }: FeatureMap): Promise<Program<"value">> {
    const key = [channels, height, width].join("x");
    if (this.current?.key === key) return this.current.program;
    await this.current?.program.close();
    const program = await compile({ value: this.graph(channels, height, width) }, this.runtime);
    this.current = { key, program };
    return program;
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
    const affinity = localAffinity(target, [compared("reference")], { radius, scale });
    const parameters = new Map(
      valueParameters.map(({ name, shape }) => [name, constant(this.values.get(name)!.data, shape)]),
    );
    const statistics = valueStatistics(affinity, target, scale);
    return valueMap(valueLogits(parameters, statistics, input("strength", [1, 1, height, width])));
  }
}
