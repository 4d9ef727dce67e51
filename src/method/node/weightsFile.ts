/** @file Encoder weights in files. */
import { fileURLToPath } from "node:url";
import { loadWeights } from "../../weights/load.ts";
import { type EncoderWeights, encoderWeightsOf } from "../encoderWeights.ts";

/** The weights that come with the package. */
export const DEFAULT_WEIGHTS = fileURLToPath(new URL("../../../weights/default.safetensors", import.meta.url));

/**
 * Reads safetensors or a PyTorch checkpoint.
 * @param variant what the weights must be; default: what the file says, else the variant that fits.
 * @throws UserError those of `loadWeights` and `encoderWeightsOf`.
 */
export async function readEncoderWeights(path: string, variant?: string): Promise<EncoderWeights> {
  return encoderWeightsOf(await loadWeights(path), path, variant);
}
