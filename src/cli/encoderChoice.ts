/** @file Which encoder a benchmark runs with: `--weights`, `--variant`, `--baseline`, `--device`, `--threads`. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { messageOf, UserError } from "../core/errors.ts";
import { encoderVariants } from "../method/encoder.ts";
import { ENSEMBLE_VIEWS, type EnsembleView, openEnsemble } from "../method/encoderEnsemble.ts";
import type { EncoderOptions } from "../method/node/openEncoder.ts";
import { openEncoderThread } from "../method/node/encoderThread.ts";
import { untrainedWeights } from "../method/encoderWeights.ts";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import type { CameraChoice } from "../motion/motionEstimator.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { DeviceKind } from "../tensor/index.ts";
import { deviceOption, threadsOption } from "./options.ts";

/** The flags that choose an encoder, see `encoderOptions`. */
export interface EncoderFlags {
  readonly weights: string;
  readonly variant?: string;
  readonly baseline?: "copy-first" | "untrained";
  readonly device: DeviceKind;
  readonly threads?: number;
  /** False: without the motion image (`--no-motion`). */
  readonly motion: boolean;
  /** `--camera`. */
  readonly camera?: CameraChoice;
  /** `--ensemble`. */
  readonly ensemble?: readonly EnsembleView[];
}

/** Adds the options; `--device` and `--threads` are added by `machineOptions`, after those of the protocol. */
export function encoderOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--weights <file>", "safetensors or a PyTorch checkpoint").default(
        DEFAULT_WEIGHTS,
        "those of the package",
      ),
    )
    .addOption(
      new Option("--variant <name>", "the encoder (default: what the weights say; untrained: small)").choices(
        Object.keys(encoderVariants),
      ),
    )
    .addOption(
      new Option(
        "--baseline <name>",
        "a floor instead of the weights: copy-first repeats what was given, untrained tracks with a random encoder",
      ).choices(["copy-first", "untrained"]),
    )
    .addOption(ensembleOption());
}

/** `--ensemble`. */
export function ensembleOption(): Option {
  return new Option(
    "--ensemble <views>",
    `look at every frame in further ways, ${ENSEMBLE_VIEWS.join(",")}, and compare all of them; each costs an encode more`,
  ).argParser((text) => text.split(",").map(ensembleView));
}

function ensembleView(text: string): EnsembleView {
  const view = ENSEMBLE_VIEWS.find((name) => name === text);
  if (view === undefined)
    throw new InvalidArgumentError(`Views are ${ENSEMBLE_VIEWS.join(", ")}, with commas between.`);
  return view;
}

/** Adds `--device` and `--threads`. */
export function machineOptions(command: Command): Command {
  return command.addOption(deviceOption()).addOption(threadsOption());
}

/** An open encoder; the caller disposes of it. */
export interface ChosenEncoder {
  readonly encoder: FeatureExtractor;
  /** All of it that results depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** @throws UserError `weights/missing` and those of `openEncoderThread` */
export async function openChosenEncoder(flags: EncoderFlags): Promise<ChosenEncoder> {
  const { baseline, device, weights, camera } = flags;
  const untrained = baseline === "untrained";
  const variant = flags.variant ?? (untrained ? "small" : undefined);
  const digest = untrained ? "untrained, seed 1" : await sha256(weights);
  const encoder = await opened({
    ...flags,
    weights: untrained ? untrainedWeights(variant ?? "small") : weights,
    ...(variant !== undefined && { variant }),
  });
  return {
    encoder,
    // With the views of an ensemble in its name.
    identity: { encoder: encoder.name, weights: digest, device, motion: flags.motion, camera },
    notes: untrained ? {} : { weightsFile: resolve(weights) },
  };
}

/** The encoder of weights alone, those of the package unless the flags name others. @throws UserError those of `openEncoderThread` */
export function openFlaggedEncoder(flags: OpeningFlags & { readonly weights?: string }): Promise<FeatureExtractor> {
  const { weights = DEFAULT_WEIGHTS } = flags;
  return opened({ ...flags, weights });
}

/** The flags that say how weights are opened. */
type OpeningFlags = Pick<EncoderFlags, "device" | "motion" | "camera" | "threads" | "ensemble">;

function opened({
  weights,
  variant,
  device,
  motion,
  camera,
  threads,
  ensemble = [],
}: OpeningFlags & Pick<EncoderOptions, "weights" | "variant">): Promise<FeatureExtractor> {
  const options: EncoderOptions = {
    device,
    motion,
    ...(weights !== undefined && { weights }),
    ...(variant !== undefined && { variant }),
    ...(camera !== undefined && { camera }),
    ...(threads !== undefined && { threads }),
  };
  return openEnsemble(ensemble, () => openEncoderThread(options));
}

/** So that a file overwritten by further training is not taken for the old one. @throws UserError `weights/missing` */
export async function sha256(path: string): Promise<string> {
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
