/** @file Which encoder a task runs with, as keys of the task, and how it is opened. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { messageOf, UserError } from "../../core/errors.ts";
import type { Machine } from "../../core/machine.ts";
import { openEnsemble } from "../../method/encoderEnsemble.ts";
import type { EncoderOptions } from "../../method/node/openEncoder.ts";
import { openEncoderThread } from "../../method/node/encoderThread.ts";
import { untrainedWeights } from "../../method/encoderWeights.ts";
import { DEFAULT_WEIGHTS } from "../../method/node/weightsFile.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { BASELINES, VARIANTS, VIEWS } from "../choices.ts";
import { choice, strict } from "../task.ts";
import { motionKeys } from "./protocol.ts";

/** The weights' key. */
export const weightsKey = z
  .string()
  .exactOptional()
  .describe("Weights of the encoder: safetensors or a PyTorch checkpoint. Default: those of the package.");

/** The ensemble's key. */
export const ensembleKey = z
  .array(choice(VIEWS))
  .exactOptional()
  .describe("Further views of every frame to compare, such as its mirror image; each costs another encode.");

/** The encoder of a benchmark. */
export const encoderKeys = {
  weights: weightsKey,
  variant: choice(VARIANTS).exactOptional().describe("The encoder. Default: what the weights say; untrained: small."),
  baseline: choice(BASELINES)
    .exactOptional()
    .describe("A floor instead of the weights: copy-first repeats what was given, untrained has a random encoder."),
  ensemble: ensembleKey,
};

const settingsSchema = strict({ ...encoderKeys, ...motionKeys });

/** All of these keys. */
export type EncoderSettings = z.output<typeof settingsSchema>;

/** An open encoder; the caller disposes of it. */
export interface ChosenEncoder {
  readonly encoder: FeatureExtractor;
  /** All of it that results depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** @throws UserError `weights/missing` and those of `openEncoderThread` */
export async function openChosenEncoder(settings: EncoderSettings, machine: Machine): Promise<ChosenEncoder> {
  const { baseline, weights = DEFAULT_WEIGHTS, motion, camera } = settings;
  const untrained = baseline === "untrained";
  const variant = settings.variant ?? (untrained ? "small" : undefined);
  const digest = untrained ? "untrained, seed 1" : await sha256(weights);
  const opened = { weights: untrained ? untrainedWeights(variant ?? "small") : weights, variant };
  const encoder = await open(settings, opened, machine);
  return {
    encoder,
    // With the views of an ensemble in its name.
    identity: { encoder: encoder.name, weights: digest, device: machine.device, motion, camera },
    notes: untrained ? {} : { weightsFile: resolve(weights) },
  };
}

/** The keys that say how weights are opened. */
type OpeningSettings = Pick<EncoderSettings, "motion" | "camera" | "ensemble">;

/**
 * The encoder of weights alone, those of the package unless others are named.
 * @throws UserError those of `openEncoderThread`
 */
export function openWeights(
  settings: OpeningSettings & Pick<EncoderSettings, "weights">,
  machine: Machine,
): Promise<FeatureExtractor> {
  return open(settings, { weights: settings.weights ?? DEFAULT_WEIGHTS }, machine);
}

/** What a session depends on beside its protocol, mode and encoder. @throws UserError `weights/missing` */
export async function weightsIdentity(
  { weights = DEFAULT_WEIGHTS, motion, camera, ensemble }: OpeningSettings & Pick<EncoderSettings, "weights">,
  { device }: Machine,
): Promise<Readonly<Record<string, unknown>>> {
  return {
    weights: await sha256(weights),
    device,
    motion,
    camera: camera ?? null,
    ...(ensemble !== undefined && { ensemble }),
  };
}

function open(
  { motion, camera, ensemble = [] }: OpeningSettings,
  weights: Pick<EncoderOptions, "weights" | "variant">,
  machine: Machine,
): Promise<FeatureExtractor> {
  const options: EncoderOptions = { ...machine, motion, ...weights, camera };
  return openEnsemble(ensemble, () => openEncoderThread(options));
}

/** So that a file overwritten by further training is not taken for the old one. @throws UserError `weights/missing` */
async function sha256(path: string): Promise<string> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    throw new UserError(
      "weights/missing",
      {
        what: `cannot read the weights ${path}: ${messageOf(error)}`,
        todo: "check the path, or look at a floor with --baseline copy-first",
      },
      error,
    );
  }
}
