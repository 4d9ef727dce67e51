/** @file Options that several commands share, in groups. */
import { type Command, Option } from "commander";
import { DEVICES } from "../core/machine.ts";
import {
  BASELINES,
  CAMERAS,
  CANDIDATES,
  FIRST_FRAMES,
  MODES,
  POINT_METHODS,
  PROTOCOLS,
  UPSAMPLINGS,
  VARIANTS,
  VIEWS,
  VISIBILITIES,
  VOID_HANDLINGS,
} from "../tasks/choices.ts";
import { memoryFrames, namesAmong, positiveNumber, topK, wholeNumber } from "./optionParsers.ts";

/** `--weights`. */
export function weightsOption(): Option {
  return new Option("--weights <file>", "safetensors or a PyTorch checkpoint (default: those of the package)");
}

/** `--ensemble`. */
export function ensembleOption(): Option {
  return new Option(
    "--ensemble <views>",
    `also compare further views of every frame: ${VIEWS.join(",")}; each costs another encode`,
  ).argParser(namesAmong(VIEWS, "Views"));
}

/** Adds the choice of an encoder, of benchmarks. */
export function encoderOptions(command: Command): Command {
  return command
    .optionsGroup("Encoder:")
    .addOption(weightsOption())
    .addOption(
      new Option("--variant <name>", "the encoder (default: what the weights say; untrained: small)").choices(VARIANTS),
    )
    .addOption(
      new Option(
        "--baseline <name>",
        "a floor instead of the weights: copy-first repeats what was given, untrained tracks with a random encoder",
      ).choices(BASELINES),
    )
    .addOption(ensembleOption());
}

/** Adds the motion image's options. */
export function motionOptions(command: Command): Command {
  return command
    .optionsGroup("Encoder:")
    .option("--no-motion", "leave out the motion image, if the encoder was trained with one")
    .addOption(
      new Option(
        "--camera <how>",
        "for motion: estimate the camera's movement; still: it does not move, whatever fills the picture; auto: find out (default: as the weights were learned)",
      ).choices(CAMERAS),
    );
}

/** `--mode`. @param usual the default, in words. */
export function modeOption(
  usual = "fast for masks with the protocol default, else exact; exact with --radius too",
): Option {
  return new Option(
    "--mode <name>",
    "exact: search every candidate; fast: pruned search; live: a small picture, an encoder in 8-bit integers, few memory frames, guided borders " +
      `(default: ${usual})`,
  ).choices(MODES);
}

/** `--candidates`. */
export function candidatesOption(): Option {
  return new Option(
    "--candidates <how>",
    "clusters: copy only from regions like a cell's own (default: from all)",
  ).choices(CANDIDATES);
}

/** `--method`, of points. */
export function pointMethodOption(): Option {
  return new Option(
    "--method <name>",
    "how points are followed: propagation of heat maps, or direct matching of the features around them",
  )
    .choices(POINT_METHODS)
    .default("propagation");
}

/** Adds `--protocol` and the options that override single choices of it. */
export function protocolOptions(command: Command): Command {
  return command
    .optionsGroup("Protocol, how labels are carried:")
    .option("--protocol <name>", `a preset: ${PROTOCOLS.join(", ")}`, "default")
    .option("--top-k <n>", "candidates kept for each cell, or all", topK)
    .option(
      "--radius <cells>",
      "search radius in feature cells; in fast and live it moves with the object",
      positiveNumber,
    )
    .option("--temperature <t>", "divides the similarities before the softmax", positiveNumber)
    .option("--memory <frames>", "recent frames: how many (7), or which, counted back (1,3,5)", memoryFrames)
    .addOption(
      new Option("--first <how>", "search the labelled frame everywhere, within the radius, or not at all").choices(
        FIRST_FRAMES,
      ),
    )
    .addOption(
      new Option(
        "--upsampling <how>",
        "from feature cells to mask pixels; guided follows the edges of the picture",
      ).choices(UPSAMPLINGS),
    )
    .addOption(
      new Option(
        "--visibility <how>",
        "judged: an object that seems covered or gone has an empty mask; always: never empty",
      ).choices(VISIBILITIES),
    )
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192));
}

/** Adds what a benchmark of masks tracks with. */
export function maskTrackingOptions(command: Command): Command {
  return motionOptions(protocolOptions(command).addOption(candidatesOption()).addOption(modeOption()));
}

/** Adds what a benchmark of points tracks with. */
export function pointTrackingOptions(command: Command): Command {
  return motionOptions(protocolOptions(command).addOption(pointMethodOption()).addOption(modeOption()));
}

/** `--void`, of all that score DAVIS. */
export function voidOption(): Option {
  return new Option(
    "--void <how>",
    "label 255 in truth with several objects is background (as in the official tool), or left out of the score",
  )
    .choices(VOID_HANDLINGS)
    .default("background");
}

/** `--device`. */
export function deviceOption(): Option {
  return new Option("--device <device>", "where to compute").choices(DEVICES).default("cpu");
}

/** `--threads`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of the CPU (default: all cores)").argParser(wholeNumber(1, 256));
}

/** Adds the machine's options. */
export function machineOptions(command: Command): Command {
  return command.optionsGroup("Machine:").addOption(deviceOption()).addOption(threadsOption());
}

/** `--cache`, of the commands that train. */
export function cacheOption(): Option {
  return new Option(
    "--cache <dir>",
    "folder of decoded footage, kept for later runs (default: ~/.cache/tsumugi/footage)",
  );
}
