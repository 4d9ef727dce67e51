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
  POINT_MOTIONS,
  TARGETS,
  UPSAMPLINGS,
  VARIANTS,
  VIEWS,
  VISIBILITIES,
  VOID_HANDLINGS,
} from "../tasks/choices.ts";
import {
  memoryFrames,
  namesAmong,
  positiveNumber,
  redisAddress,
  topK,
  wholeNumber,
  repeated,
} from "./optionParsers.ts";

/** `--weights`. */
export function weightsOption(): Option {
  return new Option(
    "--weights <file>",
    "weights of the encoder, safetensors or a PyTorch checkpoint (default: those of the package)",
  );
}

/** `--queue`. */
export function queueOption(): Option {
  return new Option(
    "--queue <address>",
    "redis://[user:password@]host[:port][/number]: a queue for workers on several machines (default: a file in --data, for those of this machine)",
  )
    .env("TSUMUGI_QUEUE")
    .argParser(redisAddress);
}

/** `--ensemble`. */
export function ensembleOption(): Option {
  return new Option(
    "--ensemble <views>",
    `also match further views of every frame: ${VIEWS.join(",")}; each costs one more encoding`,
  ).argParser(namesAmong(VIEWS, "Views"));
}

/** Adds the options that choose a benchmark's encoder. */
export function encoderOptions(command: Command): Command {
  return command
    .optionsGroup("Encoder:")
    .addOption(weightsOption())
    .addOption(
      new Option("--variant <name>", "the encoder (default: as the weights say; untrained: small)").choices(VARIANTS),
    )
    .addOption(
      new Option(
        "--baseline <name>",
        "a baseline instead of the weights: copy-first repeats the given labels, untrained tracks with a random encoder",
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
        "for the motion image: estimate the camera's motion; still: the camera does not move, whatever fills the picture; auto: detect which (default: as the weights were learned)",
      ).choices(CAMERAS),
    );
}

/** `--mode`. @param usual the default, in words. */
export function modeOption(
  usual = "fast for masks with the protocol default unless --radius is given, else exact",
): Option {
  return new Option(
    "--mode <name>",
    "exact: search every candidate; fast: pruned search; live: small pictures, an 8-bit integer encoder, few memory frames, guided borders " +
      `(default: ${usual})`,
  ).choices(MODES);
}

/** `--candidates`. */
export function candidatesOption(): Option {
  return new Option(
    "--candidates <how>",
    "clusters: copy labels only from regions similar to a cell's own (default: from all)",
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

/** Adds `--protocol` and the options that override parts of it. */
export function protocolOptions(command: Command): Command {
  return command
    .optionsGroup("Protocol (how labels are carried):")
    .option("--protocol <name>", `the preset: ${PROTOCOLS.join(", ")}`, "default")
    .option("--top-k <n>", "candidates kept for each cell: a number or all", topK)
    .option(
      "--radius <cells>",
      "search radius in feature cells; in fast and live it moves with the object",
      positiveNumber,
    )
    .option("--temperature <t>", "divisor of the similarities before the softmax", positiveNumber)
    .option("--memory <frames>", "recent memory frames: how many (7), or which, counted back (1,3,5)", memoryFrames)
    .addOption(
      new Option("--first <how>", "search the labelled frame everywhere, within the radius, or not at all").choices(
        FIRST_FRAMES,
      ),
    )
    .addOption(
      new Option(
        "--upsampling <how>",
        "how feature cells become mask pixels; guided follows the edges of the picture",
      ).choices(UPSAMPLINGS),
    )
    .addOption(
      new Option(
        "--visibility <how>",
        "judged: an object that seems covered or gone gets an empty mask; always: never empty",
      ).choices(VISIBILITIES),
    )
    .addOption(
      new Option(
        "--target <how>",
        "motion: a model of each object, learned on the clip, helps to tell it from the rest by looks and motion; model: by looks alone; none: labels are only copied",
      ).choices(TARGETS),
    )
    .addOption(
      new Option(
        "--point-motion <how>",
        "flow: a point is searched where optical flow carries it; none: near where it was",
      ).choices(POINT_MOTIONS),
    )
    .option(
      "--short-side <px>",
      "resize frames for the encoder to this shorter side; without it large frames are shrunk to what masks or points need",
      wholeNumber(16, 8192),
    );
}

/** Adds the tracking options of a mask benchmark. */
export function maskTrackingOptions(command: Command): Command {
  return motionOptions(protocolOptions(command).addOption(candidatesOption()).addOption(modeOption()));
}

/** Adds the tracking options of a point benchmark. */
export function pointTrackingOptions(command: Command): Command {
  return motionOptions(protocolOptions(command).addOption(pointMethodOption()).addOption(modeOption()));
}

/** `--void`, of every command that scores DAVIS. */
export function voidOption(): Option {
  return new Option(
    "--void <how>",
    "label 255 in a truth with several objects: background (as in the official tool), or ignore (not scored)",
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
  return new Option("--threads <n>", "CPU threads (default: all cores)").argParser(wholeNumber(1, 256));
}

/** Adds the machine's options. */
export function machineOptions(command: Command): Command {
  return command.optionsGroup("Machine:").addOption(deviceOption()).addOption(threadsOption());
}

/** Adds where a server listens. @param port the usual one */
export function listeningOptions(command: Command, port: number): Command {
  return command
    .option("--port <n>", "port to listen on; 0: any free one", wholeNumber(0, 65_535), port)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option(
      "--allow-host <name>",
      "a further host name that requests may be addressed to (repeatable)",
      repeated(String),
    );
}

/** `--send`. */
export function sendOption(): Option {
  return new Option(
    "--send <address>",
    "send every event there as it is found: http(s)://… or mqtt(s)://host/topic (repeatable)",
  ).argParser(repeated(String));
}

/** `--cache`, of the commands that train. */
export function cacheOption(): Option {
  return new Option(
    "--cache <dir>",
    "folder for decoded footage, kept for later runs (default: ~/.cache/tsumugi/footage)",
  );
}
