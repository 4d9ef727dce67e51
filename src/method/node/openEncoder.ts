/** @file An encoder in Node: weights from files, computing with onnxruntime-node. */
import { UserError } from "../../core/errors.ts";
import type { MachineOptions } from "../../core/machine.ts";
import { compilerWith } from "../../tensor/index.ts";
import { type EncoderSession, encoderSession } from "../encoderSession.ts";
import type { CueOptions } from "../cues.ts";
import type { EncoderWeights } from "../encoderWeights.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "./weightsFile.ts";

/** Which encoder, and where it runs. */
export interface EncoderOptions extends CueOptions, MachineOptions {
  /** A weights file or weights in memory; default: those that come with the package. */
  readonly weights?: string | EncoderWeights | undefined;
  /** Demand this variant of the weights. */
  readonly variant?: string | undefined;
  /** See `ProgramOptions`. */
  readonly spinning?: boolean | undefined;
}

/**
 * Opens an encoder.
 * @throws UserError when the weights cannot be read or are of another variant, or the device cannot be used.
 */
export async function openEncoder(options: EncoderOptions = {}): Promise<EncoderSession> {
  const { weights = DEFAULT_WEIGHTS, variant, device = "cpu", threads, spinning } = options;
  const loaded = typeof weights === "string" ? await readEncoderWeights(weights, variant) : weights;
  if (variant !== undefined && loaded.variant !== variant)
    throw new UserError("weights/mismatch", {
      what: "the weights are of another variant",
      got: loaded.variant,
      expected: variant,
    });
  const compile = compilerWith({ device, threads, spinning });
  return encoderSession(loaded, { compile, device }, options);
}
