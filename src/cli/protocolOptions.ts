/** @file `--protocol` and the flags that override it one by one, and `--mode`; shared by the commands that track. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { CAMERA_CHOICES, type CameraChoice } from "../motion/motionEstimator.ts";
import { type Mode, type ModeName, modes, usualMode } from "../tracking/modes.ts";
import { presets, type Protocol, type ProtocolOverrides, resolveProtocol } from "../tracking/protocols.ts";
import { positiveNumber, wholeNumber } from "./options.ts";

/** The flags that choose a protocol, see `protocolOptions`. */
export interface ProtocolFlags {
  readonly protocol: string;
  readonly topK?: number | "all";
  readonly radius?: number;
  readonly temperature?: number;
  readonly memory?: number | number[];
  readonly first?: Protocol["memory"]["first"];
  readonly upsampling?: Protocol["upsampling"];
  readonly visibility?: Protocol["visibility"];
  readonly shortSide?: number;
  /** False with `--no-motion`. */
  readonly motion: boolean;
  /** Left out: as the weights were learned. */
  readonly camera?: CameraChoice;
}

/** The flags of `maskOptions`. */
export interface ModeFlags {
  /** Left out: see `modeNameOf`. */
  readonly mode?: ModeName;
  readonly candidates?: "clusters";
}

/** Adds `--mode` and `--candidates`, of the commands that carry masks. */
export function maskOptions(command: Command): Command {
  return command
    .addOption(modeOption())
    .addOption(
      new Option(
        "--candidates <how>",
        "clusters: cells copy only from regions like their own (default: from all)",
      ).choices(["clusters"]),
    );
}

/** `--mode`. @param usual the mode without a word, in words. */
export function modeOption(
  usual = `${usualMode("default")} for masks with the protocol default, else ${usualMode("crw")}, also with --radius`,
): Option {
  return new Option(
    "--mode <name>",
    "exact; fast: pruned search; live: a small picture, an encoder in 8-bit integers, few memory frames, guided borders " +
      `(default: ${usual})`,
  ).choices(Object.keys(modes));
}

/** Adds `--protocol` and the options that override it one by one; shared by all commands that track. */
export function protocolOptions(command: Command): Command {
  return command
    .option("--protocol <name>", `how labels are carried: ${Object.keys(presets).join(", ")}`, "default")
    .option("--top-k <n>", "candidates kept for each cell, or all", topK)
    .option(
      "--radius <cells>",
      "search radius in feature cells; fast and live go where what is followed went",
      positiveNumber,
    )
    .option("--temperature <t>", "divides the similarities before the softmax", positiveNumber)
    .option("--memory <frames>", "recent frames: how many (7), or which, counted back (1,3,5)", memory)
    .addOption(
      new Option("--first <how>", "the labelled frame in the memory").choices(["unrestricted", "windowed", "none"]),
    )
    .addOption(
      new Option("--upsampling <how>", "from feature cells to mask pixels; guided follows the picture's edges").choices(
        ["bilinear", "guided"],
      ),
    )
    .addOption(
      new Option(
        "--visibility <how>",
        "judged: an object that seems covered or gone has an empty mask; always: never empty",
      ).choices(["judged", "always"]),
    )
    .option("--no-motion", "leave out the motion image that the encoder was trained with, if it was")
    .addOption(
      new Option(
        "--camera <how>",
        "for motion: estimate its movement; still, whatever fills the picture; or auto (default: as the weights were learned)",
      ).choices(CAMERA_CHOICES),
    )
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192));
}

function topK(text: string): number | "all" {
  return text === "all" ? "all" : wholeNumber(1)(text);
}

function memory(text: string): number | number[] {
  const numbers = text.split(",").map((part) => wholeNumber(0, 256)(part));
  if (text.includes(",") && numbers.includes(0)) throw new InvalidArgumentError("Distances count from 1.");
  return text.includes(",") ? numbers : numbers[0];
}

/** The name of the mode that the flags choose: without a word the usual one, or where a radius is given the one that keeps to it. */
export function modeNameOf(
  { mode, protocol, radius }: ModeFlags & Pick<ProtocolFlags, "protocol" | "radius">,
  hasPoints = false,
): ModeName {
  return mode ?? (radius === undefined ? usualMode(protocol, hasPoints) : "exact");
}

/** The mode that the flags choose; memory frames asked for by number are not cut down. @param name default `modeNameOf` of them. */
export function modeOf(flags: ModeFlags & ProtocolFlags, name = modeNameOf(flags)): Mode {
  return flags.memory === undefined ? modes[name] : { ...modes[name], recentFrames: null };
}

/** The protocol that the flags choose. @throws UserError `protocol/unknown`, `protocol/invalid` */
export function protocolOf(flags: ProtocolFlags & Partial<ModeFlags>): Protocol {
  const { temperature, shortSide, upsampling, visibility, radius, memory: recent, first, candidates } = flags;
  const overrides: ProtocolOverrides = {
    ...(flags.topK !== undefined && { topK: flags.topK === "all" ? null : flags.topK }),
    ...(temperature !== undefined && { temperature }),
    ...(shortSide !== undefined && { shortSide }),
    ...(upsampling !== undefined && { upsampling }),
    ...(candidates !== undefined && { candidates }),
    ...(visibility !== undefined && { visibility }),
    ...(radius !== undefined && { radius: { cells: radius } }),
    memory: { ...(recent !== undefined && { recent }), ...(first !== undefined && { first }) },
  };
  return resolveProtocol(flags.protocol, overrides);
}
