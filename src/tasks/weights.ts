/** @file The task `weights`: describes a weights file, converts it to safetensors, mixes it with another one. */
import { z } from "zod";
import type { EncoderWeights } from "../method/encoderWeights.ts";
import { readEncoderWeights } from "../method/node/weightsFile.ts";
import { averageWeights } from "../method/weightAverage.ts";
import { writeSafetensors } from "../weights/safetensors.ts";
import { VARIANTS, WEIGHT_TYPES } from "./choices.ts";
import { choice, defineTask, taskObject } from "./task.ts";

const weightsSchema = taskObject("weights", {
  file: z.string().describe("Safetensors or a PyTorch checkpoint."),
  variant: choice(VARIANTS)
    .exactOptional()
    .describe("The encoder that the weights are for. Default: what the file says, or what fits."),
  out: z
    .string()
    .exactOptional()
    .describe("Write the weights into this safetensors file. Default: only describe them."),
  average: z
    .string()
    .exactOptional()
    .describe("Mix the weights with these, of the same variant and learned from them. Default: no mixing."),
  share: z.number().min(0).max(1).default(0.5).describe("Share of the other weights in the mix, 0 to 1."),
  dtype: choice(WEIGHT_TYPES).default("F32").describe("How numbers are written."),
});

/** What a weights file holds. */
export interface WeightsDescription {
  readonly file: string;
  readonly variant: string;
  readonly tensors: number;
  /** Numbers in all tensors together. */
  readonly numbers: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** The file written, and how; undefined without `out`. */
  readonly written?: { readonly path: string; readonly dtype: "F16" | "F32" };
}

/** Describes, converts and averages weights. */
export const weightsTask = defineTask("weights", weightsSchema, async (task): Promise<WeightsDescription> => {
  const { file, variant, out, average, share, dtype } = task;
  const own = await readEncoderWeights(file, variant);
  const mixed =
    average === undefined ? own : averageWeights(own, await readEncoderWeights(average, own.variant), share);
  const description = describe(file, mixed);
  if (out === undefined) return description;
  const metadata = { ...mixed.metadata, variant: mixed.variant };
  await writeSafetensors(out, new Map(mixed.values), { dtype, metadata });
  return { ...description, written: { path: out, dtype } };
});

function describe(file: string, { variant, values, metadata }: EncoderWeights): WeightsDescription {
  const numbers = [...values.values()].reduce((sum, { data }) => sum + data.length, 0);
  return { file, variant, tensors: values.size, numbers, metadata };
}
